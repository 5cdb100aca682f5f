import {
  CommandToolbarButton,
  LabIcon,
  linkIcon,
  listIcon,
  PanelWithToolbar,
  ReactWidget,
  refreshIcon,
  searchIcon,
  SidePanel
} from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import type { AccordionPanel, Widget } from '@lumino/widgets';
import * as React from 'react';
import { CommandIDs } from '../commands';
import { LanguageProvider } from '../components/language';
import { ClustersSection } from './clustersSection';
import { DashboardsSection } from './dashboardsSection';
import { Header } from './header';
import { SidebarModel } from './model';
import type { ISidebarServices } from './services';
import { TemplatesSection } from './templatesSection';
import { Totals } from './totals';
import '../../style/base.css';
import '../../style/card.css';
import '../../style/sidebar.css';

/** The sections below the clusters, in the order in which they stand at first. */
export const SECTIONS: readonly string[] = ['templates', 'dashboards'];

/** What the person decides about the sidebar. */
export interface ISidebarSettings {
  /** Whether an administrator decided that one can only watch. */
  locked: boolean;
  /** The sections below the clusters, by name, in order. */
  sections: readonly string[];
}

/**
 * Clusters, templates and dashboards.
 *
 * #### Notes
 * While nobody can see it, it asks nobody anything.
 */
export class ClustersPanel extends SidePanel {
  constructor(private _services: ISidebarServices) {
    super();
    const { manager, dashboards, templates, language } = _services;
    const { trans } = language;
    this.addClass('jp-DaskSidebar');
    this._model = new SidebarModel({ manager });
    this._totals = new Totals(manager);
    this.header.addWidget(
      this._wrap(
        <Header
          model={this._model}
          totals={this._totals}
          services={_services}
        />,
        'jp-DaskHeader'
      )
    );
    this._clusters = this._section(
      trans.__('Clusters'),
      <ClustersSection model={this._model} services={_services} />,
      [
        [CommandIDs.showLeftRunning, listIcon],
        [CommandIDs.refreshClusters, refreshIcon]
      ]
    );
    if (templates) {
      this._others.set(
        'templates',
        this._section(
          trans.__('Templates'),
          <TemplatesSection services={_services} templates={templates} />,
          [[CommandIDs.refreshTemplates, refreshIcon]]
        )
      );
    }
    if (dashboards) {
      this._others.set(
        'dashboards',
        this._section(
          trans.__('Dashboards'),
          <DashboardsSection services={_services} dashboards={dashboards} />,
          [
            [CommandIDs.openDashboardAddress, linkIcon],
            [CommandIDs.detectDashboard, searchIcon]
          ]
        )
      );
    }
    const accordion = this.content as AccordionPanel;
    accordion.expansionToggled.connect(this._onToggled, this);
    this.configure({ locked: false, sections: SECTIONS });
  }

  /** Follow the person's settings. */
  configure({ locked, sections }: ISidebarSettings): void {
    this._model.setLocked(locked);
    const wanted = [this._clusters];
    for (const name of sections) {
      const section = this._others.get(name);
      if (section && !wanted.includes(section)) {
        wanted.push(section);
      }
    }
    for (const widget of [...this.widgets]) {
      if (!wanted.includes(widget as PanelWithToolbar)) {
        widget.parent = null;
      }
    }
    wanted.forEach((section, index) => {
      if (this.widgets[index] !== section) {
        this.insertWidget(index, section);
      }
    });
    (this.content as AccordionPanel).setRelativeSizes(
      wanted.map((_, index) => (index === 0 ? 2 : 1))
    );
  }

  override dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this._totals.dispose();
    this._model.dispose();
    this._others.forEach(section => section.dispose());
    super.dispose();
  }

  /** The page's visibility and the person's activity. */
  handleEvent(event: Event): void {
    if (event.type === 'visibilitychange') {
      this._update();
    } else {
      this._model.active();
    }
  }

  protected override onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    document.addEventListener('visibilitychange', this);
    document.addEventListener('pointermove', this, true);
    document.addEventListener('keydown', this, true);
    this._update();
  }

  protected override onBeforeDetach(msg: Message): void {
    document.removeEventListener('visibilitychange', this);
    document.removeEventListener('pointermove', this, true);
    document.removeEventListener('keydown', this, true);
    super.onBeforeDetach(msg);
  }

  protected override onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    this._update();
  }

  protected override onAfterHide(msg: Message): void {
    super.onAfterHide(msg);
    this._update();
  }

  private _wrap(content: JSX.Element, name: string): Widget {
    const widget = ReactWidget.create(
      <LanguageProvider value={this._services.language}>
        {content}
      </LanguageProvider>
    );
    widget.addClass(name);
    return widget;
  }

  private _section(
    label: string,
    content: JSX.Element,
    tools: Array<[id: string, icon: LabIcon]> = []
  ): PanelWithToolbar {
    const { commands } = this._services;
    const section = new PanelWithToolbar();
    section.addClass('jp-DaskSection');
    section.title.label = label;
    section.addWidget(this._wrap(content, 'jp-DaskSection-content'));
    for (const [id, icon] of tools) {
      // The button shows itself as soon as there is the command.
      section.toolbar.addItem(
        id,
        new CommandToolbarButton({ commands, id, icon, label: '' })
      );
    }
    return section;
  }

  /** The clusters are always in view: their section opens again. */
  private _onToggled(sender: AccordionPanel, index: number): void {
    if (index === 0 && sender.widgets[0]?.isHidden) {
      sender.expand(0);
    }
  }

  /** Someone looks, or nobody does any more. */
  private _update(): void {
    const visible = this.isVisible && document.visibilityState === 'visible';
    const before = this._model.state.visible;
    this._model.setVisible(visible);
    if (visible && !before) {
      this._prepare();
      if (!this._asked) {
        this._asked = true;
        void this._model.refresh();
      }
      this._model.active();
    }
  }

  /** Let the providers get ready for a click. */
  private _prepare(): void {
    if (this._model.state.readOnly) {
      return;
    }
    const { registry, profiles } = this._services;
    const last = profiles?.last;
    for (const maker of registry.providers) {
      if (maker.creates && maker.id !== last?.provider) {
        maker.prepare?.();
      } else if (maker.creates && last) {
        const { provider, options } = last;
        const environment = last.environment || undefined;
        const wanted = { provider, environment, options };
        maker.prepare?.(environment, profiles?.clamp(wanted).request);
      }
    }
    void profiles?.refresh();
  }

  private _model: SidebarModel;
  private _totals: Totals;
  private _clusters: PanelWithToolbar;
  private _others = new Map<string, PanelWithToolbar>();
  private _asked = false;
}
