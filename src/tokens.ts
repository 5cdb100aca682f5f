/**
 * Every public token and interface of the extension. Importing this file loads
 * no code but the token objects and the error class.
 */
export * from './tokens/costs';
export * from './tokens/dashboards';
export * from './tokens/error';
export * from './tokens/manager';
export * from './tokens/names';
export * from './tokens/places';
export * from './tokens/profiles';
export * from './tokens/provider';
export * from './tokens/snippets';
export * from './tokens/state';
export * from './tokens/templates';
