import type { JSONObject } from '@lumino/coreutils';

/** The metadata of each template of this package, by the name of its file. */
export const templates: Record<string, JSONObject>;
