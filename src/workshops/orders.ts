/**
 * What a trainer has set for a class, remembered by the trainer's page: the hub's
 * service forgets it when it restarts, and then it is said again.
 */
import type { IStateDB } from '@jupyterlab/statedb';
import type { JSONObject } from '@lumino/coreutils';
import { PACKAGE } from '../tokens';
import { HOLDS, isSameRule } from './rules';
import type { IClassRules, IRule } from './rules';
import type { ClassService } from './service';
import { readClassRules } from './serviceWire';

const NOTHING: IClassRules = { all: {}, people: {} };

export class Orders {
  constructor(private _options: Orders.IOptions) {}

  /** What holds, as far as it is known. */
  get rules(): IClassRules {
    const { workshop, at, rules } = this._known;
    const isHeld = Date.now() - at < HOLDS;
    return isHeld && workshop === this._options.workshop() ? rules : NOTHING;
  }

  /** Take what the service says, or say again what it has forgotten. */
  async heed(
    service: Pick<ClassService, 'classRules' | 'order'>
  ): Promise<void> {
    const workshop = this._options.workshop();
    if (this._known.workshop !== workshop) {
      await this._recall(workshop);
    }
    const told = service.classRules[workshop];
    if (!told) {
      for (const [rule, users] of groups(this.rules)) {
        await service.order({ workshop, ...rule }, users);
      }
    } else if (!isSame(told, this.rules)) {
      const at = Date.now();
      this._known = { workshop, at, rules: told };
      // Written as the service writes it, so that it is read by the same rules.
      const orders = { [workshop]: seconds(told) };
      await this._options.state?.save(this._key(workshop), { at, orders });
    }
  }

  /** What this or an earlier page knew. */
  private async _recall(workshop: string): Promise<void> {
    const key = this._key(workshop);
    const kept = (await this._options.state?.fetch(key)) as
      JSONObject | undefined;
    const at = Number(kept?.at ?? 0);
    const rules = readClassRules(kept ?? {})[workshop] ?? NOTHING;
    this._known = { workshop, at, rules };
    if (kept && !(Date.now() - at < HOLDS)) {
      await this._options.state?.remove(key);
    }
  }

  private _key(workshop: string): string {
    return `${PACKAGE}:orders:${workshop}`;
  }

  private _known = { workshop: '', at: 0, rules: NOTHING };
}

export namespace Orders {
  export interface IOptions {
    /** The id of the class; the file can change it. */
    workshop: () => string;
    /** Where it is remembered; null where it holds for this page only. */
    state: IStateDB | null;
  }
}

/** What is to be said so that rules hold, and to whom; nobody is named for all. */
function groups({ all, people }: IClassRules): Array<[IRule, string[]]> {
  const said: Array<[IRule, string[]]> =
    Object.keys(all).length > 0 ? [[all, []]] : [];
  const same = new Map<string, [IRule, string[]]>();
  for (const [name, rule] of Object.entries(people)) {
    const key = `${rule.end} ${rule.workers}`;
    const group = same.get(key) ?? [rule, []];
    group[1].push(name);
    same.set(key, group);
  }
  return [...said, ...same.values()];
}

function isSame(a: IClassRules, b: IClassRules): boolean {
  const names = new Set([...Object.keys(a.people), ...Object.keys(b.people)]);
  return (
    isSameRule(a.all, b.all) &&
    [...names].every(name =>
      isSameRule(a.people[name] ?? {}, b.people[name] ?? {})
    )
  );
}

/** Rules with times as the service has them. */
function seconds({ all, people }: IClassRules): JSONObject {
  const one = ({ end, workers }: IRule): JSONObject => ({
    ...(end === undefined ? {} : { end: end === null ? null : end / 1000 }),
    ...(workers === undefined ? {} : { workers })
  });
  return {
    all: one(all),
    people: Object.fromEntries(
      Object.entries(people).map(([name, rule]) => [name, one(rule)])
    )
  };
}
