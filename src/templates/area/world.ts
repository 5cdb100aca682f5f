/**
 * Land and borders of the world for a small map: Natural Earth at 1:110 million
 * (public domain), from the package `world-atlas`. A chunk of its own.
 */
import { feature, mesh } from 'topojson-client';
import world from 'world-atlas/countries-110m.json';
import type { Point } from './box';
import { pathOf, ringPathOf } from './path';

/** Outlines as SVG paths in degrees, y downwards. */
export interface IWorld {
  land: string;
  borders: string;
}

/** The outlines of land, and the borders between countries. */
export function worldPaths(): IWorld {
  const { land, countries } = world.objects;
  const lines = mesh(world, countries, (one, other) => one !== other);
  return {
    land: feature(world, land)
      .features.flatMap(item =>
        item.geometry.type === 'MultiPolygon'
          ? item.geometry.coordinates.flat()
          : []
      )
      .map(ring => ringPathOf(ring as Point[]))
      .join(''),
    borders: lines.coordinates.map(line => pathOf(line as Point[])).join('')
  };
}
