import { ReactWidget } from '@jupyterlab/ui-components';
import { ISignal, Signal } from '@lumino/signaling';
import * as React from 'react';
import { formatCount } from '../cluster/units';
import { CommandIDs } from '../commands';
import { describeTotal, useMonth } from '../components/cost';
import { LanguageProvider, useLanguage } from '../components/language';
import { useValue } from '../components/signals';
import { clusterIcon } from '../icons';
import type { ISidebarServices } from './services';
import { Totals } from './totals';
import '../../style/base.css';

/** The services that the status bar needs. */
export type IStatusServices = Pick<
  ISidebarServices,
  'manager' | 'commands' | 'language' | 'costs'
>;

/** The number of workers in the status bar; a click tells what runs. */
export class StatusItem extends ReactWidget {
  constructor(private _services: IStatusServices) {
    super();
    this._totals = new Totals(_services.manager);
    this._totals.changed.connect(this._onTotals, this);
  }

  /** Whether there is a cluster to tell of. */
  get isActive(): boolean {
    return this._totals.value.clusters > 0;
  }

  get activeChanged(): ISignal<StatusItem, void> {
    return this._activeChanged;
  }

  override dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this._totals.dispose();
    Signal.clearData(this);
    super.dispose();
  }

  protected render(): JSX.Element {
    return (
      <LanguageProvider value={this._services.language}>
        <Status totals={this._totals} services={this._services} />
      </LanguageProvider>
    );
  }

  private _onTotals(): void {
    if (this.isActive !== this._wasActive) {
      this._wasActive = this.isActive;
      this._activeChanged.emit();
    }
  }

  private _totals: Totals;
  private _wasActive = false;
  private _activeChanged = new Signal<StatusItem, void>(this);
}

interface IStatusProps {
  totals: Totals;
  services: IStatusServices;
}

function Status({ totals, services }: IStatusProps): JSX.Element {
  const language = useLanguage();
  const { trans, locale } = language;
  const { commands, costs } = services;
  const { workers } = useValue(totals.changed, () => totals.value);
  const text = trans._n(
    '%2 Dask worker',
    '%2 Dask workers',
    workers,
    formatCount(workers, locale)
  );
  const cost = useValue<unknown, unknown, string>(
    costs?.changed ?? totals.changed,
    () => describeTotal(costs, language)
  );
  const month = useMonth(costs, totals.changed);
  const act = trans.__('Show what is left running');
  return (
    <button
      type="button"
      className="jp-DaskStatus"
      title={month ? trans.__('%1: %2', act, month) : act}
      onClick={() => {
        // Where that view is switched off, the sidebar tells of clusters, too.
        const known = commands.hasCommand(CommandIDs.showLeftRunning);
        void commands.execute(
          known ? CommandIDs.showLeftRunning : CommandIDs.showSidebar
        );
      }}
    >
      <clusterIcon.react tag="span" className="jp-DaskStatus-icon" />
      {cost ? trans.__('%1 · %2', text, cost) : text}
    </button>
  );
}
