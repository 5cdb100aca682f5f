import type { KernelSpec } from '@jupyterlab/services';
import type { ITranslator } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { createLanguage, ILanguage } from '../components/language';
import type {
  IClusterManager,
  ICosts,
  IDashboards,
  IProfiles,
  IProviderRegistry,
  ISnippets,
  ITemplates
} from '../tokens';

/** What the plugins give to the views. */
export interface ISidebarParts {
  manager: IClusterManager;
  registry: IProviderRegistry;
  profiles: IProfiles | null;
  snippets?: ISnippets | null;
  dashboards?: IDashboards | null;
  templates?: ITemplates | null;
  costs?: ICosts | null;
  commands: CommandRegistry;
  translator: ITranslator | null;
  kernelspecs: Pick<KernelSpec.IManager, 'specs'>;
}

/** What the views of the sidebar read from and act through. */
export interface ISidebarServices {
  manager: IClusterManager;
  registry: IProviderRegistry;
  profiles: IProfiles | null;
  snippets: ISnippets | null;
  dashboards: IDashboards | null;
  templates: ITemplates | null;
  costs: ICosts | null;
  commands: CommandRegistry;
  language: ILanguage;
  /** A kernelspec's name as people know it. */
  environmentLabel: (name: string) => string;
}

/** The services of the views, from what the plugins have. */
export function createServices(parts: ISidebarParts): ISidebarServices {
  const { manager, registry, profiles, commands } = parts;
  return {
    manager,
    registry,
    profiles,
    commands,
    snippets: parts.snippets ?? null,
    dashboards: parts.dashboards ?? null,
    templates: parts.templates ?? null,
    costs: parts.costs ?? null,
    language: createLanguage(parts.translator),
    environmentLabel: name =>
      parts.kernelspecs.specs?.kernelspecs[name]?.display_name ?? name
  };
}
