import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { ICurve, majorTicks, scales } from './compare/answers';
import type { IComparison } from './compareModel';
import { formatMoney, money } from './money';

const HEIGHT = 360;

/** Every so many steps of the curves make a row of the table. */
const ROW = 20;

/** Colours of the theme; lines of one colour differ by their dashes. */
const COLOURS = [
  '--jp-brand-color1',
  '--jp-error-color1',
  '--jp-success-color1',
  '--jp-warn-color1'
];

const DASHES = [[], [8, 4], [2, 4]];

/** The same in the legend, as style sheets call it. */
const BORDERS = ['solid', 'dashed', 'dotted'];

/** Room in px for the half of the last label that is beside the plot. */
const BESIDE = 48;

export interface IChartProps {
  comparison: IComparison;
  trans: TranslationBundle;
  locale?: string;
}

/** The totals of all options over more and less work, as lines or as a table. */
export function Chart(props: IChartProps): JSX.Element {
  const { comparison, trans } = props;
  const [asTable, setAsTable] = React.useState(false);
  return (
    <section className="jp-DaskCosts-section">
      <h2>{trans.__('With more and with less work')}</h2>
      {comparison.curves.length === 0 ? (
        <p>{trans.__('Nothing can be drawn without a price.')}</p>
      ) : (
        <>
          <button
            type="button"
            className="jp-mod-styled"
            aria-pressed={asTable}
            onClick={() => setAsTable(!asTable)}
          >
            {trans.__('Show as table')}
          </button>
          {asTable ? <CurveTable {...props} /> : <Lines {...props} />}
        </>
      )}
    </section>
  );
}

/** Core-hours at each step of the curves. */
function hoursOf({ values }: IComparison): number[] {
  return scales().map(scale => scale * (values.core_hours ?? 0));
}

/** The chart in one sentence, for those who do not see it. */
function describe({ comparison, trans, locale }: IChartProps): string {
  const { curves, sheet } = comparison;
  return curves
    .map(({ label, totals }) => {
      const known = totals.filter((total): total is number => total !== null);
      const [least, most] = [Math.min(...known), Math.max(...known)];
      return trans.__(
        '%1: from %2 to %3 a month',
        label,
        formatMoney(money(least, sheet.currency), locale),
        formatMoney(money(most, sheet.currency), locale)
      );
    })
    .join('; ');
}

function Lines(props: IChartProps): JSX.Element {
  const { comparison, trans, locale } = props;
  const { curves, sheet } = comparison;
  const host = React.useRef<HTMLDivElement>(null);
  const plot = React.useRef<uPlot | null>(null);
  const shown = curves.map(({ id }) => id).join(' ');
  const data = React.useMemo(
    (): uPlot.AlignedData => [
      hoursOf(comparison),
      ...comparison.curves.map(({ totals }) =>
        // A logarithmic scale has no place for 0.
        totals.map(total => (total !== null && total > 0 ? total : null))
      )
    ],
    [comparison]
  );
  // A theme is a style sheet that is loaded; the legend is drawn but once.
  const [themes, setThemes] = React.useState(0);
  const latest = React.useRef({ curves, data });
  latest.current = { curves, data };

  React.useEffect(() => {
    const node = host.current;
    if (!node) {
      return;
    }
    const number = new Intl.NumberFormat(locale, {
      maximumSignificantDigits: 3
    });
    const format = (value: number | null): string =>
      value === null ? '–' : number.format(value);
    // Ticks between the powers of ten have no label.
    const labels = (_: uPlot, values: (number | null)[]): string[] =>
      values.map(value => (value === null ? '' : number.format(value)));
    const chart = new uPlot(
      {
        width: Math.max(280, node.clientWidth),
        height: HEIGHT,
        padding: [null, BESIDE, null, null],
        legend: {
          markers: {
            width: 3,
            stroke: (_, index) =>
              colour(node, COLOURS[(index - 1) % COLOURS.length])(),
            fill: () => 'transparent',
            dash: (_, index) => byRound(BORDERS, index - 1)
          }
        },
        scales: { x: { time: false, distr: 3 }, y: { distr: 3 } },
        axes: [
          {
            ...axis(node),
            label: trans.__('Core-hours a month'),
            values: labels
          },
          {
            ...axis(node),
            size: 80,
            label: trans.__('%1 a month', sheet.currency),
            values: labels
          }
        ],
        series: [
          {
            label: trans.__('Core-hours'),
            value: (_, value) => format(value)
          },
          ...latest.current.curves.map((curve, index) =>
            line(curve, index, node, format)
          )
        ]
      },
      latest.current.data,
      node
    );
    plot.current = chart;
    const size = new ResizeObserver(() =>
      chart.setSize({ width: Math.max(280, node.clientWidth), height: HEIGHT })
    );
    size.observe(node);
    const onLoad = (event: Event): void => {
      if (event.target instanceof HTMLLinkElement) {
        setThemes(count => count + 1);
      }
    };
    document.addEventListener('load', onLoad, true);
    return () => {
      document.removeEventListener('load', onLoad, true);
      size.disconnect();
      plot.current = null;
      chart.destroy();
    };
  }, [shown, sheet.currency, trans, locale, themes]);

  React.useEffect(() => {
    plot.current?.setData(data);
  }, [data]);

  return (
    <div
      ref={host}
      className="jp-DaskCosts-chart"
      role="img"
      aria-label={describe(props)}
    />
  );
}

/** A colour of the theme, read for each drawing. */
function colour(node: HTMLElement, name: string): () => string {
  return () => getComputedStyle(node).getPropertyValue(name).trim();
}

function axis(node: HTMLElement): Partial<uPlot.Axis> {
  const lines = {
    stroke: colour(node, '--jp-private-costs-grid'),
    width: 1,
    filter: (_: uPlot, values: number[]) => majorTicks(values)
  };
  return {
    stroke: colour(node, '--jp-ui-font-color1'),
    grid: lines,
    ticks: lines
  };
}

/** The entry for a line: the next one after each round of the colours. */
function byRound<T>(entries: readonly T[], index: number): T {
  return entries[Math.floor(index / COLOURS.length) % entries.length];
}

function line(
  { label }: ICurve,
  index: number,
  node: HTMLElement,
  format: (value: number | null) => string
): uPlot.Series {
  return {
    label,
    stroke: colour(node, COLOURS[index % COLOURS.length]),
    dash: byRound(DASHES, index),
    width: 2,
    points: { show: false },
    value: (_, value) => format(value)
  };
}

function CurveTable(props: IChartProps): JSX.Element {
  const { comparison, trans, locale } = props;
  const { curves, sheet } = comparison;
  const number = new Intl.NumberFormat(locale, {
    maximumSignificantDigits: 3
  });
  return (
    <div className="jp-DaskCosts-scroller">
      <table className="jp-DaskCosts-table">
        <caption>
          {trans.__('%1 a month by core-hours a month', sheet.currency)}
        </caption>
        <thead>
          <tr>
            <th scope="col">{trans.__('Core-hours')}</th>
            {curves.map(({ id, label }) => (
              <th key={id} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {hoursOf(comparison).map((hours, step) =>
            step % ROW === 0 ? (
              <tr key={step}>
                <th scope="row">{number.format(hours)}</th>
                {curves.map(({ id, totals }) => {
                  const total = totals[step];
                  return (
                    <td key={id} className="jp-mod-number">
                      {total === null ? '–' : number.format(total)}
                    </td>
                  );
                })}
              </tr>
            ) : null
          )}
        </tbody>
      </table>
    </div>
  );
}
