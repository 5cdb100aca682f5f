/** Clusters of Coiled: their form, from what a controller said of the account. */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import { requireAnswer } from './backEnd';
import type { IBackEnd } from './backEnd';
import { adaptiveFields, installNotes, sizeRule } from './form';
import type { ICoiledDescription } from './protocolBackEnds';
import type { ControllerSession } from './session';

/** The back end of Coiled. */
export function coiledBackEnd(): IBackEnd<ICoiledDescription> {
  const ask = (session: ControllerSession): Promise<ICoiledDescription> =>
    session.call('coiledDescribe', { workspace: null });
  return {
    id: 'coiled',
    ask,
    form: (trans, environments, environment, told) => ({
      schema: Private.schema(trans, told),
      uiSchema: {
        'ui:order': [
          'workers',
          'cores',
          'memory',
          'minimum',
          'maximum',
          'workspace',
          'region',
          'spot',
          'arm',
          'image',
          'software',
          'lend',
          'idleTimeout',
          'lifetime',
          ...(told && told.clusters.length > 0 ? ['attach'] : [])
        ]
      },
      environments,
      environment,
      notes: Private.notes(trans, told)
    }),
    leftovers: async (session, trans) => {
      const told = await ask(session);
      const [, message, hint] = Private.notes(trans, told);
      if (told.clusters.length === 0) {
        requireAnswer(told, message, hint ?? trans.__('Then look again.'));
      }
      const items = told.clusters.map(
        ({ id, workspace, name, state, certain }) => ({
          id,
          kind: trans.__('Coiled cluster'),
          title: name,
          detail: trans.__('In the workspace %1: %2.', workspace, state),
          certain,
          doubt: certain ? undefined : trans.__('Somebody else may use it.')
        })
      );
      return { items, remarks: told.remarks };
    },
    removeLeftovers: async (session, ids) => {
      const params = { clusters: [...ids] };
      return (await session.call('coiledRemove', params)).clusters;
    }
  };
}

namespace Private {
  export function notes(
    trans: TranslationBundle,
    told: ICoiledDescription | undefined
  ): string[] {
    const notes = [
      trans.__(
        'This costs money: the fee of Coiled, and beside it the bill of the cloud in whose account the machines run.'
      )
    ];
    if (told && told.missing.length > 0) {
      return [...notes, ...installNotes(trans, told.missing)];
    }
    if (told?.problem) {
      return [...notes, told.problem, ...(told.hint ? [told.hint] : [])];
    }
    if (told && told.clusters.length > 0) {
      notes.push(
        trans._n(
          '%1 cluster of yours lives without a controller here: take it up below, to use or to stop it.',
          '%1 clusters of yours live without a controller here: take them up below, to use or to stop them.',
          told.clusters.length
        )
      );
    }
    return [...notes, ...(told?.remarks ?? [])];
  }

  export function schema(
    trans: TranslationBundle,
    told: ICoiledDescription | undefined
  ): JSONObject {
    const text = (title: string, description: string): JSONObject => ({
      type: 'string',
      title,
      description
    });
    const minutes = (
      title: string,
      description: string,
      value: number
    ): JSONObject => ({
      type: 'number',
      title,
      description,
      minimum: 1,
      default: value
    });
    const workspace = text(
      trans.__('Workspace'),
      told?.workspace
        ? trans.__('Empty: %1', told.workspace)
        : trans.__('Empty: your usual one.')
    );
    if (told && told.workspaces.length > 0) {
      workspace.enum = told.workspaces;
    }
    const properties: JSONObject = {
      workers: {
        type: 'integer',
        title: trans.__('Workers'),
        minimum: 0,
        default: 2
      },
      cores: {
        type: 'integer',
        title: trans.__('Cores per worker'),
        description: trans.__('A machine for each; 2 at the least.'),
        minimum: 1,
        default: 4
      },
      memory: {
        ...text(
          trans.__('Memory per worker'),
          trans.__('Such as 16 GiB: machines with about so much are taken.')
        ),
        default: '16 GiB',
        ...sizeRule(trans)
      },
      workspace,
      region: {
        ...text(
          trans.__('Region'),
          trans.__(
            'Such as eu-central-1; best where the data are. Empty: the one of the workspace.'
          )
        ),
        errorMessage: trans.__(
          'This must look like us-east-1 or europe-west1.'
        ),
        pattern: '^([a-z]{2,20}[a-z0-9-]{2,30})?$'
      },
      spot: {
        type: 'string',
        title: trans.__('Spot machines'),
        description: trans.__(
          'They cost less, and the cloud takes them back at any time.'
        ),
        default: 'on-demand',
        oneOf: [
          { const: 'on-demand', title: trans.__('No') },
          { const: 'spot', title: trans.__('Only spot machines') },
          {
            const: 'spot_with_fallback',
            title: trans.__('Spot machines, others where there are none')
          }
        ]
      },
      arm: {
        type: 'boolean',
        title: trans.__('ARM processors'),
        description: trans.__(
          'They cost less; the image must be made for them.'
        ),
        default: false
      },
      image: text(
        trans.__('Image'),
        told
          ? trans.__('Empty: %1', told.image)
          : trans.__('Empty: that of this server, or Dask’s own.')
      ),
      software: text(
        trans.__('Environment at Coiled'),
        trans.__(
          'The name of one, in the place of an image. Packages of this kernel are never copied by themselves.'
        )
      ),
      lend: {
        type: 'boolean',
        title: trans.__('Lend the cluster my credentials of the cloud'),
        description: trans.__(
          'Its workers then read private buckets as you. They go to the cluster, not to Coiled.'
        ),
        default: false
      },
      ...adaptiveFields(trans),
      idleTimeout: minutes(
        trans.__('Stop when idle for (minutes)'),
        trans.__(
          'Coiled keeps this, too, 5 minutes later. It is said before, and cannot be put off.'
        ),
        15
      ),
      lifetime: minutes(
        trans.__('Stop at the latest after (minutes)'),
        trans.__('Even if tasks run, also when this server is gone.'),
        480
      )
    };
    if (told && told.clusters.length > 0) {
      properties.attach = {
        ...text(
          trans.__('Take up'),
          trans.__(
            'A cluster without a controller here. The fields above do not change it.'
          )
        ),
        oneOf: told.clusters.map(({ id, state, certain }) => ({
          const: id,
          title: certain
            ? `${id} (${state})`
            : trans.__('%1 (%2): somebody else may use it', id, state)
        }))
      };
    }
    return {
      type: 'object',
      additionalProperties: false,
      properties,
      dependencies: { minimum: ['maximum'] }
    };
  }
}
