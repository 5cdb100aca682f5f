import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import {
  caretDownIcon,
  ReactWidget,
  UseSignal
} from '@jupyterlab/ui-components';
import React from 'react';
import '../../style/notebook.css';
import { clusterIcon } from '../icons';
import { plainText } from '../plainText';
import type { IClusterManager, ISnippets } from '../tokens';
import { openMenu } from './menu';

/** What the item shows: the cluster's name and how the connection is. */
export interface IToolbarItemProps {
  /** Absent when the notebook is not connected. */
  name?: string;
  status: ISnippets.IState['status'];
  trans: TranslationBundle;
  onClick: (anchor: HTMLElement) => void;
}

/** "Dask: name", "Dask" until it is known, a mark and a word for a connection that was lost. */
export function ToolbarItem(props: IToolbarItemProps): React.ReactElement {
  const { name, status, trans, onClick } = props;
  const label =
    status === 'unknown'
      ? trans.__('Dask')
      : status === 'none' || !name
        ? trans.__('Dask: none')
        : trans.__('Dask: %1', plainText(name));
  const title = {
    unknown: trans.__('Choose a Dask cluster for this notebook'),
    none: trans.__('Connect this notebook to a Dask cluster'),
    connected: trans.__('This notebook is connected. Choose another cluster'),
    lost: trans.__('Not connected any more. Open the menu to reconnect')
  }[status];
  return (
    <button
      type="button"
      className={`jp-DaskNotebook-item jp-mod-${status}`}
      title={title}
      aria-haspopup="menu"
      onClick={event => onClick(event.currentTarget)}
    >
      <clusterIcon.react tag="span" stylesheet="toolbarButton" />
      <span className="jp-DaskNotebook-name">{label}</span>
      <span className="jp-DaskNotebook-status" role="status">
        {status === 'lost' ? trans.__('not connected') : ''}
      </span>
      <caretDownIcon.react tag="span" stylesheet="toolbarButton" />
    </button>
  );
}

/** The item of one notebook's toolbar. */
export function createToolbarItem(
  options: createToolbarItem.IOptions
): ReactWidget {
  const { panel, snippets, manager, trans } = options;
  const item = ReactWidget.create(
    <UseSignal signal={snippets.connectedChanged}>
      {() => {
        const { cluster, status } = snippets.state(panel.id);
        const name = cluster ? manager.get(cluster)?.snapshot.name : undefined;
        return (
          <ToolbarItem
            name={name ?? cluster ?? undefined}
            status={status}
            trans={trans}
            onClick={anchor => void openMenu({ ...options, anchor })}
          />
        );
      }}
    </UseSignal>
  );
  item.addClass('jp-DaskNotebook');
  return item;
}

export namespace createToolbarItem {
  export interface IOptions {
    panel: NotebookPanel;
    commands: JupyterFrontEnd['commands'];
    snippets: ISnippets;
    manager: IClusterManager;
    trans: TranslationBundle;
  }
}
