import type { Point } from './box';

/**
 * An SVG path through points in degrees, y downwards. It is broken where it would
 * go round the back of the globe.
 */
export function pathOf(points: readonly Point[]): string {
  return points
    .map(([lon, lat], place) => {
      const broken = place === 0 || Math.abs(lon - points[place - 1][0]) > 180;
      return `${broken ? 'M' : 'L'}${short(lon)} ${short(-lat)}`;
    })
    .join('');
}

/**
 * An SVG path to be filled, of a ring whose last point is its first. A ring that
 * goes round the back of the globe begins there, so that each part closes at the
 * edge of the map.
 */
export function ringPathOf(ring: readonly Point[]): string {
  const from = ring.findIndex(
    ([lon], place) => place > 0 && Math.abs(lon - ring[place - 1][0]) > 180
  );
  return pathOf(
    from === -1 ? ring : [...ring.slice(from), ...ring.slice(1, from)]
  );
}

function short(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}
