/** The time between asking for a cluster and its scheduler running. */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import { toClusterError } from '../../cluster/errors';
import { formatDuration } from '../../cluster/units';
import { ClusterError, IStart, IStep } from '../../tokens';
import { cancelled } from '../kernel/errors';
import type { IGatewayReport } from '../kernel/protocolGateway';
import { fieldOf } from './form';
import { gaveUp, leftOver, unanswered } from './refusals';
import type { IGatewayTransport } from './transport';

/** The shortest time between two questions, in ms. */
const PAUSE = 1000;

/** The longest one, after errors. */
const MAX_PAUSE = 15_000;

/** A start that takes longer, in ms, says for how long. */
const LONG = 60_000;

/** One that fails sooner, in ms, did not even start its scheduler. */
const AT_ONCE = 5000;

/** A hub that says nothing for this long, in ms, is given up. */
const SILENCE = 300_000;

/** The steps that a card shows. */
export function startSteps(detail?: string): IStep[] {
  return [
    { id: 'scheduler', state: 'active', ...(detail ? { detail } : {}) },
    { id: 'workers', state: 'waiting' }
  ];
}

/**
 * Ask for a cluster. Giving up waits for the answer, which tells what was made.
 *
 * @returns A promise of its name that rejects with a ClusterError, with the
 * names of our own form's fields.
 */
export async function askFor(
  transport: IGatewayTransport,
  options: JSONObject,
  { signal }: IStart,
  trans: TranslationBundle
): Promise<string> {
  if (signal.aborted) {
    throw cancelled(trans);
  }
  try {
    return await transport.create(options);
  } catch (reason) {
    const error = toClusterError(reason);
    if (error.code === 'not-responding') {
      throw unanswered(error, signal.aborted, trans);
    }
    throw signal.aborted ? cancelled(trans) : Private.ownFields(error);
  }
}

/**
 * Take a cluster back whose start did not go well.
 *
 * @param cluster - Its name at the gateway, and what its card is called.
 * @returns What the start ends with, never rejecting.
 */
export async function takeBack(
  transport: IGatewayTransport,
  cluster: { id: string; label: string },
  reason: ClusterError,
  trans: TranslationBundle
): Promise<ClusterError> {
  try {
    await transport.stop(cluster.id);
    return reason;
  } catch (refused) {
    return leftOver(reason, cluster, toClusterError(refused), trans);
  }
}

/**
 * Wait until a new cluster's scheduler runs. A hub that is away for a moment
 * does not end it.
 *
 * @returns A promise that rejects with a ClusterError when the gateway gives
 * the cluster up, the person does, or the hub keeps silent for minutes.
 */
export async function untilRunning(
  transport: IGatewayTransport,
  name: string,
  { signal, progress }: IStart,
  trans: TranslationBundle
): Promise<IGatewayReport> {
  if (signal.aborted) {
    throw cancelled(trans);
  }
  const began = Date.now();
  let heard = began;
  let pause = PAUSE;
  for (;;) {
    const asked = Date.now();
    let report: IGatewayReport | null = null;
    try {
      report = await transport.get(name, true, signal);
      heard = Date.now();
      pause = PAUSE;
    } catch (reason) {
      const isAway =
        reason instanceof ClusterError &&
        reason.code === 'not-responding' &&
        Date.now() - heard < SILENCE;
      if (!isAway || signal.aborted) {
        throw reason;
      }
      pause = Math.min(MAX_PAUSE, pause * 2) * (0.75 + Math.random() / 2);
      progress(startSteps(trans.__('the hub does not answer; trying again')));
    }
    if (signal.aborted) {
      throw cancelled(trans);
    }
    const age = Date.now() - began;
    if (report?.status === 'RUNNING') {
      return report;
    }
    if (report && report.status !== 'PENDING') {
      throw gaveUp(name, age < AT_ONCE, trans);
    }
    if (report && age > LONG) {
      const minutes = Math.floor(age / 60_000) * 60_000;
      progress(
        startSteps(
          trans.__(
            'the hub still looks for a place: %1',
            formatDuration(minutes)
          )
        )
      );
    }
    await Private.until(asked + pause, signal);
  }
}

namespace Private {
  /** A refusal with the names of our form's fields. */
  export function ownFields(error: ClusterError): ClusterError {
    const { message, code, cause, log, hint } = error;
    const fields = Object.fromEntries(
      Object.entries(error.fields).map(([name, text]) => [fieldOf(name), text])
    );
    return new ClusterError(message, { code, cause, log, hint, fields });
  }

  /** Wait for a time, or until the person gives up. */
  export function until(time: number, signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, Math.max(0, time - Date.now()));
      signal.addEventListener('abort', done);
    });
  }
}
