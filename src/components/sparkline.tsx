import * as React from 'react';

const WIDTH = 44;
const HEIGHT = 15;
const SPAN = 5 * 60_000;

export interface ISparklineProps {
  /** Oldest first. */
  points: ReadonlyArray<{ time: number; value: number }>;
  /** What it shows, with numbers. */
  text: string;
}

/** The last five minutes of one measure, with the newest value at the end. */
export function Sparkline({ points, text }: ISparklineProps): JSX.Element {
  const end = points[points.length - 1].time;
  const top = Math.max(1, ...points.map(point => point.value));
  const x = (time: number): number =>
    Math.max(0, WIDTH * (1 - (end - time) / SPAN));
  const y = (value: number): number =>
    HEIGHT - 1 - (HEIGHT - 2) * (value / top);
  const line = points
    .map(({ time, value }) => `${x(time).toFixed(1)},${y(value).toFixed(1)}`)
    .join(' ');
  const area = `${x(points[0].time).toFixed(1)},${HEIGHT} ${line} ${WIDTH},${HEIGHT}`;
  return (
    <svg
      className="jp-DaskSparkline"
      role="img"
      aria-label={text}
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
    >
      <title>{text}</title>
      <polygon className="jp-DaskSparkline-area" points={area} />
      <polyline className="jp-DaskSparkline-line" points={line} />
    </svg>
  );
}
