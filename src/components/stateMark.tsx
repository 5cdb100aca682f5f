import * as React from 'react';
import type { Tone } from './facts';

export interface IStateMarkProps {
  word: string;
  tone: Tone;
}

/** A dot and a word: the colour is never the only sign. */
export function StateMark({ word, tone }: IStateMarkProps): JSX.Element {
  return (
    <span className={`jp-DaskState jp-mod-${tone}`}>
      <span className="jp-DaskState-dot" aria-hidden="true" />
      <span className="jp-DaskState-word">{word}</span>
    </span>
  );
}
