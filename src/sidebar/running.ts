import type { IRunningSessions } from '@jupyterlab/running';
import { ISignal, Signal } from '@lumino/signaling';
import { CommandIDs } from '../commands';
import { describeState, describeWorkers } from '../components/facts';
import { plainText } from '../plainText';
import { clusterIcon } from '../icons';
import type { ICluster, ICosts } from '../tokens';
import type { IChangeServices } from './change';
import { describeLoss, describeRate } from './confirm';

/** The clusters as a section of the panel of what runs. */
export class RunningClusters implements IRunningSessions.IManager {
  constructor(private _services: IChangeServices & { costs: ICosts | null }) {
    const { manager, language } = _services;
    const { trans } = language;
    this.name = trans.__('Dask Clusters');
    this.shutdownLabel = trans.__('Stop');
    this.shutdownAllLabel = trans.__('Stop All');
    manager.changed.connect(this._onChanged, this);
    manager.stateChanged.connect(this._onChanged, this);
  }

  readonly name: string;
  readonly shutdownLabel: string;
  readonly shutdownAllLabel: string;

  get runningChanged(): ISignal<RunningClusters, void> {
    return this._runningChanged;
  }

  /** The question that the panel asks, with numbers. */
  shutdownAllConfirmationText = (): string => {
    const { costs, language } = this._services;
    const clusters = this._stoppable();
    const workers = clusters.reduce(
      (total, { snapshot }) => total + (snapshot.workers?.ready ?? 0),
      0
    );
    return [
      language.trans._n(
        'Stop %1 cluster with %2 workers?',
        'Stop %1 clusters with %2 workers?',
        clusters.length,
        workers
      ),
      describeRate(costs, clusters, language),
      describeLoss(clusters, language)
    ]
      .filter(Boolean)
      .join(' ');
  };

  running(): IRunningSessions.IRunningItem[] {
    return this._services.manager.clusters.map(cluster => this._item(cluster));
  }

  refreshRunning(): void {
    void this._services.manager.refresh();
  }

  shutdownAll(): void {
    const { manager } = this._services;
    for (const { key } of this._stoppable()) {
      void manager.stop(key).catch(() => undefined);
    }
  }

  /** Those that somebody else made are watched, and not ours to stop. */
  private _stoppable(): ICluster[] {
    return this._services.manager.clusters.filter(
      ({ capabilities }) => capabilities.stop
    );
  }

  private _item(cluster: ICluster): IRunningSessions.IRunningItem {
    const { commands, language, manager } = this._services;
    const { key, snapshot, responding } = cluster;
    const args = { cluster: key };
    const { word } = describeState(snapshot, responding, language.trans);
    return {
      icon: () => clusterIcon,
      label: () => plainText(snapshot.name),
      labelTitle: () =>
        [word, describeWorkers(snapshot.workers, language)]
          .filter(Boolean)
          .join(', '),
      detail: () => word,
      open: () => void commands.execute(CommandIDs.showDetails, args),
      shutdown: manager.readOnly
        ? undefined
        : () => {
            const command = CommandIDs.stopCluster;
            if (commands.hasCommand(command)) {
              void commands.execute(command, args);
            } else {
              void manager.stop(key).catch(() => undefined);
            }
          }
    };
  }

  private _onChanged(): void {
    this._runningChanged.emit();
  }

  private _runningChanged = new Signal<RunningClusters, void>(this);
}
