/** Places of the shell that are there before what fills them. */
import type { IWidgetTracker } from '@jupyterlab/apputils';
import type { IDocumentWidget } from '@jupyterlab/docregistry';
import { ReadonlyPartialJSONObject, Token } from '@lumino/coreutils';
import type { Panel, Widget } from '@lumino/widgets';
import { PACKAGE } from './names';

/**
 * Places of the shell that are there before the code that fills them.
 *
 * #### Notes
 * The sidebar's tab and the restoring of panes must be known when the
 * application starts; what is in them comes with the first use.
 */
export interface IPlaces {
  /** The sidebar's widget; hidden until the person opens it. */
  readonly sidebar: Panel;
  /**
   * Bring the tracker's widgets back after a reload, as a layout restorer
   * does. The namespace must be one that the start plugin knows.
   */
  restore<T extends Widget>(
    tracker: IWidgetTracker<T>,
    namespace: string,
    args: (widget: T) => ReadonlyPartialJSONObject
  ): void;
  /** What fills the pages of workshop files, those that are open already too. */
  fillWorkshops(fill: (page: IDocumentWidget<Panel>) => Promise<void>): void;
  /** The same for the trainers' pages of workshop files. */
  fillClasses(fill: (page: IDocumentWidget<Panel>) => Promise<void>): void;
}

export const IPlaces = new Token<IPlaces>(
  `${PACKAGE}:IPlaces`,
  'Places of the shell that are filled at the first use.'
);
