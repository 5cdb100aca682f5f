import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';

/** The arguments of a command that acts on a workshop file. */
export function fileArgs(trans: TranslationBundle): JSONObject {
  return {
    type: 'object',
    properties: {
      path: {
        type: 'string',
        description: trans.__('Its file; the one that is open by default')
      }
    }
  };
}
