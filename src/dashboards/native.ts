import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import { Widget } from '@lumino/widgets';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import '../../style/dashboards.css';
import type { IClusterManager } from '../tokens';
import {
  describeSeries,
  formatValue,
  labelOf,
  Quantity,
  QUANTITIES,
  SCALE,
  toColumns,
  toRows
} from './series';
import type { ISource } from './source';

const HEIGHT = 140;

/** Distances between the lines of a chart of bytes. */
const POWERS = Array.from({ length: 50 }, (_, power) => 2 ** power);

/** How far back the charts go, in seconds; samples are not kept longer. */
const WINDOW = 300;

/**
 * Workers, CPU, memory and tasks of a cluster in small charts, drawn from what
 * the cluster tells anyway: they need no proxy and no Bokeh.
 */
export class NativeCharts extends Widget {
  constructor(options: NativeCharts.IOptions) {
    super();
    this._options = options;
    this.addClass('jp-DaskCharts');
    const { trans } = options;
    this._note = document.createElement('p');
    this._note.className = 'jp-DaskCharts-note';
    this._note.setAttribute('role', 'status');
    this._toggle = document.createElement('button');
    this._toggle.type = 'button';
    this._toggle.className = 'jp-DaskDashboard-button';
    this._toggle.textContent = trans.__('Show as table');
    this._toggle.setAttribute('aria-pressed', 'false');
    this._toggle.addEventListener('click', () => {
      this._asTable = !this._asTable;
      this._toggle.setAttribute('aria-pressed', String(this._asTable));
      this.update();
    });
    this._charts = document.createElement('div');
    this._charts.className = 'jp-DaskCharts-charts';
    this._table = document.createElement('table');
    this._table.className = 'jp-DaskCharts-table';
    this.node.append(this._note, this._toggle, this._charts, this._table);
    options.source.changed.connect(this.update, this);
  }

  get source(): ISource {
    return this._options.source;
  }

