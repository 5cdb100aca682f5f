import { DisposableDelegate, IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';
import type { IProvider, IProviderRegistry } from '../tokens';

/** The providers that plugins have added, in order of rank. */
export class ProviderRegistry implements IProviderRegistry {
  get providers(): readonly IProvider[] {
    return this._providers;
  }

  get changed(): ISignal<IProviderRegistry, void> {
    return this._changed;
  }

  get(id: string): IProvider | undefined {
    return this._providers.find(provider => provider.id === id);
  }

  add(provider: IProvider): IDisposable {
    if (this.get(provider.id)) {
      throw new Error(`A provider with the id '${provider.id}' exists already`);
    }
    this._providers = [...this._providers, provider].sort(
      (a, b) => a.rank - b.rank
    );
    this._changed.emit();
    return new DisposableDelegate(() => {
      this._providers = this._providers.filter(item => item !== provider);
      this._changed.emit();
    });
  }

  private _providers: readonly IProvider[] = [];
  private _changed = new Signal<IProviderRegistry, void>(this);
}
