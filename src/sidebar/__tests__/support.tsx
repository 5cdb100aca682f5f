import type { ITranslator, TranslationBundle } from '@jupyterlab/translation';
import { nullTranslator } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import { Widget } from '@lumino/widgets';
import * as React from 'react';
import { eventually } from '../../__tests__/eventually';
import { type } from '../../__tests__/type';
import { FakeDriver, FakeProvider } from '../../cluster/__tests__/fakes';
import { ClusterManager } from '../../cluster/manager';
import { Profiles } from '../../cluster/profiles';
import { ProviderRegistry } from '../../cluster/registry';
import { CommandIDs } from '../../commands';
import { LanguageProvider } from '../../components/language';
import type { ICluster, IClusterSnapshot } from '../../tokens';
import { addClusterCommands } from '../clusterCommands';
import { createServices, ISidebarServices } from '../services';

export { eventually, type };

const { axe } = jest.requireActual<{
  axe: (node: Element) => Promise<{ violations: { id: string }[] }>;
}>('jest-axe');

/** The names of the accessibility rules that a part of the page breaks. */
export async function violations(node: Element): Promise<string[]> {
  return (await axe(node)).violations.map(violation => violation.id);
}

/** Marks every string that went through it. */
export const pseudo: ITranslator = {
  languageCode: 'en',
  load: () => {
    const mark = (text: string, ...args: unknown[]): string =>
      `⟦${text.replace(/%(\d)/g, (_, place: string) => String(args[Number(place) - 1]))}⟧`;
    const count = (
      one: string,
      many: string,
      number: number,
      ...args: unknown[]
    ): string => mark(number === 1 ? one : many, number, ...args);
    return { __: mark, _n: count } as unknown as TranslationBundle;
  }
};

/** A whole model, with the real manager and a provider that the test plays. */
export class Stage {
  constructor(translator: ITranslator = nullTranslator) {
    this.registry.add(this.provider);
    const trans = translator.load('');
    this.manager = new ClusterManager({ registry: this.registry, trans });
    this.profiles = new Profiles({
      registry: this.registry,
      trans,
      save: async profiles => {
        this.saved = profiles.map(profile => profile.name);
      },
      remember: () => undefined
    });
    this.profiles.update({
      admin: [
        { name: 'small', provider: 'fake', options: { workers: 2 } },
        { name: 'large', provider: 'fake', options: { workers: 20 } }
      ],
      shipped: [],
      user: [],
      adminLimits: { workers: 8 },
      userLimits: {}
    });
    this.services = createServices({
      manager: this.manager,
      registry: this.registry,
      profiles: this.profiles,
      commands: this.commands,
      translator,
      kernelspecs: { specs: null }
    });
    addClusterCommands(this.services);
    for (const id of [
      CommandIDs.connectNotebook,
      CommandIDs.openDashboards,
      CommandIDs.showDetails
    ]) {
      this.commands.addCommand(id, {
        label: id,
        describedBy: { args: {} },
        execute: args => {
          this.executed.push([id, args]);
        }
      });
    }
  }

  readonly provider = new FakeProvider();
  readonly registry = new ProviderRegistry();
  readonly commands = new CommandRegistry();
  readonly manager: ClusterManager;
  readonly profiles: Profiles;
  readonly services: ISidebarServices;
  /** Commands of other rooms that were executed. */
  readonly executed: unknown[] = [];
  saved: string[] = [];

  /** Clusters that are there already, in one state each. */
  async find(
    ...snapshots: Array<Partial<IClusterSnapshot>>
  ): Promise<FakeDriver[]> {
    const drivers = snapshots.map(
      (snapshot, index) => new FakeDriver(`id-${index}`, snapshot)
    );
    this.provider.found = drivers;
    await this.manager.refresh();
    return drivers;
  }

  get first(): ICluster {
    return this.manager.clusters[0];
  }

  /** Draw something. */
  async draw(content: JSX.Element): Promise<HTMLElement> {
    const widget = ReactWidget.create(
      <LanguageProvider value={this.services.language}>
        {content}
      </LanguageProvider>
    );
    return this.attach(widget);
  }

  async attach(widget: Widget): Promise<HTMLElement> {
    this._widgets.push(widget);
    Widget.attach(widget, document.body);
    await eventually(() => expect(widget.node.childElementCount).not.toBe(0));
    return widget.node;
  }

  dispose(): void {
    this._widgets.forEach(widget => widget.dispose());
    document.body.replaceChildren();
  }

  private _widgets: Widget[] = [];
}

/** The buttons in a part of the page, by their accessible names. */
export function names(node: ParentNode): string[] {
  return [...node.querySelectorAll('button')].map(
    button => button.getAttribute('aria-label') ?? button.textContent ?? ''
  );
}

/** The button with this accessible name. */
export function button(node: ParentNode, name: string): HTMLButtonElement {
  const found = [...node.querySelectorAll('button')].filter(
    item => (item.getAttribute('aria-label') ?? item.textContent) === name
  );
  expect(found.map(item => item.textContent)).toHaveLength(1);
  return found[0];
}

/** Press a key on an element. */
export function press(node: Element, key: string): void {
  node.dispatchEvent(
    new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })
  );
}

/** The page has a size, which jsdom does not give it. */
export function giveSize(width: number, height: number): () => void {
  const spies = [
    jest.spyOn(Element.prototype, 'clientWidth', 'get').mockReturnValue(width),
    jest
      .spyOn(Element.prototype, 'clientHeight', 'get')
      .mockReturnValue(height),
    jest
      .spyOn(HTMLElement.prototype, 'offsetHeight', 'get')
      .mockReturnValue(102)
  ];
  return () => spies.forEach(spy => spy.mockRestore());
}

/** Cancel what is open. */
export async function closeDialogs(): Promise<void> {
  for (const dialog of document.querySelectorAll('.jp-Dialog')) {
    press(dialog, 'Escape');
  }
  await eventually(() =>
    expect(document.querySelector('.jp-Dialog')).toBeNull()
  );
}