  override dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this._rest();
    this._clear();
    this._options.source.dispose();
    super.dispose();
  }

  protected override onAfterAttach(): void {
    this._look();
  }

  protected override onAfterShow(): void {
    this._look();
  }

  protected override onAfterHide(): void {
    this._rest();
  }

  protected override onBeforeDetach(): void {
    this._rest();
  }

  protected override onResize(): void {
    this.fit();
  }

  protected override onFitRequest(): void {
    if (!this.isVisible) {
      // What is hidden has no size.
      return;
    }
    for (const { plot } of this._figures.values()) {
      plot.setSize({ width: this._width(), height: HEIGHT });
    }
  }

  protected override onActivateRequest(): void {
    this._toggle.focus();
  }

  protected override onUpdateRequest(): void {
    if (!this.isVisible) {
      return;
    }
    const { source, trans } = this._options;
    this._watch();
    const history = source.cluster?.history ?? [];
    this._note.textContent =
      source.state === 'gone'
        ? trans.__('%1 is gone. These are its last minutes.', source.subject)
        : history.length === 0
          ? trans.__('Nothing was measured yet.')
          : '';
    this._charts.hidden = this._asTable;
    this._table.hidden = !this._asTable;
    if (this._asTable) {
      this._fill();
    } else {
      QUANTITIES.forEach(quantity => this._draw(quantity));
    }
  }

  private _look(): void {
    // A theme is a style sheet that is loaded.
    document.addEventListener('load', this._onLoad, true);
    this.update();
  }

  /** Ask to be told, for as long as the charts can be seen. */
  private _watch(): void {
    const { source, manager } = this._options;
    if (source.cluster && source.state !== 'gone') {
      this._watching ??= manager.watch(source.cluster.key, 'counts');
    }
  }

  private _rest(): void {
    this._watching?.dispose();
    this._watching = null;
    document.removeEventListener('load', this._onLoad, true);
  }

  private _draw(quantity: Quantity): void {
    const { source, trans, locale } = this._options;
    const history = source.cluster?.history ?? [];
    const figure = this._figures.get(quantity) ?? this._create(quantity);
    const until = source.state === 'ready' ? Date.now() : undefined;
    if (figure.plot.width !== this._width()) {
      // It was made before the pane had its size.
      figure.plot.setSize({ width: this._width(), height: HEIGHT });
    }
    figure.plot.setData(toColumns(history, quantity, until));
    figure.node.setAttribute(
      'aria-label',
      describeSeries(history, quantity, trans, locale)
    );
  }

  private _create(quantity: Quantity): NativeCharts.IFigure {
    const { trans, locale } = this._options;
    // Read for each drawing, since themes come and go.
    const colour = (name: string) => (): string =>
      getComputedStyle(this.node).getPropertyValue(name).trim();
    const node = document.createElement('div');
    node.className = 'jp-DaskCharts-chart';
    node.setAttribute('role', 'img');
    const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'short' });
    const axis = {
      stroke: colour('--jp-ui-font-color1'),
      grid: { stroke: colour('--jp-border-color2'), width: 1 },
      ticks: { stroke: colour('--jp-border-color2'), width: 1 }
    };
    const format = (value: number | null): string =>
      formatValue(quantity, value ?? undefined, locale);
    this._charts.append(node);
    const plot = new uPlot(
      {
        title: labelOf(quantity, trans),
        width: this._width(),
        height: HEIGHT,
        legend: { show: false },
        scales: {
          x: {
            range: (_, __, last) => {
              const end = last ?? Date.now() / 1000;
              return [end - WINDOW, end];
            }
          },
          y: {
            range: (_, __, most) => [0, Math.max(SCALE[quantity], most * 1.1)]
          }
        },
        axes: [
          {
            ...axis,
            values: (_, times) => times.map(time => clock.format(time * 1000))
          },
          {
            ...axis,
            // Steps of memory are round in binary units.
            incrs: quantity === 'memory' ? POWERS : undefined,
            size: 70,
            values: (_, values) => values.map(format)
          }
        ],
        series: [
          {},
          {
            label: labelOf(quantity, trans),
            stroke: colour('--jp-brand-color1'),
            width: 2,
            paths:
              quantity === 'workers'
                ? uPlot.paths.stepped?.({ align: 1 })
                : undefined,
            points: { show: false }
          }
        ]
      },
      [[], []],
      node
    );
    const figure = { node, plot };
    this._figures.set(quantity, figure);
    return figure;
  }

  private _fill(): void {
    const { source, trans, locale } = this._options;
    const row = (tag: 'td' | 'th', cells: string[]): HTMLTableRowElement => {
      const line = document.createElement('tr');
      line.append(
        ...cells.map(text => {
          const cell = document.createElement(tag);
          cell.textContent = text;
          return cell;
        })
      );
      return line;
    };
    const head = document.createElement('thead');
    head.append(
      row('th', [
        trans.__('Time'),
        ...QUANTITIES.map(quantity => labelOf(quantity, trans))
      ])
    );
    const body = document.createElement('tbody');
    body.append(
      ...toRows(source.cluster?.history ?? [], locale).map(cells =>
        row('td', cells)
      )
    );
    this._table.replaceChildren(head, body);
  }

  private _width(): number {
    const width = this._charts.clientWidth;
    return Math.floor(Math.max(200, width > 720 ? width / 2 - 12 : width));
  }

  private _clear(): void {
    for (const { node, plot } of this._figures.values()) {
      plot.destroy();
      node.remove();
    }
    this._figures.clear();
  }

  private _onLoad = (event: Event): void => {
    if (event.target instanceof HTMLLinkElement) {
      this._figures.forEach(({ plot }) => plot.redraw(false, true));
    }
  };

  private readonly _options: NativeCharts.IOptions;
  private readonly _note: HTMLElement;
  private readonly _toggle: HTMLButtonElement;
  private readonly _charts: HTMLElement;
  private readonly _table: HTMLTableElement;
  private readonly _figures = new Map<Quantity, NativeCharts.IFigure>();
  private _watching: IDisposable | null = null;
  private _asTable = false;
}

export namespace NativeCharts {
  /** One chart and where it stands. */
  export interface IFigure {
    node: HTMLElement;
    plot: uPlot;
  }

  export interface IOptions {
    /** The widget disposes of it. */
    source: ISource;
    manager: IClusterManager;
    trans: TranslationBundle;
    /** The page's language, as BCP 47. */
    locale?: string;
  }
}
