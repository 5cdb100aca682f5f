import { Clipboard, Notification } from '@jupyterlab/apputils';
import { fewerWorkers } from '../cluster/fewer';
import { IRecipe, recipeOf } from '../cluster/recipe';
import { isOver } from '../cluster/states';
import { formatTime } from '../cluster/units';
import { plainText } from '../plainText';
import { confirm } from '../question';
import { ClusterError, ICluster, IClusterRequest, IProfile } from '../tokens';
import { scaleCluster, showProgress, toastText, TOAST_TIME } from './change';
import { describeLoss, describeRate } from './confirm';
import { orderProfiles } from './profileMenu';
import { writeReport } from './report';
import type { ISidebarServices } from './services';

/** For how many minutes a cluster is kept at one click. */
const KEPT = 30;

/** More clusters than these are counted, not named. */
const NAMED = 8;

/** How long the lists may take before a question that needs them, in ms. */
const REFRESH = 3000;

/** Which cluster, and whether a person must be asked whatever it does. */
export interface IActArgs {
  /** The cluster's key; the current one when absent. */
  cluster?: string;
  /** A profile's name. */
  profile?: string;
  /** The command came from text in a document: ask first. */
  ask?: boolean;
}

/** What the cluster commands do. */
export class ClusterActs {
  constructor(private _services: ISidebarServices) {}

  /** Start a cluster of a profile, by default the last one. */
  async newCluster(args: IActArgs): Promise<void> {
    const { profiles, language } = this._services;
    const { trans } = language;
    const all = orderProfiles(this._services);
    const profile = args.profile
      ? all.find(item => item.name === args.profile)
      : all[0];
    if (!profile) {
      throw args.profile
        ? new ClusterError(
            trans.__('There is no profile named %1.', plainText(args.profile)),
            { code: 'not-found', hint: trans.__('Choose another profile.') }
          )
        : new ClusterError(trans.__('No cluster can be started here.'), {
            code: 'unavailable',
            hint: trans.__('No provider of clusters is switched on.')
          });
    }
    const { name, provider, environment, options } = profile;
    if (
      args.ask &&
      !(await confirm({
        title: trans.__('Start a cluster?'),
        body: trans.__(
          'A document asks to start a Dask cluster with the profile %1.',
          plainText(name)
        ),
        accept: trans.__('Start'),
        cancel: trans.__('Cancel'),
        harmless: true
      }))
    ) {
      return;
    }
    this.create({
      provider,
      environment: environment || undefined,
      profile: name,
      options
    });
    profiles?.remember(name);
  }

  /** What the site wants to have at the beginning and what is not there yet. */
  get initial(): IProfile[] {
    const { manager, profiles } = this._services;
    const there = new Set(
      manager.clusters
        .filter(({ snapshot }) => !isOver(snapshot.state))
        .map(cluster => cluster.profile)
    );
    return (profiles?.profiles ?? []).filter(
      profile => profile.initial && !there.has(profile.name)
    );
  }

  /** Start the clusters that the site wants and that are not there yet. */
  async startInitial(args: IActArgs): Promise<void> {
    const { trans } = this._services.language;
    const names = this.initial.map(profile => plainText(profile.name));
    if (
      args.ask &&
      !(await confirm({
        title: trans.__("Start the site's initial clusters?"),
        body: trans.__(
          'A document asks to start the Dask clusters %1.',
          names.join(', ')
        ),
        accept: trans.__('Start'),
        cancel: trans.__('Cancel'),
        harmless: true
      }))
    ) {
      return;
    }
    for (const { name, provider, environment, options } of this.initial) {
      this.create({
        name,
        provider,
        environment: environment || undefined,
        profile: name,
        options
      });
    }
  }

  /** Start what was asked for, within the limits, which are told. */
  create(request: IClusterRequest): ICluster {
    const { manager, profiles } = this._services;
    const clamped = profiles?.clamp(request) ?? { request, notes: [] };
    if (clamped.notes.length > 0) {
      Notification.info(toastText(clamped.notes.join(' ')), {
        autoClose: 2 * TOAST_TIME
      });
    }
    return manager.create(clamped.request);
  }

