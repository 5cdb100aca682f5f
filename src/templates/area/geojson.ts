/**
 * Reads the outlines in a GeoJSON file (RFC 7946). The file is anybody's: it is
 * bounded, and nothing of it but numbers is used.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Box, Point } from './box';

/** What a GeoJSON file encloses. */
export interface IOutline {
  box: Box;
  /** Rings of polygons and lines, thinned for drawing. */
  rings: Point[][];
}

/** The longest text that is read, in characters. */
export const MOST_CHARACTERS = 50_000_000;

/**
 * The outlines of all geometries.
 *
 * @throws An `Error` in words for text that holds no outline in degrees.
 */
export function readOutline(text: string, trans: TranslationBundle): IOutline {
  if (text.length > MOST_CHARACTERS) {
    throw tooLarge(trans);
  }
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    throw new Error(
      trans.__('This is no GeoJSON: it is not JSON. Choose another file.')
    );
  }
  Private.refuseOtherCrs(root, trans);
  const rings: Point[][] = [];
  Private.collect(root, rings, 0);
  const box = Private.bounds(rings);
  if (!box) {
    throw new Error(
      trans.__(
        'There is no geometry with an extent in this file. Choose a GeoJSON file of polygons.'
      )
    );
  }
  if (
    Math.max(Math.abs(box[0]), Math.abs(box[2])) > 180 ||
    Math.max(Math.abs(box[1]), Math.abs(box[3])) > 90
  ) {
    throw new Error(
      trans.__(
        'The coordinates in this file are not degrees. Write it in longitude and latitude, for example with ogr2ogr -t_srs EPSG:4326.'
      )
    );
  }
  return { box, rings: rings.map(ring => Private.thinned(ring)) };
}

/** What is said of a file that is not read. */
export function tooLarge(trans: TranslationBundle): Error {
  return new Error(
    trans.__(
      'The file is too large to be read here. Simplify it, for example with ogr2ogr -simplify.'
    )
  );
}

namespace Private {
  const DEEPEST = 32;
  const MOST_POINTS = 500;

  interface INode {
    type?: unknown;
    coordinates?: unknown;
    features?: unknown;
    geometry?: unknown;
    geometries?: unknown;
    crs?: { properties?: { name?: unknown } };
  }

  /** Older files may name their reference system; RFC 7946 knows only degrees. */
  export function refuseOtherCrs(
    root: unknown,
    trans: TranslationBundle
  ): void {
    const name = (root as INode | null)?.crs?.properties?.name;
    if (typeof name === 'string' && !/(CRS84|:4326|::4326)$/.test(name)) {
      throw new Error(
        trans.__(
          'This file is in %1. Write it in longitude and latitude, for example with ogr2ogr -t_srs EPSG:4326.',
          name.slice(0, 80)
        )
      );
    }
  }

  export function collect(
    node: unknown,
    rings: Point[][],
    depth: number
  ): void {
    if (typeof node !== 'object' || node === null || depth > DEEPEST) {
      return;
    }
    const { coordinates, features, geometry, geometries } = node as INode;
    for (const part of [features, geometries]) {
      if (Array.isArray(part)) {
        for (const item of part) {
          collect(item, rings, depth + 1);
        }
      }
    }
    collect(geometry, rings, depth + 1);
    collectRings(coordinates, rings, depth);
  }

  function collectRings(value: unknown, rings: Point[][], depth: number): void {
    if (!Array.isArray(value) || depth > DEEPEST) {
      return;
    }
    if (value.every(isPosition) && value.length > 0) {
      rings.push(value.map(([lon, lat]): Point => [lon, lat]));
    } else if (isPosition(value)) {
      rings.push([[value[0], value[1]]]);
    } else {
      for (const item of value) {
        collectRings(item, rings, depth + 1);
      }
    }
  }

  function isPosition(value: unknown): value is Point {
    return (
      Array.isArray(value) &&
      value.length >= 2 &&
      Number.isFinite(value[0]) &&
      Number.isFinite(value[1])
    );
  }

  export function bounds(rings: Point[][]): Box | null {
    const box: Box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const ring of rings) {
      for (const [lon, lat] of ring) {
        box[0] = Math.min(box[0], lon);
        box[1] = Math.min(box[1], lat);
        box[2] = Math.max(box[2], lon);
        box[3] = Math.max(box[3], lat);
      }
    }
    return box[0] < box[2] && box[1] < box[3] ? box : null;
  }

  /** Every n-th point, and the last. */
  export function thinned(ring: Point[]): Point[] {
    const step = Math.ceil(ring.length / MOST_POINTS);
    return ring.filter(
      (_, place) => place % step === 0 || place === ring.length - 1
    );
  }
}
