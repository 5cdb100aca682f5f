import { ReactWidget } from '@jupyterlab/ui-components';
import { Widget } from '@lumino/widgets';
import * as React from 'react';
import { CommandIDs } from '../commands';
import { LanguageProvider, useLanguage } from '../components/language';
import { PopupMenu } from '../components/popupMenu';
import { plainText } from '../plainText';
import type { IProfile } from '../tokens';
import { shortCost } from './plannedCost';
import { describeProfile } from './profileText';
import type { ISidebarServices } from './services';

/** The widest that the menu gets, in px. */
const WIDTH = 320;

/** Commands below the profiles. */
const COMMANDS = [
  CommandIDs.startInitial,
  CommandIDs.customiseCluster,
  CommandIDs.connectScheduler,
  CommandIDs.findClusters
];

/** The profiles, the one that Enter repeats first. */
export function orderProfiles(
  services: Pick<ISidebarServices, 'profiles' | 'registry'>
): IProfile[] {
  const { profiles, registry } = services;
  if (!profiles) {
    return registry.providers
      .filter(provider => provider.creates)
      .map(({ id, label, caption }) => ({
        name: label,
        description: caption,
        provider: id,
        options: {}
      }));
  }
  const { last } = profiles;
  return [...profiles.profiles].sort(
    (a, b) => Number(b.name === last?.name) - Number(a.name === last?.name)
  );
}

/** Open the list of profiles below a button. */
export function openProfileMenu(
  services: ISidebarServices,
  button: HTMLElement
): Widget {
  const close = (): void => {
    if (!widget.isDisposed) {
      widget.dispose();
      button.setAttribute('aria-expanded', 'false');
      button.focus();
    }
  };
  const widget = ReactWidget.create(
    <LanguageProvider value={services.language}>
      <ProfileMenu services={services} onClose={close} />
    </LanguageProvider>
  );
  widget.addClass('jp-ThemedContainer');
  widget.addClass('jp-DaskPopup');
  const { bottom } = button.getBoundingClientRect();
  const { left } = (button.parentElement ?? button).getBoundingClientRect();
  const start = Math.max(4, Math.min(left, window.innerWidth - WIDTH - 4));
  widget.node.style.left = `${start}px`;
  widget.node.style.top = `${bottom + 2}px`;
  widget.node.style.maxHeight = `${window.innerHeight - bottom - 8}px`;
  button.setAttribute('aria-expanded', 'true');
  Widget.attach(widget, document.body);
  return widget;
}

interface IProfileMenuProps {
  services: ISidebarServices;
  onClose: () => void;
}

function ProfileMenu({ services, onClose }: IProfileMenuProps): JSX.Element {
  const { trans } = useLanguage();
  const { commands } = services;
  // Here it is known that all of this is about Dask.
  const labels: Record<string, string> = {
    [CommandIDs.connectScheduler]: trans.__(
      'Connect to an existing scheduler…'
    ),
    [CommandIDs.findClusters]: trans.__('Find clusters in open notebooks')
  };
  const run = (command: string, profile?: string): void => {
    onClose();
    void commands.execute(command, profile === undefined ? {} : { profile });
  };
  return (
    <PopupMenu
      label={trans.__('New cluster from a profile')}
      onClose={onClose}
      groups={[
        orderProfiles(services).map(profile => ({
          id: profile.name,
          label: plainText(profile.name),
          detail: plainText(
            [
              describeProfile(profile, services),
              shortCost({ ...profile, profile: profile.name }, services)
            ]
              .filter(Boolean)
              .join(' · '),
            120
          ),
          note:
            profile.origin === 'admin'
              ? trans.__('from your administrator')
              : profile.origin === 'site'
                ? trans.__('from this site')
                : undefined,
          act: () => run(CommandIDs.newCluster, profile.name)
        })),
        COMMANDS.filter(
          id => commands.hasCommand(id) && commands.isVisible(id)
        ).map(id => ({
          id,
          label: labels[id] ?? commands.label(id),
          act: () => run(id)
        }))
      ]}
    />
  );
}
