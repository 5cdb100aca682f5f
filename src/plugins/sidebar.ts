import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { ITranslator } from '@jupyterlab/translation';
import { ClustersPanel, SECTIONS } from '../sidebar/panel';
import { createServices } from '../sidebar/services';
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
  const configure = (setting: ISettingRegistry.ISettings): void => {
    const { readOnly, sections } = setting.composite;
    panel.configure({
      readOnly: readOnly === true,
      sections: Array.isArray(sections) ? sections.map(String) : SECTIONS
    });
  };
  if (settings) {
    // A setting that cannot be read leaves the defaults.
    void settings.load(ID).then(
      setting => {
        setting.changed.connect(configure, panel);
        configure(setting);
      },
      () => undefined
    );
  }
  places.sidebar.addWidget(panel);
}
