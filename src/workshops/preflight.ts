/**
 * Whether a class would work here, found before it begins: nothing is started,
 * and what only a kernel knows is asked of one that is open already.
 */
import type { Contents, Kernel, KernelSpec } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import { importedModules } from '../templates/derive';
import { inWords } from '../cluster/errors';
import { formatBytes } from '../cluster/units';
import { METADATA_KEY } from '../templates/metadata';
import { missingModules, missingPackages } from '../templates/packages';
import { notebooksOf } from './bundle';
import { beside } from './copies';
import type { IClusterManager } from '../tokens';
import type { IWorkshop } from './model';
import type { IPlan } from './plan';
import { unreachedData } from './reachData';
import { LEAST, spaceOf } from './spaceLeft';

/** What was found out about one thing. */
export interface ICheck {
  label: string;
  /** `unknown` where it cannot be found out yet. */
  state: 'good' | 'bad' | 'unknown';
  /** What was found, and what to do. */
  text: string;
}

/** What the checks ask. */
export interface IPreflightOptions {
  /** The path of the workshop file. */
  file: string;
  /** Says whether a budget or a setting refuses new clusters. */
  manager: Pick<IClusterManager, 'refusal'>;
  contents: Pick<Contents.IManager, 'get'>;
  kernelspecs: Pick<KernelSpec.IManager, 'specs' | 'ready'>;
  /** A kernel of the class that is open, or null. */
  kernel: Kernel.IKernelConnection | null;
  /** What joining would do. */
  plan: IPlan;
  /** Why dashboards cannot be shown here; empty when they can. */
  dashboards: () => Promise<string>;
  trans: TranslationBundle;
  locale?: string;
}

/** Look at environment, data, space, limits and dashboards, in this order. */
export async function preflight(
  workshop: IWorkshop,
  options: IPreflightOptions
): Promise<ICheck[]> {
  const { trans } = options;
  const wants: Array<[string, () => Promise<Private.Found>]> = [
    [trans.__('Environment'), () => Private.environment(workshop, options)],
    [trans.__('Data'), () => Private.data(workshop, options)],
    [trans.__('Disk and memory'), () => Private.space(options)],
    [trans.__('Limits'), async () => Private.limits(options)],
    [trans.__('Dashboards'), () => Private.dashboards(options)]
  ];
  const found: ICheck[] = [];
  // One after the other: a kernel answers one question at a time.
  for (const [label, look] of wants) {
    try {
      const [state, text] = await look();
      found.push({ label, state, text });
    } catch (reason) {
      found.push({ label, state: 'bad', text: inWords(reason) });
    }
  }
  return found;
}

namespace Private {
  export type Found = [state: ICheck['state'], text: string];

  /** The notebooks can be read, and their kernels and packages are there. */
  export async function environment(
    workshop: IWorkshop,
    options: IPreflightOptions
  ): Promise<Found> {
    const { kernelspecs, kernel, trans } = options;
    const names = new Set<string>();
    const requires = new Set<string>();
    const modules = new Set<string>();
    for (const notebook of notebooksOf(workshop)) {
      const content = await read(notebook, options);
      const metadata = (content.metadata ?? {}) as JSONObject;
      const spec = metadata.kernelspec as JSONObject | undefined;
      if (typeof spec?.name === 'string') {
        names.add(spec.name);
      }
      const told = packages(metadata);
      told?.forEach(name => requires.add(name));
      if (!told) {
        importedModules(content).forEach(name => modules.add(name));
      }
    }
    await kernelspecs.ready;
    const known = kernelspecs.specs?.kernelspecs ?? {};
    const absent = [...names].filter(name => !known[name]);
    if (absent.length > 0) {
      return [
        'bad',
        trans.__(
          'This server has no kernel “%1”, which a notebook wants. Choose another as it opens, or ask your trainer.',
          absent.join('”, “')
        )
      ];
    }
    const list = [...requires, ...modules];
    if (list.length === 0) {
      return ['good', trans.__('Notebooks and kernels are there.')];
    }
    if (!kernel) {
      return [
        'unknown',
        trans.__(
          'Notebooks and kernels are there. They need %1: check again once a notebook of the class is open.',
          list.join(', ')
        )
      ];
    }
    const missing = [
      ...(await missingPackages(kernel, [...requires], trans)),
      ...(await missingModules(kernel, [...modules], trans))
    ];
    return missing.length > 0
      ? [
          'bad',
          trans.__(
            'The kernel lacks %1. Ask your trainer which environment to choose.',
            missing.join(', ')
          )
        ]
      : ['good', trans.__('Notebooks, kernels and packages are there.')];
  }

