import { ProviderRegistry } from '../cluster/registry';
import type { IProviderRegistry } from '../tokens';

/** Provide the registry of ways to make clusters. */
export function activate(): IProviderRegistry {
  return new ProviderRegistry();
}
