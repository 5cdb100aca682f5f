/** Which way goes to the gateway, and as whom. */
import { ClusterError } from '../../tokens';
import { REDIRECT } from './refusals';
import type { IGatewayTransport } from './transport';

/**
 * Finds out once, when it is first asked, whether the page reaches the gateway
 * itself, whether a kernel does, or whether there is none.
 */
export class Way {
  constructor(options: Way.IOptions) {
    this._options = options;
  }

  /** The way, once it was found. */
  get transport(): IGatewayTransport | null {
    return this._transport;
  }

  /** The user who speaks, where that need not be the server's. */
  get owner(): string | undefined {
    const { visitor, host } = this._options;
    if (!visitor || !host || visitor === host) {
      return undefined;
    }
    return this._transport?.via === 'kernel' ? host : visitor;
  }

  /** Whether these clusters are of no use for notebooks of this server. */
  get isForeign(): boolean {
    return this.owner !== undefined && this.owner !== this._options.host;
  }

  /** The way; null where there is no gateway. Rejects with a ClusterError. */
  open(): Promise<IGatewayTransport | null> {
    this._opening ??= this._find().then(
      transport => {
        this._transport = transport;
        if (transport) {
          this._options.found();
        }
        return transport;
      },
      reason => {
        this._opening = null;
        throw reason;
      }
    );
    return this._opening;
  }

  private async _find(): Promise<IGatewayTransport | null> {
    const { page, kernel, isExplicit } = this._options;
    try {
      const near = page && (await Private.reached(page()));
      if (near) {
        return near;
      }
      const far = kernel();
      await far.probe();
      return far;
    } catch (reason) {
      const isAbsent =
        reason instanceof ClusterError &&
        ['not-found', 'missing-package', 'unavailable'].includes(reason.code);
      if (isAbsent && !isExplicit) {
        return null;
      }
      throw reason;
    }
  }

  private readonly _options: Way.IOptions;
  private _opening: Promise<IGatewayTransport | null> | null = null;
  private _transport: IGatewayTransport | null = null;
}

export namespace Way {
  export interface IOptions {
    /** The way through the page; null where it cannot be. */
    page: (() => IGatewayTransport) | null;
    /** The way through a kernel. */
    kernel: () => IGatewayTransport;
    /** Whether somebody has said that there is a gateway. */
    isExplicit: boolean;
    /** The hub's user who looks at the page. */
    visitor?: string;
    /** The hub's user whose server it is. */
    host?: string;
    /** There is a gateway. */
    found: () => void;
  }
}

namespace Private {
  /** The gateway through the page, or null where the page is sent away. */
  export async function reached(
    page: IGatewayTransport
  ): Promise<IGatewayTransport | null> {
    try {
      await page.probe();
      return page;
    } catch (reason) {
      if (
        reason instanceof ClusterError &&
        reason.cause.some(({ kind }) => kind === REDIRECT)
      ) {
        page.dispose();
        return null;
      }
      throw reason;
    }
  }
}
