/** A gateway whose answers a test gives, for what no real one can be made to do. */
import { ClusterError, IStart, IStep } from '../../../tokens';
import type { IGatewayReport } from '../../kernel/protocolGateway';
import type { IGatewayTransport } from '../transport';

/** What the list says of a cluster. */
export const report = (status: string, name = 'a'): IGatewayReport => ({
  name,
  status,
  start_time: 1,
  stop_time: null,
  options: {},
  dashboard_route: null
});

/** A way whose answers a test gives. */
export function way(answers: Partial<IGatewayTransport>): IGatewayTransport {
  return {
    via: 'page',
    probe: async () => undefined,
    list: async () => [],
    dashboard: (route: string) => `http://hub${route}`,
    dispose: () => undefined,
    ...answers
  } as IGatewayTransport;
}

/** The hub is away for a moment. */
export const away = (): ClusterError =>
  new ClusterError('The hub or its gateway is down.', {
    code: 'not-responding'
  });

/** A start as the manager gives it. */
export function start(): IStart & { abort: AbortController; steps: IStep[][] } {
  const abort = new AbortController();
  const steps: IStep[][] = [];
  return {
    abort,
    steps,
    key: 'key',
    signal: abort.signal,
    progress: value => steps.push(value)
  };
}
