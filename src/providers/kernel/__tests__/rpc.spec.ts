import type { Kernel } from '@jupyterlab/services';
import type { ClusterError } from '../../../tokens';
import { ERROR_CODES } from '../protocol';
import { RpcClient } from '../rpc';
import { FakeComm } from './fakeComm';
import { trans } from './fakes';

describe('RpcClient', () => {
  let comm: FakeComm;
  let rpc: RpcClient;

  const fails = (call: Promise<unknown>): Promise<ClusterError> =>
    call.then(
      () => Promise.reject(new Error('It must fail')),
      reason => reason
    );

  beforeEach(() => {
    comm = new FakeComm();
    rpc = new RpcClient({ comm: comm as unknown as Kernel.IComm, trans });
  });

  it('should send parameters by name, nulls and all', async () => {
    const call = rpc.call('logs', { lines: 5, worker: null });
    const request = await comm.sent('logs');
    expect(request).toMatchObject({
      jsonrpc: '2.0',
      params: { lines: 5, worker: null }
    });
    comm.answer(request, [{ source: 'scheduler', lines: ['a'] }]);
    expect(await call).toEqual([{ source: 'scheduler', lines: ['a'] }]);
  });

  it('should tell answers apart that come in another order', async () => {
    const first = rpc.call('rename', { name: 'a' });
    const second = rpc.call('scale', { workers: 1 });
    comm.answer(await comm.sent('scale'), 2);
    comm.answer(await comm.sent('rename'), 1);
    expect(await Promise.all([first, second])).toEqual([1, 2]);
  });

  it.each(
    Object.entries({
      cancelled: 'cancelled',
      invalid: 'invalid',
      launchFailed: 'launch-failed',
      limit: 'limit',
      missingPackage: 'missing-package',
      notFound: 'not-found',
      protocol: 'protocol'
    })
  )('should map the error %s to %s with all its data', async (name, code) => {
    const call = rpc.call('ping', {});
    const data = {
      cause: [{ message: 'inner', kind: 'OSError' }],
      log: ['line'],
      fields: { workers: 'Too many.' },
      hint: 'Ask for fewer.'
    };
    comm.refuse(await comm.sent('ping'), {
      code: ERROR_CODES[name as keyof typeof ERROR_CODES],
      message: 'outer',
      data
    });
    expect(await fails(call)).toMatchObject({
      ...data,
      code,
      name: 'ClusterError',
      message: 'outer'
    });
  });

  it('should survive an error without data', async () => {
    const call = rpc.call('ping', {});
    comm.refuse(await comm.sent('ping'), { code: -32601, message: 'unknown' });
    expect(await fails(call)).toMatchObject({
      code: 'protocol',
      cause: [],
      fields: {}
    });
  });

  it('should cancel on the other side too, and reject at once', async () => {
    const abort = new AbortController();
    const call = rpc.call('warm', {}, { signal: abort.signal });
    const request = await comm.sent('warm');
    abort.abort();
    expect(await fails(call)).toMatchObject({ code: 'cancelled' });
    const cancel = await comm.sent('$/cancelRequest');
    expect(cancel.params).toEqual({ id: request.id });
    comm.refuse(request, { code: ERROR_CODES.cancelled, message: '' });
  });

  it('should send nothing when it is cancelled before', async () => {
    const abort = new AbortController();
    abort.abort();
    const call = rpc.call('warm', {}, { signal: abort.signal });
    expect(await fails(call)).toMatchObject({ code: 'cancelled' });
    expect(comm.messages).toEqual([]);
  });

  it('should give up when the time is over', async () => {
    const call = rpc.call('ping', {}, { timeout: 20 });
    expect(await fails(call)).toMatchObject({ code: 'not-responding' });
  });

  it('should reject what waits when the comm is closed', async () => {
    const call = rpc.call('ping', {});
    await comm.sent('ping');
    comm.onClose();
    expect(await fails(call)).toMatchObject({ code: 'not-responding' });
    expect(rpc.isDisposed).toBe(true);
    expect(await fails(rpc.call('ping', {}))).toMatchObject({
      code: 'not-responding'
    });
  });

  it('should hear events and the progress of its own key', async () => {
    const names: string[] = [];
    rpc.on('clusterChanged', snapshot => names.push(snapshot.name));
    const steps: string[] = [];
    const progress = rpc.onProgress('mine', value =>
      steps.push(value.steps[0].id)
    );
    comm.event('clusterChanged', { name: 'Rain' });
    const tell = (token: string): void =>
      comm.event('$/progress', { token, value: { steps: [{ id: token }] } });
    tell('mine');
    tell('other');
    await comm.settled();
    progress.dispose();
    tell('mine');
    await comm.settled();
    expect(names).toEqual(['Rain']);
    expect(steps).toEqual(['mine']);
  });

  it.each([[[]], [[{ name: '0' }]], [[{ name: '0' }, { name: '1' }]]])(
    'should hear the whole list of workers %j',
    async rows => {
      const heard: unknown[] = [];
      rpc.on('workersChanged', workers => heard.push(workers));
      comm.event('workersChanged', rows);
      await comm.settled();
      expect(heard).toEqual([rows]);
    }
  );

  it.each([
    null,
    [],
    'text',
    {},
    { jsonrpc: '2.0' },
    { jsonrpc: '2.0', id: 99, result: 1 },
    { jsonrpc: '2.0', id: null, error: { code: 1, message: 'x' } },
    { jsonrpc: '2.0', method: 'unknown', params: {} }
  ])('should live on after %j', async message => {
    comm.receive(message);
    await comm.settled();
    const call = rpc.call('ping', {});
    comm.answer(await comm.sent('ping'), {});
    expect(await call).toEqual({});
  });

  it('should close the comm when it is disposed', () => {
    rpc.dispose();
    rpc.dispose();
    expect(comm.closed).toBe(1);
  });
});
