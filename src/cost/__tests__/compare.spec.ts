import { nullTranslator } from '@jupyterlab/translation';
import { spawnSync } from 'child_process';
import * as fc from 'fast-check';
import type { IPrice } from '../../tokens';
import {
  breakEvens,
  curves,
  majorTicks,
  scales,
  sensitivities
} from '../compare/answers';
import { assumptions } from '../compare/assumptions';
import {
  cheapest,
  comparable,
  compareOptions,
  IInput,
  IOptionResult,
  ISheet,
  makeSheet,
  valuesOf
} from '../compare/compare';
import { evaluate, namesIn } from '../../cluster/expression';
import { comparisonNotebook } from '../compare/notebook';
import { NEEDED, options } from '../compare/options';
import { kinds } from '../compare/kinds';
import { EXAMPLE, IWork } from '../compare/work';
import { CompareModel, readInput } from '../compareModel';
import { NOON, price, PRICES, trans } from './utils';

const SLURM = price({ provider: 'slurm', price: 0.02 });

const works: fc.Arbitrary<IWork> = fc.record({
  mode: fc.constantFrom('templates', 'hours' as const),
  items: fc.array(
    fc.record({
      kind: fc.constantFrom(...kinds(trans).map(({ id }) => id)),
      area: fc.integer({ min: 0, max: 1e7 }),
      pixel: fc.option(fc.integer({ min: 1, max: 1e5 }), { nil: undefined }),
      periods: fc.integer({ min: 0, max: 60 }),
      users: fc.integer({ min: 0, max: 50 })
    }),
    { maxLength: 4 }
  ),
  coreHours: fc.integer({ min: 0, max: 1e5 }),
  gigabytes: fc.integer({ min: 0, max: 1e5 }),
  peakCoreHours: fc.integer({ min: 0, max: 1e4 }),
  peakHours: fc.integer({ min: 1, max: 100 }),
  users: fc.integer({ min: 1, max: 50 })
}) as fc.Arbitrary<IWork>;

const changes: fc.Arbitrary<Record<string, number>> = fc
  .tuple(
    ...assumptions(trans).map(({ name, minimum, maximum }) =>
      fc
        .option(fc.double({ min: minimum, max: maximum, noNaN: true }))
        .map(value => [name, value] as const)
    )
  )
  .map(pairs =>
    Object.fromEntries(
      pairs.flatMap(([name, value]) => (value === null ? [] : [[name, value]]))
    )
  );

const inputs: fc.Arbitrary<IInput> = fc.record({
  work: works,
  changed: changes,
  region: fc.constant('us-east-1'),
  currency: fc.constantFrom('USD', 'EUR')
});

function compute(
  input: IInput,
  prices: readonly IPrice[] = [...PRICES, SLURM]
): { sheet: ISheet; results: IOptionResult[] } {
  const sheet = makeSheet(input, prices, trans);
  return { sheet, results: compareOptions(sheet, valuesOf(sheet), trans) };
}

const START = CompareModel.START;

const withHours = (coreHours: number): IInput => ({
  ...START,
  work: { ...EXAMPLE, mode: 'hours', coreHours, peakCoreHours: 0 }
});

describe('Formulas', () => {
  it.each([
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['8 / 4 / 2', 1],
    ['8 - 4 - 2', 2],
    ['max(1, ceil(a), min(b, 9))', 4],
    ['a * 2.5', 7.75]
  ])('should compute %s', (formula, value) => {
    expect(evaluate(formula, { a: 3.1, b: 2 })).toBe(value);
  });

  it('should not be known where a name in it is not', () => {
    expect(evaluate('a + b', { a: 1 })).toBeUndefined();
    expect(evaluate('max(1, b)', {})).toBeUndefined();
  });

  it.each(['', '1 +', '(1', '1 2', 'f(1)', 'a.b', '1 ** 2', '"x"'])(
    'should refuse %j',
    formula => {
      expect(() => evaluate(formula, { a: 1 })).toThrow(SyntaxError);
    }
  );

  it('should name only what there is', () => {
    const { sheet } = compute(START);
    const known = new Set(sheet.numbers.map(({ name }) => name));
    expect(known.size).toBe(sheet.numbers.length);
    for (const { name, formula } of sheet.quantities) {
      expect(known.has(name)).toBe(false);
      namesIn(formula).forEach(used =>
        expect([used, known.has(used)]).toEqual([used, true])
      );
      known.add(name);
    }
    for (const { bill, limits, hours } of options(trans)) {
      for (const { formula } of [...bill, ...limits]) {
        namesIn(formula).forEach(used =>
          expect([used, known.has(used)]).toEqual([used, true])
        );
      }
      expect(known.has(`setup_${hours}`)).toBe(true);
      expect(known.has(`upkeep_${hours}`)).toBe(true);
    }
  });
});

