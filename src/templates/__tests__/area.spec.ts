import fc from 'fast-check';
import {
  asBox,
  boxBetween,
  CORNERS,
  gridStep,
  isSeen,
  moveBox,
  moveCorner,
  pan,
  viewOf,
  WORLD,
  zoom
} from '../area/box';
import type { Box, IMapView, Point } from '../area/box';
import { MOST_CHARACTERS, readOutline } from '../area/geojson';
import { pathOf, ringPathOf } from '../area/path';
import { worldPaths } from '../area/world';
import { trans } from './fixture';

const lon = fc.double({ min: -180, max: 180, noNaN: true });
const lat = fc.double({ min: -90, max: 90, noNaN: true });
const point = fc.tuple(lon, lat);
const far = fc.double({ min: -1000, max: 1000, noNaN: true });
const view = fc
  .tuple(point, fc.double({ min: 0.001, max: 10, noNaN: true }))
  .map(([at, factor]) => pan(zoom(WORLD, factor), at));

function onGlobe([west, south, east, north]: Box): boolean {
  return west >= -180 && east <= 180 && south >= -90 && north <= 90;
}

describe('an area on a map', () => {
  it('should be four numbers in the order of a map, or nothing', () => {
    expect(asBox([33, -5, 42, 5])).toEqual([33, -5, 42, 5]);
    for (const wrong of [
      [42, -5, 33, 5],
      [33, 5, 42, -5],
      [1, 2, 3],
      null,
      'x'
    ]) {
      expect(asBox(wrong)).toBeNull();
    }
  });

  it('should stay on the globe and in order, however it is drawn or moved', () => {
    fc.assert(
      fc.property(
        point,
        point,
        far,
        far,
        view,
        (from, to, east, north, seen) => {
          const drawn = boxBetween(from, to, seen);
          expect(onGlobe(drawn)).toBe(true);
          expect(drawn[0]).toBeLessThanOrEqual(drawn[2]);
          expect(drawn[1]).toBeLessThanOrEqual(drawn[3]);
          const moved = moveBox(drawn, [east, north], seen);
          expect(onGlobe(moved)).toBe(true);
          expect(moved[2] - moved[0]).toBeCloseTo(drawn[2] - drawn[0], 6);
          expect(moved[3] - moved[1]).toBeCloseTo(drawn[3] - drawn[1], 6);
        }
      )
    );
  });

  it('should turn over when a corner is pulled past the one opposite', () => {
    const box: Box = [10, 0, 20, 10];
    const [northWest] = CORNERS;
    expect(moveCorner(box, northWest, [30, -5], WORLD)).toEqual([
      20, -5, 30, 0
    ]);
  });

  it('should be rounded to what a hand can aim at', () => {
    expect(boxBetween([33.123456, -5], [42, 5.98765], WORLD)).toEqual([
      33.1, -5, 42, 6
    ]);
  });
});

describe('a view of the map', () => {
  it('should have the area in it', () => {
    fc.assert(
      fc.property(point, point, (from, to) => {
        const box = asBox(boxBetween(from, to, WORLD));
        expect(!box || isSeen(box, viewOf(box))).toBe(true);
      })
    );
  });

  it('should never leave the globe, and keep a point in its place while it zooms', () => {
    fc.assert(
      fc.property(view, far, far, (seen, east, north) => {
        const moved = pan(seen, [east, north]);
        expect(moved.west).toBeGreaterThanOrEqual(-180);
        expect(moved.west + moved.width).toBeLessThanOrEqual(180 + 1e-9);
        expect(moved.north).toBeLessThanOrEqual(90);
        expect(moved.north - moved.height).toBeGreaterThanOrEqual(-90 - 1e-9);
      })
    );
    const seen: IMapView = { west: 20, north: 20, width: 40, height: 20 };
    const at: Point = [30, 15];
    const near = zoom(seen, 0.5, at);
    expect(near.width).toBe(20);
    expect((at[0] - near.west) / near.width).toBeCloseTo(0.25, 9);
    expect((near.north - at[1]) / near.height).toBeCloseTo(0.25, 9);
  });

  it('should have a few lines in its grid', () => {
    fc.assert(
      fc.property(view, seen => {
        const lines = seen.width / gridStep(seen);
        expect(lines).toBeGreaterThan(0);
        expect(lines).toBeLessThanOrEqual(12);
      })
    );
  });

  it('should show land and borders of the world, and no line across it', () => {
    expect(
      pathOf([
        [170, 60],
        [180, 65],
        [-180, 65],
        [-170, 70]
      ])
    ).toBe('M170 -60L180 -65M-180 -65L-170 -70');
    expect(
      ringPathOf([
        [170, 60],
        [180, 60],
        [-180, 60],
        [-180, 70],
        [180, 70],
        [170, 70],
        [170, 60]
      ])
    ).toBe('M-180 -60L-180 -70M180 -70L170 -70L170 -60L180 -60');
    const { land, borders } = worldPaths();
    expect(land).toMatch(/^M[-\d.]+ [-\d.]+L/);
    expect(land.match(/M/g)!.length).toBeGreaterThan(100);
    expect(borders.match(/M/g)!.length).toBeGreaterThan(100);
  });
});

describe('a GeoJSON file', () => {
  const polygon = {
    type: 'Polygon',
    coordinates: [
      [
        [34, -4],
        [41.5, -4],
        [41.5, 5],
        [34, -4]
      ]
    ]
  };

  it('should give the extent of all its geometries', () => {
    const text = JSON.stringify({
      type: 'FeatureCollection',
      features: [
        { type: 'Feature', properties: {}, geometry: polygon },
        { type: 'Feature', properties: {}, geometry: null },
        {
          type: 'Feature',
          properties: {},
          geometry: {
            type: 'GeometryCollection',
            geometries: [{ type: 'Point', coordinates: [50, 1, 300] }]
          }
        }
      ]
    });
    const { box, rings } = readOutline(text, trans);
    expect(box).toEqual([34, -4, 50, 5]);
    expect(rings[0]).toHaveLength(4);
  });

  it('should be thinned for drawing, and keep its extent', () => {
    const ring = Array.from({ length: 20_000 }, (_, place) => [
      place / 1000,
      place % 7
    ]);
    const { box, rings } = readOutline(
      JSON.stringify({ type: 'Polygon', coordinates: [ring] }),
      trans
    );
    expect(box).toEqual([0, 0, 19.999, 6]);
    expect(rings[0].length).toBeLessThan(600);
  });

  it.each([
    ['no JSON', '<kml/>', 'not JSON'],
    [
      'no geometry',
      '{"type": "FeatureCollection", "features": []}',
      'no geometry'
    ],
    ['one point', '{"type": "Point", "coordinates": [1, 2]}', 'no geometry'],
    [
      'metres',
      '{"type": "LineString", "coordinates": [[500000, 0], [600000, 10]]}',
      'not degrees'
    ],
    [
      'another reference system',
      JSON.stringify({
        ...polygon,
        crs: {
          type: 'name',
          properties: { name: 'urn:ogc:def:crs:EPSG::32737' }
        }
      }),
      'EPSG::32737'
    ],
    ['too much', ' '.repeat(MOST_CHARACTERS + 1), 'too large'],
    ['nothing but nesting', '['.repeat(9000) + ']'.repeat(9000), 'no geometry'],
    ['a number', '7', 'no geometry']
  ])('should be refused in words when it holds %s', (_, text, words) => {
    expect(() => readOutline(text, trans)).toThrow(words);
  });
});
