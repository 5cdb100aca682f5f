import { Dialog, Notification } from '@jupyterlab/apputils';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';
import { inWords } from '../cluster/errors';
import { LanguageProvider, useLanguage } from '../components/language';
import { FormDialog } from '../formDialog';
import type { ILeftover, IProvider } from '../tokens';
import { toastText, TOAST_TIME } from './change';
import type { IRemoval, LeftModel } from './left';
import { Leftover } from './leftView';
import type { ISidebarServices } from './services';
import '../../style/base.css';
import '../../style/left.css';

/** What is picked, by the provider's id. */
export type Picked = ReadonlyMap<string, readonly string[]>;

interface IGroup {
  provider: IProvider;
  items: readonly ILeftover[];
}

/** Ask which of what is left shall go, remove it, and say what came of it. */
export async function cleanUp(
  model: LeftModel,
  services: Pick<ISidebarServices, 'registry' | 'language'>
): Promise<void> {
  const { registry, language } = services;
  const { trans } = language;
  const groups: IGroup[] = registry.providers
    .map(provider => ({
      provider,
      items: model.answers.get(provider.id)?.items ?? []
    }))
    .filter(({ items }) => items.length > 0);
  let picked: Picked = certain(groups);
  const dialog = new FormDialog<unknown>({
    title: trans.__('Clean up what is left?'),
    body: ReactWidget.create(
      <LanguageProvider value={language}>
        <CleanUpForm
          groups={groups}
          picked={picked}
          onChange={next => {
            picked = next;
          }}
        />
      </LanguageProvider>
    ),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.warnButton({ label: trans.__('Remove') })
    ],
    defaultButton: 0,
    accepts: () => [...picked.values()].some(ids => ids.length > 0)
  });
  const { button } = await dialog.launch();
  if (button.accept) {
    tell(await model.remove(picked), services);
  }
}

/** One toast with what went, and one for each provider that refused. */
function tell(
  removals: readonly IRemoval[],
  { language }: Pick<ISidebarServices, 'language'>
): void {
  const { trans } = language;
  const removed = removals.reduce((total, item) => total + item.removed, 0);
  if (removed > 0) {
    Notification.success(
      trans._n('%1 was removed.', '%1 were removed.', removed),
      { autoClose: TOAST_TIME }
    );
  }
  for (const { provider, asked, removed: gone, error } of removals) {
    const missing = asked - gone;
    if (missing > 0) {
      Notification.warning(
        toastText(
          error
            ? trans.__('%1: %2', provider.label, inWords(error))
            : trans._n(
                '%2: %1 was not removed. It is in use again, or refused: pick it alone to see why.',
                '%2: %1 were not removed. They are in use again, or refused: pick one alone to see why.',
                missing,
                provider.label
              )
        ),
        { autoClose: false }
      );
    }
  }
}

/** What is surely in nobody's use. */
function certain(groups: readonly IGroup[]): Picked {
  return new Map(
    groups.map(({ provider, items }) => [
      provider.id,
      items.filter(item => item.certain).map(item => item.id)
    ])
  );
}

/** A box for each thing; what may be in use is not ticked, and says why. */
function CleanUpForm(props: {
  groups: readonly IGroup[];
  picked: Picked;
  onChange: (picked: Picked) => void;
}): JSX.Element {
  const { groups, onChange } = props;
  const { trans } = useLanguage();
  const [picked, setPicked] = React.useState(props.picked);
  const number = [...picked.values()].flat().length;
  const toggle = (provider: string, id: string, on: boolean): void => {
    const others = (picked.get(provider) ?? []).filter(item => item !== id);
    const next = new Map(picked).set(provider, on ? [...others, id] : others);
    setPicked(next);
    onChange(next);
  };
  return (
    <div className="jp-DaskLeft-form">
      {groups.map(({ provider, items }) => (
        <fieldset key={provider.id}>
          <legend>{provider.label}</legend>
          {items.map(item => (
            <label key={item.id}>
              <input
                type="checkbox"
                checked={picked.get(provider.id)?.includes(item.id) ?? false}
                onChange={event =>
                  toggle(provider.id, item.id, event.currentTarget.checked)
                }
              />
              <span>
                <Leftover item={item} />
              </span>
            </label>
          ))}
        </fieldset>
      ))}
      <p role="status">
        {number > 0
          ? trans._n(
              '%1 will be removed. This cannot be undone.',
              '%1 will be removed. This cannot be undone.',
              number
            )
          : trans.__('Tick what shall be removed.')}
      </p>
      {groups.some(({ items }) => items.some(item => !item.certain)) ? (
        <p>
          {trans.__(
            'What may still be in use is not ticked: look where it was started first.'
          )}
        </p>
      ) : null}
    </div>
  );
}