  /** Open the form, filled from a profile or a cluster. */
  async customise(args: IActArgs): Promise<void> {
    const { manager, registry } = this._services;
    const all = orderProfiles(this._services);
    const made = args.cluster ? manager.get(args.cluster) : undefined;
    const profile = all.find(item => item.name === args.profile) ?? all[0];
    const provider = made?.provider ?? profile?.provider;
    const creates = registry.get(provider ?? '')?.creates;
    const first = registry.providers.find(item => item.creates)?.id;
    const { createByForm } = await import('./customise');
    await createByForm(
      this._services,
      request => this.create(request),
      {
        provider: (creates ? provider : first) ?? '',
        profile: made ? made.profile : profile?.name,
        environment: made ? made.environment : profile?.environment,
        options: made
          ? (made.request?.options ?? made.snapshot.options ?? {})
          : (profile?.options ?? {})
      },
      made?.refused
    );
  }

  /** Stop, cancel or forget; asks when something would be lost. */
  async stop(args: IActArgs): Promise<void> {
    const cluster = this._find(args);
    const { manager, language } = this._services;
    const { trans } = language;
    const loss = describeLoss([cluster], language);
    const stops = cluster.capabilities.stop;
    if ((loss && stops) || args.ask) {
      const name = plainText(cluster.snapshot.name);
      const agreed = await confirm({
        title: trans.__('Stop %1?', name),
        body: loss || trans.__('The cluster and its workers will be gone.'),
        accept: trans.__('Stop'),
        cancel: trans.__('Cancel')
      });
      if (!agreed) {
        return;
      }
    }
    // Progress and failure are told by the notifier, in one toast.
    await manager.stop(cluster.key).catch(() => undefined);
  }

  /** Stop all, after a question with numbers. */
  async stopAll(): Promise<void> {
    const { manager, language, costs } = this._services;
    const { trans } = language;
    // What other pages and notebooks have left running is stopped, too.
    await Promise.race([manager.refresh(), wait(REFRESH)]);
    const clusters = manager.clusters.filter(item => item.capabilities.stop);
    if (clusters.length === 0) {
      Notification.info(trans.__('No cluster runs now.'), {
        autoClose: TOAST_TIME
      });
      return;
    }
    const workers = clusters.reduce(
      (total, { snapshot }) => total + (snapshot.workers?.ready ?? 0),
      0
    );
    const agreed = await confirm({
      title: trans._n('Stop %1 cluster?', 'Stop %1 clusters?', clusters.length),
      body: [
        trans._n(
          '%1 worker will be stopped.',
          '%1 workers will be stopped.',
          workers
        ),
        describeRate(costs, clusters, language),
        this._name(clusters),
        describeLoss(clusters, language)
      ]
        .filter(Boolean)
        .join(' '),
      accept: trans.__('Stop all'),
      cancel: trans.__('Cancel')
    });
    if (agreed) {
      await Promise.allSettled(
        clusters.map(cluster => manager.stop(cluster.key))
      );
    }
  }

  /** Restart all workers, after a question. */
  async restart(args: IActArgs): Promise<void> {
    const cluster = this._find(args);
    const { manager, language } = this._services;
    const { trans } = language;
    const name = plainText(cluster.snapshot.name);
    const agreed = await confirm({
      title: trans.__('Restart the workers of %1?', name),
      body:
        describeLoss([cluster], language) ||
        trans._n(
          '%1 worker starts anew.',
          '%1 workers start anew.',
          cluster.snapshot.workers?.ready ?? 0
        ),
      accept: trans.__('Restart'),
      cancel: trans.__('Cancel')
    });
    if (agreed) {
      const { key } = cluster;
      await showProgress(this._services, key, manager.restart(key), {
        pending: trans.__('%1: restarting the workers…', name),
        success: trans.__('%1: the workers were restarted.', name)
      }).catch(() => undefined);
    }
  }

