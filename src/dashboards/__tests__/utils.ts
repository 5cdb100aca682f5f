import { nullTranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import type { Activity } from '../../providers/kernel/activity';
import type { ISource } from '../source';
import type { IReach } from '../url';

export const trans = nullTranslator.load('');

/** A dashboard behind the server's proxy. */
export function proxied(base: string): IReach {
  return { base, way: 'proxied' };
}

/** A person at the page, or not. */
export class FakeActivity {
  isVisible = true;
  readonly changed = new Signal<FakeActivity, void>(this);

  act(): void {
    this.changed.emit();
  }

  asActivity(): Activity {
    return this as unknown as Activity;
  }
}

/** A source that the test moves. */
export class FakeSource implements ISource {
  readonly id = 'fake:1';
  readonly name = 'spring';
  readonly subject = 'spring';
  cluster: ISource['cluster'] = null;
  state: ISource['state'] = 'ready';
  reach: IReach | null = proxied('http://127.0.0.1:8888/proxy/1/');
  isDisposed = false;
  readonly changed: Signal<ISource, void> = new Signal<ISource, void>(this);

  become(change: Partial<Pick<ISource, 'state' | 'reach' | 'cluster'>>): void {
    Object.assign(this, change);
    this.changed.emit();
  }

  dispose(): void {
    this.isDisposed = true;
    Signal.clearData(this);
  }
}

/** Let promises that are settled have their effect. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) {
    await Promise.resolve();
  }
}
