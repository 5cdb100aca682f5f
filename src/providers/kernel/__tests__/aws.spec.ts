import { nullTranslator } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import schema from '../../../../schema/aws.json';
import { AWS_SERVICES, awsBackEnd } from '../aws';
import { parseSession, sessionPath } from '../paths';

const trans = nullTranslator.load('jupyterlab_seasonal_monitor');

describe('awsBackEnd()', () => {
  const form = awsBackEnd(AWS_SERVICES[0]).form(trans, [], 'py', {
    queues: [],
    interfaces: [],
    missing: ['dask-cloudprovider[aws]'],
    problem: 'This kernel has no AWS credentials.'
  });
  const fields = form.schema.properties as Record<string, JSONObject>;

  it('should say that it costs money, and what is missing', () => {
    expect(form.notes[0]).toContain('costs money');
    expect(form.notes).toContain(
      'This environment lacks dask-cloudprovider[aws].'
    );
    expect(form.notes).toContain('This kernel has no AWS credentials.');
  });

  it('should have no field for a credential', () => {
    expect(Object.keys(fields).join(' ')).not.toMatch(
      /key|secret|token|password/i
    );
  });

  it('should offer private addresses and an idle time unless asked otherwise', () => {
    expect(fields.public.default).toBe(false);
    expect(fields.idleTimeout.default).toBe(15);
  });

  it('should find its sessions again, and be off', () => {
    for (const { id } of AWS_SERVICES) {
      const path = sessionPath(id, 'abcdef12-0000');
      expect(parseSession({ type: 'dask-cluster', path })?.kind).toBe(id);
      const settings: Record<string, { default: boolean }> = schema.properties;
      expect(settings[id].default).toBe(false);
    }
  });
});