  /** What a notebook says that it needs; null where it says nothing. */
  function packages(metadata: JSONObject): string[] | null {
    const own = metadata[METADATA_KEY] as JSONObject | undefined;
    const template = own?.template as JSONObject | undefined;
    const requires = template?.requires;
    return Array.isArray(requires) ? requires.map(String) : null;
  }

  async function read(
    notebook: string,
    { contents, file, trans }: IPreflightOptions
  ): Promise<JSONObject> {
    try {
      const { content } = await contents.get(beside(file, notebook), {
        type: 'notebook',
        content: true
      });
      return content as JSONObject;
    } catch {
      throw new Error(
        trans.__(
          'The notebook “%1” of the class cannot be read. Ask your trainer for it.',
          notebook
        )
      );
    }
  }

  /** Files below the class, by the server; the others by a kernel. */
  export async function data(
    workshop: IWorkshop,
    options: IPreflightOptions
  ): Promise<Found> {
    const { contents, file, kernel, trans } = options;
    const places = workshop.data ?? [];
    if (places.length === 0) {
      return ['good', trans.__('The workshop names no data.')];
    }
    const isFar = (place: string): boolean => /^(?:\/|\w+:\/\/)/.test(place);
    const gone: string[] = [];
    for (const place of places.filter(one => !isFar(one))) {
      await contents
        .get(beside(file, place), { content: false })
        .catch(() => gone.push(place));
    }
    const far = places.filter(isFar);
    if (kernel && far.length > 0) {
      gone.push(...(await unreachedData(kernel, far, trans)));
    }
    if (gone.length > 0) {
      return [
        'bad',
        trans.__(
          'Not reached: %1. Ask your trainer whether they are shared with you.',
          gone.join(', ')
        )
      ];
    }
    return !kernel && far.length > 0
      ? [
          'unknown',
          trans.__(
            'Only a kernel can reach %1: check again once a notebook of the class is open.',
            far.join(', ')
          )
        ]
      : ['good', trans.__('All of it is reached.')];
  }

  /** What is free on the disk of the copies, and what the server may use. */
  export async function space(options: IPreflightOptions): Promise<Found> {
    const { kernel, trans, locale } = options;
    if (!kernel) {
      return [
        'unknown',
        trans.__(
          'Only a kernel can tell: check again once a notebook of the class is open.'
        )
      ];
    }
    const { disk, memory } = await spaceOf(kernel, trans);
    const size = (bytes: number): string => formatBytes(bytes, locale);
    const lacks = [
      disk < LEAST.disk
        ? trans.__(
            'Only %1 are free on the disk; a class needs about %2. Delete or move what you do not need, or ask your administrator for more.',
            size(disk),
            size(LEAST.disk)
          )
        : '',
      memory < LEAST.memory
        ? trans.__(
            'Your server may use only %1 of memory; a class needs about %2. Stop it and choose a larger one, or ask your trainer.',
            size(memory),
            size(LEAST.memory)
          )
        : ''
    ].filter(Boolean);
    return lacks.length > 0
      ? ['bad', lacks.join(' ')]
      : [
          'good',
          trans.__(
            '%1 are free on the disk, and your server may use %2 of memory.',
            size(disk),
            size(memory)
          )
        ];
  }

  /** The profile is allowed, and no budget or setting refuses a cluster now. */
  export function limits({ manager, plan, trans }: IPreflightOptions): Found {
    if (plan.problem) {
      return ['bad', plan.problem];
    }
    const refusal = plan.request ? manager.refusal() : null;
    if (refusal) {
      return ['bad', inWords(refusal)];
    }
    return [
      'good',
      plan.request
        ? trans.__(
            'The profile “%1” is allowed here, within the limits of this site, and no budget is used up.',
            String(plan.request.profile)
          )
        : trans.__('The class wants no cluster.')
    ];
  }

  export async function dashboards(options: IPreflightOptions): Promise<Found> {
    const { trans, plan } = options;
    if (!plan.request) {
      return ['good', trans.__('The class needs none.')];
    }
    const problem = await options.dashboards();
    return problem
      ? ['bad', problem]
      : ['good', trans.__('This page can show them.')];
  }
}