  /** Put off the end of a cluster that would stop by itself. */
  async keep(args: IActArgs): Promise<void> {
    const cluster = this._find(args);
    const { manager, language } = this._services;
    const { trans, locale } = language;
    const name = plainText(cluster.snapshot.name);
    const agreed =
      !args.ask ||
      (await confirm({
        title: trans.__('Keep %1?', name),
        body: trans.__('A document asks to let the cluster run for longer.'),
        accept: trans.__('Keep'),
        cancel: trans.__('Cancel'),
        harmless: true
      }));
    if (!agreed) {
      return;
    }
    await manager.keep(cluster.key, KEPT);
    const { stopsAt } = cluster.snapshot;
    Notification.success(
      stopsAt === undefined
        ? trans.__('%1 is kept.', name)
        : trans.__('%1 is kept until %2.', name, formatTime(stopsAt, locale)),
      { autoClose: TOAST_TIME }
    );
  }

  /** Ask for the number of workers and change it. */
  async scale(args: IActArgs): Promise<void> {
    const cluster = this._find(args);
    const { askForScale } = await import('./scaleDialog');
    const wanted = await askForScale(this._services, cluster);
    if (wanted) {
      await scaleCluster(this._services, cluster.key, wanted).catch(
        () => undefined
      );
    }
  }

  /** Ask for a name and set it. */
  async rename(args: IActArgs): Promise<void> {
    const cluster = this._find(args);
    const { askForName } = await import('./renameDialog');
    const { language, manager } = this._services;
    const name = await askForName(language, cluster.snapshot.name);
    if (name) {
      await manager.rename(cluster.key, name);
    }
  }

  /** Ask again for a cluster that failed or was lost, also with fewer workers. */
  async retry(args: IActArgs, fewer = false): Promise<void> {
    const cluster = this._find(args);
    const { manager, language } = this._services;
    const { trans } = language;
    const agreed =
      !args.ask ||
      (await confirm({
        title: trans.__('Start a cluster?'),
        body: trans.__('A document asks to start a Dask cluster again.'),
        accept: trans.__('Start'),
        cancel: trans.__('Cancel'),
        harmless: true
      }));
    if (agreed) {
      const options = fewer ? fewerWorkers(cluster) : null;
      manager.retry(cluster.key, options ?? {});
    }
  }

  /** Put what is known of a cluster on the clipboard. */
  copyReport(args: IActArgs): void {
    const { language } = this._services;
    Clipboard.copyToSystem(writeReport(this._find(args), Date.now()));
    Notification.success(language.trans.__('The report was copied.'), {
      autoClose: TOAST_TIME
    });
  }

  /** Put on the clipboard how such a cluster is made elsewhere. */
  copyRecipe(args: IActArgs, write: (recipe: IRecipe) => string): void {
    const { trans } = this._services.language;
    const recipe = recipeOf(this._find(args));
    if (!recipe) {
      throw new ClusterError(trans.__('Somebody else made this cluster.'), {
        code: 'invalid',
        hint: trans.__('Copy the connection code to use it.')
      });
    }
    Clipboard.copyToSystem(write(recipe));
    Notification.success(trans.__('The text was copied.'), {
      autoClose: TOAST_TIME
    });
  }

  /** Which clusters they are, and where they run. */
  private _name(clusters: readonly ICluster[]): string {
    const { registry, language } = this._services;
    const { trans } = language;
    const words = clusters
      .slice(0, NAMED)
      .map(({ snapshot, provider }) =>
        trans.__(
          '%1 (%2)',
          plainText(snapshot.name),
          registry.get(provider)?.label ?? provider
        )
      );
    const more = clusters.length - NAMED;
    return more > 0
      ? trans._n(
          'They are: %2, and %1 more.',
          'They are: %2, and %1 more.',
          more,
          words.join(', ')
        )
      : trans.__('They are: %1.', words.join(', '));
  }

  private _find(args: IActArgs): ICluster {
    const { manager, language } = this._services;
    const { trans } = language;
    const cluster = args.cluster ? manager.get(args.cluster) : manager.current;
    if (!cluster) {
      throw new ClusterError(trans.__('There is no such cluster.'), {
        code: 'not-found',
        hint: trans.__('Start one, or choose one in the sidebar.')
      });
    }
    return cluster;
  }
}

function wait(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms));
}