describe('The comparison', () => {
  it('should trace every number to a source, and every price to a date', () => {
    for (const { label, source, date, value, name } of compute(START).sheet
      .numbers) {
      expect(label).not.toBe('');
      expect(source).not.toBe('');
      if (name.startsWith('price_') && value !== undefined) {
        expect(date).not.toBe('');
      }
    }
  });

  it('should never be negative, and keep the currencies of prices', () => {
    fc.assert(
      fc.property(inputs, input => {
        for (const { bill, people, total, hours, lines } of compute(input)
          .results) {
          expect(hours).toBeGreaterThanOrEqual(0);
          for (const money of [bill, people, total]) {
            for (const [currency, amount] of Object.entries(money ?? {})) {
              expect(amount).toBeGreaterThanOrEqual(0);
              expect(Number.isFinite(amount)).toBe(true);
              expect(['USD', input.currency]).toContain(currency);
            }
          }
          for (const { names, currency } of lines) {
            if (names.some(name => name.startsWith('price_')) && currency) {
              expect(currency).toBe('USD');
            }
          }
        }
      }),
      { numRuns: 200 }
    );
  });

  it('should not become cheaper with more work', () => {
    fc.assert(
      fc.property(
        inputs,
        fc.double({ min: 0.01, max: 50, noNaN: true }),
        fc.double({ min: 1, max: 20, noNaN: true }),
        (input, scale, more) => {
          const { sheet } = compute(input);
          const totals = [scale, scale * more].map(times =>
            compareOptions(sheet, valuesOf(sheet, { scale: times }), trans)
          );
          totals[0].forEach((before, index) => {
            for (const [currency, amount] of Object.entries(
              before.total ?? {}
            )) {
              const after = totals[1][index].total?.[currency] ?? NaN;
              expect(after).toBeGreaterThanOrEqual(amount * (1 - 1e-9));
            }
          });
        }
      ),
      { numRuns: 200 }
    );
  });

  it('should add up: twice the work costs the variable part twice', () => {
    const fargate = (coreHours: number): number => {
      const { results } = compute(withHours(coreHours));
      const found = results.find(({ option }) => option.id === 'fargate');
      return found?.bill?.USD ?? NaN;
    };
    expect(fargate(0)).toBe(0);
    expect(fargate(200)).toBeCloseTo(2 * fargate(100), 9);
    expect(fargate(300)).toBeCloseTo(fargate(100) + fargate(200), 9);
  });

  it('should agree with a bill that was added up by hand', () => {
    // 730 hours of 20 workers with 4 vCPU and 16 GB, and nothing beside them.
    const changed = {
      utilisation: 1,
      fargate_extras: 0,
      machine_extras: 0,
      idle_nodes: 0,
      cluster_cores: 10_000
    };
    const { results } = compute({ ...withHours(730 * 80), changed });
    const bill = (id: string): number =>
      results.find(({ option }) => option.id === id)?.bill?.USD ?? NaN;
    expect(bill('fargate') / 730).toBeCloseTo(4.66, 1);
    expect(bill('ec2') / 730).toBeCloseTo(3.84, 1);
    expect(bill('kubernetes') / 730).toBeCloseTo(3.94, 2);
    expect((bill('coiled-basic') - 100) / 730).toBeCloseTo(7.84, 1);
    expect(bill('slurm')).toBeCloseTo(730 * 80 * 0.02);
  });

  it('should say what has no price, not take it as free', () => {
    const { results } = compute(START, PRICES);
    for (const id of ['slurm', 'saturn']) {
      const found = results.find(({ option }) => option.id === id);
      expect([id, found?.bill, found?.total]).toEqual([id, null, null]);
      expect(found?.missing.join()).toContain('no price set');
      expect(found?.hours).toBeGreaterThan(0);
    }
    const { results: none } = compute(START, []);
    expect(
      none.filter(({ bill }) => bill !== null).map(({ option }) => option.id)
    ).toEqual(['laptop', 'server']);
  });

  it('should not add two currencies, nor compare them', () => {
    const { sheet, results } = compute({ ...START, currency: 'EUR' });
    const fargate = results.find(({ option }) => option.id === 'fargate');
    expect(Object.keys(fargate?.total ?? {}).sort()).toEqual(['EUR', 'USD']);
    expect(fargate && comparable(fargate)).toBeUndefined();
    expect(cheapest(results, sheet.currency)?.option.id).toMatch(
      /laptop|server/
    );
    const mixed = compute(START, [
      ...PRICES.filter(
        ({ provider, item }) => `${provider} ${item}` !== 'fargate memory'
      ),
      price({
        provider: 'fargate',
        item: 'memory',
        unit: 'GB-hour',
        currency: 'EUR'
      })
    ]).results.find(({ option }) => option.id === 'fargate');
    expect(mixed?.bill).toBeNull();
    expect(mixed?.missing.join()).toContain('several currencies');
  });

  it('should tell who cannot do the work, and why', () => {
    const limits = (work: Partial<IWork>): Record<string, string> =>
      Object.fromEntries(
        compute({ ...START, work: { ...EXAMPLE, mode: 'hours', ...work } })
          .results.filter(result => result.limits.length > 0)
          .map(({ option, limits: words }) => [option.id, words.join(' ')])
      );
    const many = limits({ users: 5 });
    expect(many['coiled-basic']).toContain('2 seats: 3 more are needed');
    expect(many['coiled-pro']).toBeUndefined();
    expect(limits({ peakCoreHours: 400, peakHours: 2 }).laptop).toMatch(
      /\d+ more laptops would be needed/
    );
    expect(limits({ gigabytes: 1e6 }).server).toContain('Your line would need');
  });

  it('should find where the cheapest changes', () => {
    const { sheet } = compute(START, PRICES);
    const found = breakEvens(sheet, trans);
    for (const { coreHours, below, above } of found) {
      const scale = coreHours / (valuesOf(sheet).core_hours ?? 1);
      const best = [scale / 1.01, scale * 1.01].map(
        times =>
          cheapest(
            compareOptions(sheet, valuesOf(sheet, { scale: times }), trans),
            'USD'
          )?.option.label
      );
      expect(best).toEqual([below, above]);
    }
    expect(found.length).toBeGreaterThan(0);
    for (const { totals } of curves(sheet, trans)) {
      expect(totals).toHaveLength(scales().length);
    }
  });

  it('should find that what is doubled costs more', () => {
    const { sheet, results } = compute(START);
    const items = sensitivities(sheet, assumptions(trans), trans);
    const best = cheapest(results, 'USD');
    const people = items.find(({ name }) => name === 'hour_price');
    expect(people?.change[1]).toBeCloseTo(best?.people.USD ?? NaN);
    expect(people?.change[0]).toBeCloseTo(-(best?.people.USD ?? NaN) / 2);
  });
});

