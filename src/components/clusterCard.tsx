import type { TranslationBundle } from '@jupyterlab/translation';
import { ellipsesIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { inWords } from '../cluster/errors';
import type {
  ICapabilities,
  IClusterCost,
  IClusterSnapshot,
  ILack,
  ISample
} from '../tokens';
import type { IAdvice } from './advice';
import { Button, IconButton } from './button';
import { CardActions } from './cardActions';
import { CostLine, LackLine } from './cost';
import { EditableName } from './editableName';
import {
  describeAge,
  describeHistory,
  describeMemory,
  describeState,
  describeTasks,
  describeWorkers
} from './facts';
import { Failure } from './failure';
import { useLanguage } from './language';
import { Meter } from './meter';
import { plainText } from '../plainText';
import { Scale, ScaleForm } from './scaleForm';
import { Sparkline } from './sparkline';
import { StartSteps } from './startSteps';
import { StateMark } from './stateMark';

/** What a card tells. */
export interface IClusterCardFacts {
  snapshot: IClusterSnapshot;
  capabilities: ICapabilities;
  responding: boolean;
  history: readonly ISample[];
  /** Provider and environment in words. */
  origin: string;
  /** Whether commands without arguments act on it. */
  current: boolean;
  /** Absent where no price is set. */
  cost?: IClusterCost | null;
  /** Why none is. */
  lack?: ILack | null;
  /** For texts such as "idle for 5 min" and "up for 2 hr". */
  now: number;
  /** What could be better about it. */
  advice?: IAdvice | null;
  /** What it does when the page is closed, in words. */
  closing?: string;
}

/** What can be done with a card. Absent ones are not offered. */
export interface IClusterCardActs {
  onConnect?: () => void;
  onDashboards?: () => void;
  onStop?: () => void;
  onRetry?: () => void;
  /** Absent where there cannot be fewer workers. */
  onRetryFewer?: () => void;
  onCopyReport?: () => void;
  /** Ask again whether the owner answers. */
  onWait?: () => void;
  onMore?: (button: HTMLElement) => void;
  onRename?: (name: string) => void;
  /** Put off its end; offered when that is near. */
  onKeep?: () => void;
  /** Look at its workers. */
  onDetails?: () => void;
  /** Look at what it was made with and what it costs. */
  onOptions?: () => void;
  /** Choose what is different in another cluster like it. */
  onLike?: () => void;
  /** Change the chunk size of the template in the active notebook. */
  onChunks?: () => void;
  /** Rejects with words when the owner refuses. */
  onScale?: (scale: Scale) => Promise<void>;
}

export interface IClusterCardProps extends IClusterCardFacts, IClusterCardActs {
  /** 0 for the card that the Tab key reaches, -1 for the others. */
  tabIndex: number;
  /** Whether the name is being edited, which F2 on the card begins. */
  renaming: boolean;
  onRenaming: (renaming: boolean) => void;
}

/** One cluster: how it is, and what can be done with it. */
export function ClusterCard(props: IClusterCardProps): JSX.Element {
  const { snapshot, responding, tabIndex, onMore } = props;
  const language = useLanguage();
  const { trans } = language;
  const [scaling, setScaling] = React.useState(false);
  const [refusal, setRefusal] = React.useState<string>();
  const { word, tone } = describeState(snapshot, responding, trans);
  const { state, steps, cause, log } = snapshot;
  const broken = state === 'failed' || state === 'lost';
  const explained = broken || (state === 'degraded' && !!cause?.length);
  const close = (): void => {
    setScaling(false);
    setRefusal(undefined);
  };
  const scale = (wanted: Scale): void => {
    void props.onScale?.(wanted).then(close, reason => {
      setRefusal(inWords(reason));
    });
  };
  return (
    <div className={`jp-DaskCluster-content jp-mod-${tone}`}>
      <div className="jp-DaskCluster-head">
        <StateMark word={word} tone={tone} />
        <EditableName
          name={snapshot.name}
          editing={props.renaming}
          onEdit={() => props.onRenaming(props.onRename !== undefined)}
          onDone={name => {
            props.onRenaming(false);
            if (name !== null) {
              props.onRename?.(name);
            }
          }}
        />
        {onMore ? (
          <IconButton
            icon={ellipsesIcon}
            label={trans.__('More actions')}
            aria-haspopup="menu"
            tabIndex={tabIndex}
            onClick={event => onMore(event.currentTarget)}
          />
        ) : null}
      </div>
      {broken ? null : <Numbers {...props} />}
      {steps?.length && (state === 'queued' || state === 'starting') ? (
        <StartSteps steps={steps} />
      ) : null}
      {explained ? <Failure cause={cause ?? []} log={log ?? []} /> : null}
      {props.advice ? (
        <Advice {...props} advice={props.advice} onFollow={scale} />
      ) : null}
      <CardActions
        {...props}
        scaling={scaling}
        onToggleScale={() => (scaling ? close() : setScaling(true))}
      />
      {scaling ? (
        <ScaleForm
          workers={snapshot.workers}
          canAdapt={props.capabilities.adapt}
          refusal={refusal}
          onApply={scale}
          onCancel={close}
        />
      ) : null}
    </div>
  );
}

/** What could be better, and one button that does it. */
function Advice(
  props: IClusterCardProps & {
    advice: IAdvice;
    onFollow: (wanted: Scale) => void;
  }
): JSX.Element {
  const { advice, tabIndex } = props;
  const { trans } = useLanguage();
  const act = Private.actOf(props, trans);
  return (
    <div className="jp-DaskCluster-advice">
      <span>{advice.text}</span>
      {act ? (
        <Button kind="link" tabIndex={tabIndex} onClick={act.run}>
          {act.label}
        </Button>
      ) : null}
    </div>
  );
}

/** Workers, memory and tasks of a cluster that is there. */
function Numbers(props: IClusterCardProps): JSX.Element | null {
  const { snapshot, capabilities, history, now, origin, cost, lack, closing } =
    props;
  const { onOptions, tabIndex } = props;
  const language = useLanguage();
  const { workers, memory } = snapshot;
  const series = describeHistory(history, language);
  const facts = [
    ...describeTasks(snapshot, now, language),
    // The age of a scheduler that somebody else started is not known.
    ...(capabilities.stop ? describeAge(snapshot, now, language) : []),
    plainText(origin)
  ].join(' · ');
  if (!workers && !memory) {
    return null;
  }
  return (
    <>
      <div className="jp-DaskCluster-numbers">
        <span className="jp-DaskCluster-workers">
          {describeWorkers(workers, language)}
        </span>
        {memory?.used !== undefined && memory.limit ? (
          <Meter
            label={language.trans.__('Memory')}
            text={describeMemory(memory, language)}
            value={memory.used}
            maximum={memory.limit}
            marked={memory.spilled}
          />
        ) : (
          <span className="jp-DaskCluster-memory">
            {describeMemory(memory, language)}
          </span>
        )}
      </div>
      <div className="jp-DaskCluster-facts">
        <span className="jp-DaskCluster-tasks" title={facts}>
          {facts}
        </span>
        {series ? <Sparkline {...series} /> : null}
      </div>
      {cost ? (
        <CostLine cost={cost} onBasis={onOptions} tabIndex={tabIndex} />
      ) : lack ? (
        <LackLine lack={lack} onBasis={onOptions} tabIndex={tabIndex} />
      ) : null}
      {closing ? <div className="jp-DaskCluster-closing">{closing}</div> : null}
    </>
  );
}

namespace Private {
  /** The one act that follows an advice: the first of those that can be done. */
  export function actOf(
    props: IClusterCardProps & {
      advice: IAdvice;
      onFollow: (wanted: Scale) => void;
    },
    trans: TranslationBundle
  ): { label: string; run: () => void } | null {
    const { advice, capabilities, onScale, onDetails, onChunks } = props;
    const { onLike, onOptions, onFollow } = props;
    const { id, workers } = advice;
    if (workers !== undefined && capabilities.scale && onScale) {
      return {
        label: trans._n('Scale to %1 worker', 'Scale to %1 workers', workers),
        run: () => onFollow({ workers })
      };
    }
    if ((id === 'chunks' || id === 'memory') && onChunks) {
      return { label: trans.__('Change the chunk size…'), run: onChunks };
    }
    if (id === 'memory' && onLike) {
      return { label: trans.__('New cluster with more memory…'), run: onLike };
    }
    if (id === 'remark') {
      const label = trans.__('New cluster like this, with other options…');
      return onLike
        ? { label, run: onLike }
        : onOptions
          ? { label: trans.__('Look at its options'), run: onOptions }
          : null;
    }
    return onDetails
      ? { label: trans.__('Look at the workers'), run: onDetails }
      : null;
  }
}
