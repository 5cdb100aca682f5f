/**
 * The comparison as a notebook that computes it again: the same numbers, the
 * same formulas, plain Python without packages. Pure functions.
 */
import type { INotebookContent } from '@jupyterlab/nbformat';
import type { TranslationBundle } from '@jupyterlab/translation';
import { toPython } from '../../cluster/literal';
import type { Money } from '../../tokens';
import { IOptionResult, ISheet } from './compare';

const CALCULATE = `
import re
from math import ceil

allowed = {"__builtins__": {}, "ceil": ceil, "max": max, "min": min}
known = {name: number["value"] for name, number in numbers.items() if number["value"] is not None}


def calculate(formula):
    """Value of a formula, or None where a number in it is not known."""
    try:
        return eval(formula, allowed, known)
    except NameError:
        return None


def currency_of(formula):
    """Currency of an amount, or None where its prices are in several."""
    names = re.findall(r"[A-Za-z_]\\w*", formula)
    found = {numbers[name]["currency"] for name in names if name in numbers} - {None}
    return None if len(found) > 1 else next(iter(found), currency)


def add(*parts):
    """Sum, currency by currency."""
    total = {}
    for part in parts:
        for code, amount in part.items():
            total[code] = total.get(code, 0) + amount
    return total


def bill_of(option):
    """Money a month, or None where a price is not set."""
    parts = []
    for formula in option["bill"].values():
        amount, code = calculate(formula), currency_of(formula)
        if amount is None or code is None:
            return None
        parts.append({code: amount})
    return add(*parts)


for name, formula in quantities.items():
    value = calculate(formula)
    if value is not None:
        known[name] = value

results = {}
for name, option in options.items():
    hours = calculate(option["hours"])
    bill = bill_of(option)
    people = {currency: hours * known["hour_price"]}
    total = None if bill is None else add(bill, people)
    over = {text: calculate(formula) or 0 for text, formula in option["limits"].items()}
    limits = [text for text, value in over.items() if value > 0]
    results[name] = {"hours": hours, "bill": bill, "total": total, "limits": limits}`;

const SHOW = `
def written(amounts):
    """Money as text."""
    if amounts is None:
        return "no price set"
    return " + ".join(f"{amount:,.2f} {code}" for code, amount in sorted(amounts.items()))


rows = [("", "bill a month", "people's hours", "total a month", "cannot do it because")]
for name, result in results.items():
    facts = [written(result["bill"]), f"{result['hours']:.1f}", written(result["total"])]
    rows.append((options[name]["label"], *facts, "; ".join(result["limits"])))
widths = [max(len(row[column]) for row in rows) for column in range(4)]
for row in rows:
    cells = [cell.ljust(width) for cell, width in zip(row, widths)]
    print("  ".join([*cells, row[4]]).rstrip())`;

const CHECK = `
def is_same(a, b):
    """Whether two amounts are the same to a millionth."""
    if a is None or b is None:
        return a is b
    codes = {*a, *b}
    return all(abs(a.get(c, 0) - b.get(c, 0)) <= 1e-6 * max(1, abs(a.get(c, 0))) for c in codes)


changed = [name for name, total in shown.items() if not is_same(total, results[name]["total"])]
if changed:
    print("Other than on the page:", ", ".join(options[name]["label"] for name in changed))
else:
    print("The numbers are those of the page.")`;

/**
 * Write the notebook.
 *
 * @param time - When, ms since the epoch.
 */
export function comparisonNotebook(
  sheet: ISheet,
  results: readonly IOptionResult[],
  time: number,
  trans: TranslationBundle,
  kernelspec?: { name: string; display_name: string }
): INotebookContent {
  const date = new Date(time).toISOString().slice(0, 10);
  const numbers = sheet.numbers.map(
    ({ name, value, unit, currency, label, source, date: of }) =>
      Private.entry(name, {
        value: value ?? null,
        unit,
        currency: currency ?? null,
        label,
        source,
        date: of
      })
  );
  const quantities = sheet.quantities.map(({ name, formula }) =>
    Private.entry(name, formula)
  );
  const options = sheet.options.map(
    ({ id, label, bill, hours, limits, notes }) =>
      Private.entry(id, {
        label,
        hours: `setup_${hours} / setup_months + upkeep_${hours}`,
        bill: Private.dict(bill.map(line => [line.label, line.formula])),
        limits: Private.dict(
          limits.map(({ text, formula }) => [
            text.replace(/ ?%1 ?/, ' … ').trim(),
            formula
          ])
        ),
        notes
      })
  );
  const shown = results.map(({ option, total }) =>
    Private.entry(option.id, Private.plain(total))
  );
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      ...(kernelspec ? { kernelspec } : {}),
      language_info: { name: 'python' }
    },
    cells: [
      Private.markdown(
        'title',
        `# ${trans.__('Own or rent a Dask cluster')}\n\n` +
          trans.__(
            'Saved on %1. The numbers stand in the next cell, each with its source and date; change what is different for you and run all cells. A value of None is not known: no price was set. Prices come from second-hand sources: check those that decide.',
            date
          )
      ),
      Private.code('numbers', Private.assign('numbers', numbers)),
      Private.code(
        'formulas',
        `currency = ${toPython(sheet.currency)}\n` +
          `${Private.assign('quantities', quantities)}\n` +
          Private.assign('options', options)
      ),
      Private.code('calculate', CALCULATE.trim()),
      Private.code('show', SHOW.trim()),
      Private.markdown(
        'page',
        trans.__('The totals as the page showed them when this was saved:')
      ),
      Private.code(
        'check',
        `${Private.assign('shown', shown)}\n\n\n${CHECK.trim()}`
      )
    ]
  };
}

namespace Private {
  type Value = Parameters<typeof toPython>[0];

  /** A line of a dictionary. */
  export function entry(name: string, value: Value): string {
    return `    ${toPython(name)}: ${toPython(value)},`;
  }

  export function assign(name: string, lines: string[]): string {
    return `${name} = {\n${lines.join('\n')}\n}`;
  }

  /** A dictionary in which a doubled name keeps both values. */
  export function dict(pairs: [string, string][]): Record<string, string> {
    const result: Record<string, string> = {};
    for (const [name, value] of pairs) {
      let free = name;
      for (let count = 2; free in result; count += 1) {
        free = `${name} (${count})`;
      }
      result[free] = value;
    }
    return result;
  }

  export function plain(amounts: Money | null): Record<string, number> | null {
    return amounts && { ...amounts };
  }

  export function markdown(
    id: string,
    source: string
  ): INotebookContent['cells'][number] {
    return { cell_type: 'markdown', id, metadata: {}, source };
  }

  export function code(
    id: string,
    source: string
  ): INotebookContent['cells'][number] {
    return {
      cell_type: 'code',
      id,
      metadata: {},
      source,
      execution_count: null,
      outputs: []
    };
  }
}
