import {
  createServer,
  IncomingHttpHeaders,
  IncomingMessage,
  request,
  Server
} from 'http';
import { connect } from 'net';
import { freePort } from './lab';

/** What was asked below a path. */
export interface IAsked {
  url: string;
  headers: IncomingHttpHeaders;
}

/**
 * One address before several servers, as a hub's proxy is: a path's first part
 * decides. It writes down what is asked.
 */
export class Front {
  private constructor(
    readonly port: number,
    private readonly routes: ReadonlyMap<string, string>
  ) {
    this._server = createServer((incoming, response) => {
      this._note(incoming);
      const { method, headers } = incoming;
      const forward = request(
        this._target(incoming),
        { method, headers },
        answer => {
          response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
          answer.pipe(response);
        }
      );
      forward.on('error', () => response.writeHead(503).end());
      incoming.pipe(forward);
    });
    this._server.on('upgrade', (incoming, socket, head) => {
      this._note(incoming);
      const { port } = this._target(incoming);
      const target = connect(Number(port), '127.0.0.1', () => {
        const lines = [`GET ${incoming.url} HTTP/1.1`];
        for (let at = 0; at < incoming.rawHeaders.length; at += 2) {
          lines.push(incoming.rawHeaders.slice(at, at + 2).join(': '));
        }
        target.write(`${lines.join('\r\n')}\r\n\r\n`);
        target.write(head);
        socket.pipe(target).pipe(socket);
      });
      target.on('error', () => socket.destroy());
      socket.on('error', () => target.destroy());
    });
  }

  /** Start one; addresses by the paths before them, the rest last. */
  static async start(routes: Record<string, string>): Promise<Front> {
    const front = new Front(await freePort(), new Map(Object.entries(routes)));
    await new Promise<void>(done =>
      front._server.listen(front.port, '127.0.0.1', done)
    );
    return front;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What was asked below a path so far. */
  below(path: string): IAsked[] {
    return this._asked.filter(({ url }) => url.startsWith(path));
  }

  async stop(): Promise<void> {
    this._server.closeAllConnections();
    await new Promise(done => this._server.close(done));
  }

  private _note({ url = '', headers }: IncomingMessage): void {
    this._asked.push({ url, headers });
  }

  private _target({ url = '' }: IncomingMessage): URL {
    for (const [path, address] of this.routes) {
      if (url.startsWith(path)) {
        return new URL(url, address);
      }
    }
    throw new Error(`Nothing is at ${url}`);
  }

  private readonly _server: Server;
  private readonly _asked: IAsked[] = [];
}
