import { MainAreaWidget } from '@jupyterlab/apputils';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import * as React from 'react';
import { LanguageProvider } from '../components/language';
import { clusterIcon } from '../icons';
import { LeftModel } from './left';
import { LeftView } from './leftView';
import type { ISidebarServices } from './services';
import '../../style/base.css';
import '../../style/card.css';
import '../../style/left.css';

/**
 * Everything that runs anywhere.
 *
 * #### Notes
 * While nobody can see it, it looks at no cluster.
 */
export class LeftPanel extends ReactWidget {
  constructor(private _services: ISidebarServices) {
    super();
    this.addClass('jp-DaskLeft');
    const { manager, registry, language } = _services;
    this.model = new LeftModel({ manager, registry, trans: language.trans });
  }

  /** What the providers told. */
  readonly model: LeftModel;

  override dispose(): void {
    if (!this.isDisposed) {
      this.model.dispose();
      super.dispose();
    }
  }

  protected override onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    this.update();
  }

  protected override onAfterHide(msg: Message): void {
    super.onAfterHide(msg);
    this.update();
  }

  protected render(): JSX.Element {
    return (
      <LanguageProvider value={this._services.language}>
        <LeftView
          model={this.model}
          services={this._services}
          visible={this.isVisible}
          onCleanUp={() => void this._cleanUp()}
        />
      </LanguageProvider>
    );
  }

  private async _cleanUp(): Promise<void> {
    const { cleanUp } = await import('./cleanUp');
    await cleanUp(this.model, this._services);
  }
}

/** The same as a tab of the main area. */
export function createLeftRunning(
  services: ISidebarServices
): MainAreaWidget<LeftPanel> {
  const { trans } = services.language;
  const widget = new MainAreaWidget({ content: new LeftPanel(services) });
  widget.id = 'jp-dask-left-running';
  widget.title.label = trans.__('Left running');
  widget.title.caption = trans.__('Dask: all that runs for you anywhere');
  widget.title.icon = clusterIcon;
  widget.title.closable = true;
  widget.toolbar.hide();
  return widget;
}
