/** Errors that can be shown to a person. */

/** One link of a cause chain, outermost first. */
export interface ICause {
  /** What happened, in words, without secrets. */
  message: string;
  /** The exception's class name or the error's code. */
  kind?: string;
  /** What the person can do next. */
  hint?: string;
}

/** An error that can be shown: words, causes, log lines, and form fields. */
export class ClusterError extends Error {
  constructor(message: string, options: ClusterError.IOptions = {}) {
    super(message);
    this.name = 'ClusterError';
    this.code = options.code ?? 'error';
    this.cause = options.cause ?? [];
    this.log = options.log ?? [];
    this.fields = options.fields ?? {};
    this.hint = options.hint;
  }

  readonly code: ClusterError.Code;
  readonly cause: ICause[];
  readonly log: string[];
  /** Message by option name, for a form. */
  readonly fields: Record<string, string>;
  /** What the person can do next. */
  readonly hint?: string;
}

export namespace ClusterError {
  /** Kinds of error that views tell apart. */
  export type Code =
    | 'error'
    | 'cancelled'
    | 'invalid'
    /** A start ended, and what it had made may still be there. */
    | 'left-over'
    | 'limit'
    | 'missing-package'
    | 'not-found'
    | 'not-responding'
    | 'launch-failed'
    | 'protocol'
    | 'unavailable';

  export interface IOptions {
    code?: Code;
    cause?: ICause[];
    log?: string[];
    fields?: Record<string, string>;
    hint?: string;
  }
}
