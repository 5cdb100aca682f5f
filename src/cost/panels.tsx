/**
 * The pages about costs as tabs of the main area.
 */
import { MainAreaWidget, ReactWidget } from '@jupyterlab/apputils';
import type { IStateDB } from '@jupyterlab/statedb';
import { ITranslator } from '@jupyterlab/translation';
import type { INotebookContent } from '@jupyterlab/nbformat';
import { spreadsheetIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import '../../style/costs.css';
import { localeOf } from '../cluster/units';
import { DOMAIN, ICosts } from '../tokens';
import { comparisonNotebook } from './compare/notebook';
import { CompareModel } from './compareModel';
import { CompareView } from './compareView';
import { HistoryView } from './historyView';

/** What the pages need of the application. */
export interface IPanelOptions {
  costs: ICosts;
  translator: ITranslator;
  state: IStateDB | null;
  /** The kernel that a new notebook opens with. */
  kernel: () => Promise<INotebookContent['metadata']['kernelspec']>;
  /** Save a notebook under a free name and open it; its path. */
  save: (name: string, notebook: INotebookContent) => Promise<string>;
  /** Let the person keep what clusters have cost as a file. */
  exportCosts: () => Promise<void>;
  /** Open the comparison. */
  compare: () => void;
  /** Open the table of prices. */
  editPrices: () => void;
}

/** The comparison of the ways to have a cluster. */
export class ComparePanel extends ReactWidget {
  constructor(private _options: IPanelOptions) {
    super();
    this.addClass('jp-DaskCosts');
    const { costs, state, translator } = _options;
    const trans = translator.load(DOMAIN);
    this.model = new CompareModel({ costs, state, trans });
    // Rows of the table that cannot be used are told of as they come.
    costs.changed.connect(this.update, this);
  }

  /** The input and what follows from it. */
  readonly model: CompareModel;

  override dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this.model.dispose();
    super.dispose();
  }

  protected override render(): JSX.Element {
    const { costs, translator, editPrices } = this._options;
    return (
      <CompareView
        model={this.model}
        costs={costs}
        trans={translator.load(DOMAIN)}
        locale={localeOf(translator.languageCode)}
        onSave={this._save}
        onPrices={editPrices}
      />
    );
  }

  private _save = async (): Promise<string> => {
    const { translator, kernel, save } = this._options;
    const trans = translator.load(DOMAIN);
    const { sheet, results } = this.model.value;
    const path = await save(
      'own-or-rent',
      comparisonNotebook(sheet, results, Date.now(), trans, await kernel())
    );
    return trans.__('Made “%1”.', path);
  };
}

/** The comparison in a tab. */
export function createComparison(
  options: IPanelOptions
): MainAreaWidget<ComparePanel> {
  const trans = options.translator.load(DOMAIN);
  return Private.tab(
    new ComparePanel(options),
    'jp-dask-own-or-rent',
    trans.__('Own or rent Dask'),
    options.translator
  );
}

/** What clusters have cost, in a tab. */
export function createHistory(
  options: IPanelOptions
): MainAreaWidget<ReactWidget> {
  const { costs, translator, exportCosts, compare, editPrices } = options;
  const trans = translator.load(DOMAIN);
  const content = ReactWidget.create(
    <HistoryView
      costs={costs}
      trans={trans}
      locale={localeOf(translator.languageCode)}
      onExport={exportCosts}
      onCompare={compare}
      onPrices={editPrices}
    />
  );
  content.addClass('jp-DaskCosts');
  return Private.tab(
    content,
    'jp-dask-costs',
    trans.__('Dask costs'),
    translator
  );
}

namespace Private {
  export function tab<T extends ReactWidget>(
    content: T,
    id: string,
    label: string,
    translator: ITranslator
  ): MainAreaWidget<T> {
    const widget = new MainAreaWidget({ content, translator });
    widget.id = id;
    widget.title.label = label;
    widget.title.icon = spreadsheetIcon;
    widget.title.closable = true;
    widget.toolbar.hide();
    return widget;
  }
}
