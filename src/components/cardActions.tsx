import * as React from 'react';
import { Button } from './button';
import type { IClusterCardActs, IClusterCardFacts } from './clusterCard';
import { useLanguage } from './language';

export interface ICardActionsProps extends IClusterCardFacts, IClusterCardActs {
  tabIndex: number;
  scaling: boolean;
  onToggleScale: () => void;
}

/** The buttons of a card, as its state allows. */
export function CardActions(props: ICardActionsProps): JSX.Element {
  const { trans } = useLanguage();
  const { snapshot, responding, capabilities, tabIndex, onStop } = props;
  const scaleButton = React.useRef<HTMLButtonElement>(null);
  const { scaling } = props;
  const scaled = React.useRef(false);
  React.useLayoutEffect(() => {
    // The focus comes back to the button that opened the form.
    if (scaled.current && !scaling) {
      scaleButton.current?.focus();
    }
    scaled.current = scaling;
  }, [scaling]);
  const buttons: React.ReactNode[] = [];
  const add = (
    label: string,
    act: (() => void) | undefined,
    rest: React.ComponentProps<typeof Button> = {}
  ): void => {
    if (act) {
      buttons.push(
        <Button key={label} tabIndex={tabIndex} onClick={act} {...rest}>
          {label}
        </Button>
      );
    }
  };
  switch (snapshot.state) {
    case 'queued':
    case 'starting':
      add(trans.__('Cancel'), onStop);
      break;
    case 'failed':
    case 'lost':
      add(trans.__('Retry'), props.onRetry, { kind: 'primary' });
      add(trans.__('Retry with fewer workers'), props.onRetryFewer);
      add(trans.__('Copy report'), props.onCopyReport);
      add(trans.__('Dismiss'), onStop);
      break;
    case 'running':
    case 'degraded':
      if (!responding) {
        add(trans.__('Wait'), props.onWait);
        add(trans.__('Stop'), onStop);
        break;
      }
      if (snapshot.stopsWithin !== undefined) {
        add(trans.__('Keep 30 min'), props.onKeep);
      }
      add(trans.__('Connect'), props.onConnect, { kind: 'primary' });
      add(trans.__('Dashboards'), props.onDashboards);
      if (capabilities.scale && props.onScale) {
        add(trans.__('Scale'), props.onToggleScale, {
          ref: scaleButton,
          'aria-expanded': scaling
        });
      }
      add(capabilities.stop ? trans.__('Stop') : trans.__('Forget'), onStop);
      break;
    default:
  }
  return <div className="jp-DaskCluster-actions">{buttons}</div>;
}
