/** A comm without a kernel, whose other end is the test. */

/** A JSON-RPC message as the page sends it. */
export interface IMessage {
  id?: number;
  method: string;
  params: Record<string, unknown>;
}

type Handler = (message: { content: { data: unknown } }) => void;

export class FakeComm {
  readonly messages: IMessage[] = [];
  closed = 0;
  isDisposed = false;
  onMsg: Handler = () => undefined;
  onClose: () => void = () => undefined;

  send(data: unknown): void {
    this.messages.push(data as IMessage);
  }

  close(): void {
    this.closed += 1;
    this.isDisposed = true;
  }

  dispose(): void {
    this.isDisposed = true;
  }

  /** The last message of a method, once it was sent. */
  async sent(method: string): Promise<IMessage> {
    for (let turn = 0; turn < 100; turn += 1) {
      const message = [...this.messages]
        .reverse()
        .find(item => item.method === method);
      if (message) {
        return message;
      }
      await this.settled();
    }
    throw new Error(`${method} was not sent`);
  }

  /** All that is under way has been handled. */
  async settled(): Promise<void> {
    await new Promise(resolve => setTimeout(resolve, 0));
  }

  receive(data: unknown): void {
    this.onMsg({ content: { data } });
  }

  answer(request: IMessage, result: unknown): void {
    this.receive({ jsonrpc: '2.0', id: request.id, result });
  }

  refuse(request: IMessage, error: unknown): void {
    this.receive({ jsonrpc: '2.0', id: request.id, error });
  }

  event(method: string, params: unknown): void {
    this.receive({ jsonrpc: '2.0', method, params });
  }
}