describe('The input that is kept', () => {
  it('should come back as it was', () => {
    fc.assert(
      fc.property(inputs, input => {
        const kept = JSON.parse(JSON.stringify(input));
        expect(readInput(kept, trans)).toEqual(kept);
      })
    );
  });

  it('should give defaults for what is damaged, and never throw', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        expect(() => readInput(value as never, trans)).not.toThrow();
      })
    );
    const input = readInput(
      {
        work: { items: [{ kind: 'gone' }, 5], coreHours: -1 },
        changed: { utilisation: 7, unknown: 1, overhead: 2 },
        currency: 'QQQ'
      },
      trans
    );
    expect(input?.work.items).toEqual([]);
    expect(input?.work.coreHours).toBe(EXAMPLE.coreHours);
    expect(input?.changed).toEqual({ overhead: 2 });
    expect(input?.currency).toBe('USD');
  });
});

describe('The notebook', () => {
  const EVIL = '"""\u2028!rm\u2028# \\" </script>';

  function run(input: IInput, prices: readonly IPrice[]): void {
    const { sheet, results } = compute(input, prices);
    const notebook = comparisonNotebook(
      sheet,
      results,
      NOON,
      nullTranslator.load('')
    );
    const code = notebook.cells
      .filter(cell => cell.cell_type === 'code')
      .map(cell => String(cell.source));
    for (const cell of code) {
      expect(cell).toMatch(/^[\x20-\x7e\n]*$/);
    }
    code.push('import json; print("RESULT", json.dumps(results))');
    const { stdout, stderr } = spawnSync('python3', ['-'], {
      input: code.join('\n\n'),
      encoding: 'utf8'
    });
    expect(stderr).toBe('');
    expect(stdout).toContain('The numbers are those of the page.');
    const computed = JSON.parse(stdout.split('RESULT ')[1]);
    expect(Object.keys(computed)).toEqual(
      results.map(({ option }) => option.id)
    );
    for (const { option, hours, bill, total, limits } of results) {
      const found = computed[option.id];
      expect(found.hours).toBeCloseTo(hours, 9);
      expect(found.limits).toHaveLength(limits.length);
      for (const [mine, its] of [
        [bill, found.bill],
        [total, found.total]
      ]) {
        expect(Object.keys(its ?? {}).sort()).toEqual(
          Object.keys(mine ?? {}).sort()
        );
        for (const [currency, amount] of Object.entries<number>(its ?? {})) {
          expect(amount).toBeCloseTo(mine[currency], 6);
        }
      }
    }
  }

  it('should compute the numbers of the page, with the prices that are shipped', () => {
    run(START, PRICES);
  });

  it('should compute them with any input, any source text and two currencies', () => {
    fc.assert(
      fc.property(inputs, input => {
        run(input, [
          ...PRICES.map(row => ({ ...row, source: EVIL })),
          { ...SLURM, currency: 'KES', source: EVIL }
        ]);
      }),
      { numRuns: 8 }
    );
  });

  it('should need only prices that are named', () => {
    expect(new Set(NEEDED.map(({ name }) => name)).size).toBe(NEEDED.length);
  });
});

describe('The ticks of a logarithmic axis', () => {
  it('should be the powers of ten where there are two of them', () => {
    expect(majorTicks([0.01, 0.02, 0.1, 0.5, 1000])).toEqual([
      0.01,
      null,
      0.1,
      null,
      1000
    ]);
  });

  it('should be all of them in less than a decade', () => {
    expect(majorTicks([10, 20, 30])).toEqual([10, 20, 30]);
  });
});
