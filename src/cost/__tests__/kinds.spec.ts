import { existsSync, readdirSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import type { JSONObject } from '@lumino/coreutils';
import {
  chunkSeconds,
  countChunks,
  OVERHEAD,
  SECONDS_PER_OPEN,
  SECONDS_PER_READ
} from '../../cluster/advisor';
import { readCostModel, workload } from '../../cluster/costModel';
import {
  defaultValues,
  parameterNames,
  readTemplate
} from '../../templates/metadata';
import { tasks } from '../../tasks';
import { assumptions } from '../compare/assumptions';
import { compareOptions, makeSheet, valuesOf } from '../compare/compare';
import { kinds, MEASURED } from '../compare/kinds';
import { EXAMPLE } from '../compare/work';
import { CompareModel } from '../compareModel';
import { formatMoney } from '../money';
import { PRICES, trans } from './utils';

const ROOT = join(__dirname, '../../..');
const FOLDER = join(ROOT, 'jupyterlab_seasonal_monitor/templates');

/** The side of a square of four by four chunks of the size that is assumed. */
const SIDE = 1024;

/** One dekad, where a template has dekads; ten days where it has days. */
function oneDekad(values: JSONObject): JSONObject {
  const { start, end } = values;
  return typeof start === 'string' && typeof end === 'string'
    ? start.includes('-')
      ? { ...values, end: `${start.slice(0, 8)}10` }
      : { ...values, end: start }
    : values;
}

function notebook(id: string): JSONObject {
  return JSON.parse(readFileSync(join(FOLDER, `${id}.ipynb`), 'utf8'));
}

const IDS = readdirSync(FOLDER)
  .filter(name => name.endsWith('.ipynb'))
  .map(name => name.replace('.ipynb', ''));

const START = CompareModel.START;

/** The numbers of a month with one row of work. */
function numbersOf(kind: string, area: number) {
  const items = [{ kind, area, periods: 1, users: 1 }];
  const sheet = makeSheet(
    { ...START, work: { ...EXAMPLE, items } },
    PRICES,
    trans
  );
  return { sheet, values: valuesOf(sheet) };
}

describe('A kind of work', () => {
  it.each(IDS)('should be what the cost model of %s says', async id => {
    const template = readTemplate(notebook(id), id, trans);
    const model = readCostModel(
      template.cost ?? {},
      parameterNames(template),
      trans
    );
    const kind = kinds(trans).find(item => item.id === id);
    expect(kind).toMatchObject({ label: template.title, task: template.task });
    const values = oneDekad(defaultValues(template));
    // Only the shape depends on the area.
    const work = {
      ...workload(model, values, { squareKm: 1 }, trans),
      height: SIDE,
      width: SIDE
    };
    expect(kind?.steps).toBe(work.reads);
    expect(kind?.bytes).toBe(work.itemsize);
    expect(kind?.rate).toBeCloseTo(
      1 /
        (work.steps * work.secondsPerPixelStep + work.reads * SECONDS_PER_READ),
      6
    );
    const { pixel = NaN } = kind ?? {};
    expect(pixel).toBeCloseTo(id === 's2-fields' ? 10 : 0.05 * 111_320);

    // The page, and so its notebook, adds up what the advisor predicts.
    const { values: found } = numbersOf(id, (SIDE * SIDE * pixel ** 2) / 1e6);
    const chunk = Math.sqrt(found.chunk_pixels ?? NaN);
    expect((found.core_hours ?? NaN) * 3600).toBeCloseTo(
      countChunks(work, chunk) * chunkSeconds(work, chunk),
      4
    );
    expect((found.gigabytes ?? NaN) * 1e9).toBeCloseTo(
      SIDE * SIDE * work.reads * work.itemsize,
      0
    );
  });

  it('should be less work where the degrees of smoothing are kept', () => {
    const [search, stored] = ['ndvi-smooth', 'ndvi-smooth-stored'].map(id =>
      kinds(trans).find(kind => kind.id === id)
    );
    expect(stored?.steps).toBe(search?.steps);
    expect(stored?.rate).toBeGreaterThan(3 * (search?.rate ?? NaN));
  });

  it('should be of a task, and name its source and the day of that', () => {
    const known = tasks(trans).map(([id]) => id);
    for (const { task, source, date } of kinds(trans)) {
      expect(known).toContain(task);
      expect(source).toMatch(
        /^cost model of the template [a-z0-9-]+ \d\S+, beside measured times in docs\/benchmarks-costs\.md$/
      );
      expect(date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    }
  });

  it('should take its constants from the advisor', () => {
    const known = new Map(
      assumptions(trans).map(({ name, value }) => [name, value])
    );
    expect(known.get('overhead')).toBe(OVERHEAD);
    expect(known.get('open_seconds')).toBe(SECONDS_PER_OPEN);
  });
});

describe('The documentation', () => {
  const PATH = join(ROOT, 'docs/costs.md');
  const number = (value: number): string =>
    new Intl.NumberFormat('en', { maximumSignificantDigits: 3 }).format(value);
  const table = (heads: string[], rows: string[][]): string =>
    [heads, heads.map(() => '---'), ...rows]
      .map(cells => `| ${cells.join(' | ')} |`)
      .join('\n');

  /** The tables of the page as it comes, by the marks around them. */
  function tables(): Record<string, string> {
    const sheet = makeSheet(START, PRICES, trans);
    const values = valuesOf(sheet);
    const items = START.work.items.map((item, index) => {
      const at = index + 1;
      const kind = kinds(trans).find(({ id }) => id === item.kind);
      return [
        kind?.label ?? '',
        number(item.area),
        number(item.pixel ?? kind?.pixel ?? NaN),
        String(item.periods),
        String(item.users),
        number(values[`core_hours_${at}`] ?? NaN),
        number(values[`gigabytes_${at}`] ?? NaN)
      ];
    });
    return {
      work: table(
        [
          'template',
          'km²',
          'pixel, m',
          'periods',
          'users',
          'core-hours a month',
          'GB read a month'
        ],
        [
          ...items,
          [
            'in all',
            '',
            '',
            '',
            '',
            number(values.core_hours ?? NaN),
            number(values.gigabytes ?? NaN)
          ]
        ]
      ),
      month: table(
        ['option', 'bill', 'people’s hours', 'in all', 'can it do the work?'],
        compareOptions(sheet, values, trans).map(
          ({ option, bill, hours, total, limits }) => [
            option.label,
            bill ? formatMoney(bill, 'en') : 'no price set',
            number(hours),
            total ? formatMoney(total, 'en') : 'no price set',
            limits.join(' ') || 'yes'
          ]
        )
      ),
      kinds: table(
        ['template', 'version', 'pixels/s of one core', 'dates read'],
        kinds(trans).map(({ label, rate, steps, source }) => [
          label,
          / (\d+\.\S+),/.exec(source)?.[1] ?? '',
          number(rate),
          number(steps)
        ])
      ),
      assumptions: table(
        ['assumption', 'value', 'unit', 'from', 'to', 'source', 'date'],
        assumptions(trans).map(
          ({ label, value, unit, minimum, maximum, source, date }) => [
            label,
            String(value),
            unit === 'money' ? 'USD' : unit,
            String(minimum),
            String(maximum),
            source,
            date
          ]
        )
      )
    };
  }

  /** Cells without what a formatter puts around them. */
  const bare = (text: string): string[] =>
    text
      .trim()
      .split('\n')
      .map(line => line.replace(/-{3,}/g, '---').replace(/ +/g, ' ').trim());

  it.each(Object.keys(tables()))(
    'should have the table “%s” as the page has it (write it anew with WRITE_DOCS=1)',
    name => {
      const [begin, end] = [`<!-- ${name} -->`, '<!-- end -->'];
      const text = readFileSync(PATH, 'utf8');
      const from = text.indexOf(begin) + begin.length;
      const to = text.indexOf(end, from);
      expect([from, to].every(at => at >= begin.length)).toBe(true);
      if (process.env.WRITE_DOCS) {
        writeFileSync(
          PATH,
          `${text.slice(0, from)}\n\n${tables()[name]}\n\n${text.slice(to)}`
        );
      } else {
        expect(bare(text.slice(from, to))).toEqual(bare(tables()[name]));
      }
    }
  );

  it('should be of the days that the page names', () => {
    const read = (name: string): string =>
      readFileSync(join(ROOT, 'docs', name), 'utf8');
    const [, tried] = read('benchmarks.md').split(
      '## What the advisor predicts'
    );
    const overhead = assumptions(trans).find(({ name }) => name === 'overhead');
    expect(/Measured (\S+)/.exec(tried)?.[1]).toBe(overhead?.date);
    const costs = 'benchmarks-costs.md';
    if (existsSync(join(ROOT, 'docs', costs))) {
      expect(/Measured (\S+)/.exec(read(costs))?.[1]).toBe(MEASURED);
    }
  });
});
