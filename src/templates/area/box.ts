/**
 * Areas on a map in degrees (plate carrée): what is seen of the world, and how
 * an area is drawn, moved and resized. Pure.
 */

/** West, south, east and north edge, in degrees. */
export type Box = [west: number, south: number, east: number, north: number];

/** Longitude and latitude, in degrees. */
export type Point = [lon: number, lat: number];

/** What a map shows: its upper left corner and its size, in degrees. */
export interface IMapView {
  west: number;
  north: number;
  width: number;
  height: number;
}

/** A corner of an area, by the indices of its two edges in {@link Box}. */
export type Corner = readonly [lon: 0 | 2, lat: 1 | 3];

export const CORNERS: readonly Corner[] = [
  [0, 3],
  [2, 3],
  [2, 1],
  [0, 1]
];

/** Width over height of every map. */
export const ASPECT = 2;

export const WORLD: IMapView = {
  west: -180,
  north: 90,
  width: 360,
  height: 180
};

/** The area that four numbers are, or null for anything else. */
export function asBox(value: unknown): Box | null {
  if (
    !Array.isArray(value) ||
    value.length !== 4 ||
    !value.every(item => typeof item === 'number' && Number.isFinite(item))
  ) {
    return null;
  }
  const [west, south, east, north] = value as Box;
  return west < east && south < north ? [west, south, east, north] : null;
}

/** The area between two points, within the globe, rounded for its size on the map. */
export function boxBetween(from: Point, to: Point, view: IMapView): Box {
  return Private.rounded(
    [
      Math.min(from[0], to[0]),
      Math.min(from[1], to[1]),
      Math.max(from[0], to[0]),
      Math.max(from[1], to[1])
    ],
    view
  );
}

/** An area with one of its corners at another point; it may turn over. */
export function moveCorner(
  box: Box,
  corner: Corner,
  to: Point,
  view: IMapView
): Box {
  const [lon, lat] = corner;
  const opposite: Point = [box[lon === 0 ? 2 : 0], box[lat === 1 ? 3 : 1]];
  return boxBetween(opposite, to, view);
}

/** An area moved by so many degrees, its size kept, within the globe. */
export function moveBox(box: Box, by: Point, view: IMapView): Box {
  const [west, south, east, north] = box;
  const lon = Private.clamp(by[0], -180 - west, 180 - east);
  const lat = Private.clamp(by[1], -90 - south, 90 - north);
  return Private.rounded(
    [west + lon, south + lat, east + lon, north + lat],
    view
  );
}

/** Whether a point lies in an area. */
export function contains(box: Box, [lon, lat]: Point): boolean {
  return lon >= box[0] && lon <= box[2] && lat >= box[1] && lat <= box[3];
}

/** The view with an area in its middle and its surroundings about it. */
export function viewOf(box: Box | null): IMapView {
  if (!box) {
    return WORLD;
  }
  const [west, south, east, north] = box;
  const height = Math.max(north - south, (east - west) / ASPECT) * 2.5;
  return Private.centred(
    [(west + east) / 2, (south + north) / 2],
    Math.max(height, 0.1)
  );
}

/** A view whose height is multiplied, with a point that stays where it is. */
export function zoom(view: IMapView, factor: number, at?: Point): IMapView {
  const middle: Point = [
    view.west + view.width / 2,
    view.north - view.height / 2
  ];
  const [lon, lat] = at ?? middle;
  const height = Private.clamp(view.height * factor, 0.05, WORLD.height);
  const by = height / view.height;
  return Private.centred(
    [lon + (middle[0] - lon) * by, lat + (middle[1] - lat) * by],
    height
  );
}

/** A view moved by so many degrees, within the globe. */
export function pan(view: IMapView, [lon, lat]: Point): IMapView {
  return Private.centred(
    [view.west + view.width / 2 + lon, view.north - view.height / 2 + lat],
    view.height
  );
}

/** Whether some part of an area is to be seen, and large enough to be told from a point. */
export function isSeen(box: Box, view: IMapView): boolean {
  return (
    box[0] < view.west + view.width &&
    box[2] > view.west &&
    box[1] < view.north &&
    box[3] > view.north - view.height &&
    Math.max(box[2] - box[0], box[3] - box[1]) > view.width / 100
  );
}

/** The distance between two lines of a grid: a few of them are to be seen. */
export function gridStep(view: IMapView): number {
  return (
    [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30].find(
      step => view.width / step <= 12
    ) ?? 30
  );
}

namespace Private {
  /** Pixels that a map is wide, about. */
  const PIXELS = 400;

  export function clamp(value: number, least: number, most: number): number {
    return Math.min(Math.max(value, least), most);
  }

  /** A pixel is all that a hand can aim at; more digits would be noise. */
  export function rounded(box: Box, view: IMapView): Box {
    const digits = clamp(Math.ceil(-Math.log10(view.width / PIXELS)), 0, 6);
    const round = (value: number) => Number(value.toFixed(digits));
    return [
      clamp(round(box[0]), -180, 180),
      clamp(round(box[1]), -90, 90),
      clamp(round(box[2]), -180, 180),
      clamp(round(box[3]), -90, 90)
    ];
  }

  export function centred([lon, lat]: Point, height: number): IMapView {
    const tall = Math.min(height, WORLD.height);
    const width = tall * ASPECT;
    return {
      west: clamp(lon - width / 2, -180, 180 - width),
      north: clamp(lat + tall / 2, -90 + tall, 90),
      width,
      height: tall
    };
  }
}
