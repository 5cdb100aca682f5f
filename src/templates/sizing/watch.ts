/**
 * Watches cells of templates run, and keeps what they say that they took beside
 * what was predicted.
 */
import type { Cell, ICodeCellModel } from '@jupyterlab/cells';
import { NotebookActions } from '@jupyterlab/notebook';
import type { Notebook } from '@jupyterlab/notebook';
import type { IStateDB } from '@jupyterlab/statedb';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ITemplate } from '../../tokens';
import { findInserted } from '../inserted';
import type { IInserted } from '../inserted';
import { defaultValues, METADATA_KEY, parameterNames } from '../metadata';
import { duration } from '../../cluster/advisor';
import { readCostModel, SizingError, workload } from '../../cluster/costModel';
import type { IKnown } from '../../cluster/costModel';
import type { RunKeeper } from './keeper';
import { readMeasured } from './runs';
import type { IMeasured, IRun } from './runs';
import { loadWishes } from './wishes';

/** What the watch needs. */
export interface IWatchOptions {
  keeper: RunKeeper;
  get: (template: string) => Promise<ITemplate | undefined>;
  state: IStateDB | null;
  trans: TranslationBundle;
}

/** Watch the cells of all notebooks from now on. */
export function watchRuns(options: IWatchOptions): void {
  NotebookActions.executed.connect((_, { notebook, cell, success }) => {
    if (success) {
      void Private.onExecuted(notebook, cell, options);
    }
  });
}

/**
 * One run, predicted and measured; null where the template or its values do not
 * say what was to be expected.
 */
export function runOf(
  template: ITemplate,
  inserted: Pick<IInserted, 'version' | 'values' | 'byHand'>,
  measured: IMeasured,
  known: IKnown,
  trans: TranslationBundle
): IRun | null {
  const names = parameterNames(template);
  if (
    !template.cost ||
    template.version !== inserted.version ||
    inserted.byHand.some(name => names.includes(name))
  ) {
    return null;
  }
  try {
    const model = readCostModel(template.cost, names, trans);
    const values = { ...defaultValues(template), ...inserted.values };
    const { seconds, workers, threads, height, width } = measured;
    const work = workload(model, values, known, trans);
    const chunk = model.chunk === null ? undefined : values[model.chunk];
    if (typeof chunk !== 'number' || chunk < 1) {
      return null;
    }
    return {
      at: Date.now(),
      version: template.version,
      // What the archive had, where the result tells it.
      predicted: duration(
        { ...work, height: height ?? work.height, width: width ?? work.width },
        chunk,
        threads
      ),
      seconds,
      workers,
      threads
    };
  } catch (error) {
    if (error instanceof SizingError) {
      return null;
    }
    throw error;
  }
}

namespace Private {
  export async function onExecuted(
    notebook: Notebook,
    cell: Cell,
    { keeper, get, state, trans }: IWatchOptions
  ): Promise<void> {
    const { model } = cell;
    const insertion = (
      model.getMetadata(METADATA_KEY) as { insertion?: string } | undefined
    )?.insertion;
    const shared = notebook.model?.sharedModel;
    if (!insertion || !shared || model.type !== 'code') {
      return;
    }
    const { outputs, executionCount } = model as ICodeCellModel;
    const measured = readMeasured(outputs.toJSON());
    const inserted = findInserted(shared).find(
      item => item.insertion === insertion
    );
    if (!measured || !inserted) {
      return;
    }
    const template = await get(inserted.template);
    const wishes = await loadWishes(state, inserted.template);
    const run = template && runOf(template, inserted, measured, wishes, trans);
    if (run) {
      await keeper.add(
        inserted.template,
        `${run.at}-${insertion}-${executionCount ?? 0}`,
        run
      );
    }
  }
}
