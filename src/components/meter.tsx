import * as React from 'react';

export interface IMeterProps {
  label: string;
  /** The same in words; drawn on the bar. */
  text: string;
  value: number;
  maximum: number;
  /** The part of `maximum` that lies elsewhere, such as on disk. */
  marked?: number;
}

/** A bar with its numbers written on it. */
export function Meter(props: IMeterProps): JSX.Element {
  const { label, text, value, maximum, marked } = props;
  const part = (amount: number): string =>
    `${Math.min(100, Math.max(0, (100 * amount) / maximum)).toFixed(1)}%`;
  return (
    <div
      className={`jp-DaskMeter${value / maximum > 0.8 ? ' jp-mod-high' : ''}`}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={maximum}
      aria-valuenow={Math.min(value, maximum)}
      aria-valuetext={text}
      title={`${label}: ${text}`}
    >
      <div className="jp-DaskMeter-bar" style={{ width: part(value) }} />
      {marked ? (
        <div className="jp-DaskMeter-mark" style={{ width: part(marked) }} />
      ) : null}
      <span className="jp-DaskMeter-text">{text}</span>
    </div>
  );
}
