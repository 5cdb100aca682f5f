import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { hasServer } from '../server';
import { followSettings } from '../settings';
import { ClustersPanel, SECTIONS } from '../sidebar/panel';
import { createServices } from '../sidebar/services';
import { DOMAIN } from '../tokens';
import type {
  IClusterManager,
  ICosts,
  IDashboards,
  IPlaces,
  IProfiles,
  IProviderRegistry,
  ISnippets,
  ITemplates
} from '../tokens';

const ID = 'jupyterlab-seasonal-monitor:sidebar';

/** Fill the sidebar with clusters, templates and dashboards. */
export function activate(
  app: JupyterFrontEnd,
  places: IPlaces,
  manager: IClusterManager,
  registry: IProviderRegistry,
  profiles: IProfiles | null,
  snippets: ISnippets | null,
  dashboards: IDashboards | null,
  templates: ITemplates | null,
  costs: ICosts | null,
  settings: ISettingRegistry | null,
  translator: ITranslator | null
): void {
  const panel = new ClustersPanel(
    createServices({
      manager,
      registry,
      profiles,
      snippets,
      dashboards,
      templates,
      costs,
      translator,
      commands: app.commands,
      kernelspecs: app.serviceManager.kernelspecs
    })
  );
  const configure = (setting: ISettingRegistry.ISettings | null): void => {
    const { readOnly, sections } = setting?.composite ?? {};
    // What an administrator has switched off stays so.
    const locked = setting?.schema.properties?.readOnly?.default === true;
    manager.readOnly = locked || readOnly === true || !hasServer();
    panel.configure({
      locked,
      sections: Array.isArray(sections) ? sections.map(String) : SECTIONS
    });
  };
  if (settings) {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    void followSettings(settings, ID, trans, configure);
  }
  places.sidebar.addWidget(panel);
}
