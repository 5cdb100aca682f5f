import { nullTranslator } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import schema from '../../../../schema/aws.json';
import { awsBackEnd } from '../aws';
import type { AwsId } from '../backEnd';
import { parseSession, sessionPath } from '../paths';
import type { IAwsDescription } from '../protocolBackEnds';
import type { ControllerSession } from '../session';

const trans = nullTranslator.load('jupyterlab_seasonal_monitor');
const SERVICES: AwsId[] = ['fargate', 'ec2'];
const TOLD: IAwsDescription = {
  region: 'eu-central-1',
  missing: [],
  problem: null,
  hint: null
};

describe.each(SERVICES)('awsBackEnd(%p)', service => {
  const make = (told: Partial<IAwsDescription> = {}) =>
    awsBackEnd(service).form(trans, [], 'py', { ...TOLD, ...told });
  const fields = make().schema.properties as Record<string, JSONObject>;

  it('should say that it costs money, or what is missing and what to do', () => {
    expect(make().notes[0]).toContain('costs money');
    const missing = ['dask-cloudprovider[aws]'];
    expect(make({ missing }).notes).toEqual([
      'This environment lacks dask-cloudprovider[aws]. Run %pip install "dask-cloudprovider[aws]" in a notebook of it.'
    ]);
    const none = { problem: 'No credentials.', hint: 'Give some.' };
    expect(make(none).notes).toEqual(['No credentials.', 'Give some.']);
  });

  it('should have no field for a credential', () => {
    const names = Object.keys(fields).filter(name => name !== 'keyName');
    expect(names.join(' ')).not.toMatch(/key|secret|token|password/i);
  });

  it('should offer private addresses and an idle time unless asked otherwise', () => {
    expect(fields.public.default).toBe(false);
    expect(fields.idleTimeout.default).toBe(15);
    expect(fields.idleTimeout.minimum).toBe(2);
    expect(fields.region.description).toBe('Empty: eu-central-1');
  });

  it('should tell what is left, and remove what is asked for', async () => {
    const left = {
      id: 'dask-sm.here.7.8.abcd',
      title: 'Rain',
      region: 'eu-central-1',
      parts: ['2 tasks', '1 cluster'],
      runs: true,
      made: '2026-11-26T08:00:00Z',
      host: 'here',
      certain: true
    };
    const asked: unknown[] = [];
    const session = {
      call: async (...args: unknown[]) => {
        asked.push(args);
        return args[0] === 'awsRemove'
          ? { clusters: [left.id] }
          : {
              clusters: [
                left,
                { ...left, runs: false, certain: false, host: 'node4' }
              ],
              remarks: ['us-east-1 was not asked.']
            };
      }
    } as unknown as ControllerSession;
    const backEnd = awsBackEnd(service);
    const told = await backEnd.leftovers?.(session, trans);
    expect(told?.remarks).toEqual(['us-east-1 was not asked.']);
    const [first, second] = told?.items ?? [];
    expect(first).toMatchObject({ id: left.id, title: 'Rain', certain: true });
    expect(first.detail).toBe('In eu-central-1: 2 tasks, 1 cluster.');
    expect(first.since).toBe(Date.UTC(2026, 10, 26, 8));
    expect(second.kind).toContain('Remains');
    expect(second.doubt).toContain('node4');
    expect(await backEnd.removeLeftovers?.(session, [left.id])).toEqual([
      left.id
    ]);
    const params = { service, clusters: [left.id] };
    expect(asked[1]).toEqual(['awsRemove', params]);
  });

  it('should find its sessions again, and be off', () => {
    const path = sessionPath(service, 'abcdef12-0000');
    expect(parseSession({ type: 'dask-cluster', path })?.kind).toBe(service);
    const settings: Record<string, { default: boolean }> = schema.properties;
    expect(settings[service].default).toBe(false);
  });
});
