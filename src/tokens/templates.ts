/** Parameterised notebooks, and where they come from. */
import { JSONObject, Token } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { PACKAGE } from './names';

/** A parameterised notebook, as the catalogue lists it. */
export interface ITemplate {
  id: string;
  version: string;
  title: string;
  task: string;
  description: string;
  tags: string[];
  /** Products that it reads or makes, such as `rfh_dekad`. */
  products?: string[];
  /** JSON Schema of the parameters, in display order. */
  parameters: JSONObject;
  /** Packages that its kernel needs. */
  requires: string[];
  /**
   * How its work follows from its parameters, see the documentation of
   * templates; absent where there is no estimate.
   */
  cost?: JSONObject;
  /** The notebook itself (nbformat 4); empty in a list of descriptions. */
  notebook: JSONObject;
  /** Why it cannot be used, in words; absent when it can. */
  problem?: string;
}

/** Where templates come from. */
export interface ITemplateSource {
  readonly id: string;
  load(): Promise<ITemplate[]>;
  /**
   * One template with its parameters and notebook, by its id. A source that has
   * this lists descriptions only, so that nothing else is loaded for a list.
   */
  whole?(id: string): Promise<ITemplate>;
}

/** The catalogue of templates. */
export interface ITemplates {
  /** Descriptions, of which some have no parameters and notebook yet. */
  list(): Promise<ITemplate[]>;
  /** One template, whole. */
  get(id: string): Promise<ITemplate | undefined>;
  add(source: ITemplateSource): IDisposable;
  /** There may be other templates than before. */
  readonly changed: ISignal<ITemplates, void>;
  /** Read all sources again when they are next asked for. */
  refresh(): void;
  /** Open the template's form in the main area. */
  open(id: string): Promise<void>;
  /**
   * Drag the template's cells, with its own values, to a place in a notebook. Call
   * it from a native `dragstart`, which it cancels. Resolves when the drag has ended.
   */
  drag(id: string, event: MouseEvent): Promise<void>;
}

export const ITemplates = new Token<ITemplates>(
  `${PACKAGE}:ITemplates`,
  'Seasonal Monitor templates and where they come from.'
);
