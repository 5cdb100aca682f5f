/** What a person says for an estimate besides the parameters, by template. */
import type { IStateDB } from '@jupyterlab/statedb';
import { PACKAGE } from '../../tokens';

/** All of it can be absent. */
export interface IWishes {
  /** Minutes within which it should be done. */
  minutes?: number;
  /** Side of a pixel as the archive has it. */
  resolution?: number;
  /** The area, where a file has it. */
  squareKm?: number;
}

/** The wishes of the last time. */
export async function loadWishes(
  state: IStateDB | null,
  template: string
): Promise<IWishes> {
  try {
    const found = await state?.fetch(Private.key(template));
    const record = (found ?? {}) as Record<string, unknown>;
    return Object.fromEntries(
      Object.entries(record).filter(
        ([name, value]) =>
          Private.NAMES.includes(name) &&
          typeof value === 'number' &&
          Number.isFinite(value) &&
          value > 0
      )
    );
  } catch {
    // A state that cannot be read is the same as none.
    return {};
  }
}

/** Keep wishes for the next time. */
export function saveWishes(
  state: IStateDB | null,
  template: string,
  wishes: IWishes
): void {
  state?.save(Private.key(template), { ...wishes }).catch(() => undefined);
}

namespace Private {
  export const NAMES = ['minutes', 'resolution', 'squareKm'];

  export function key(template: string): string {
    return `${PACKAGE}:sizing:${template}`;
  }
}
