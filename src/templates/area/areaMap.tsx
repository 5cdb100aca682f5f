/**
 * A small map on which an area is drawn, moved and resized. It asks no server
 * for anything; the numbers beside it can do the same.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';
import {
  boxBetween,
  contains,
  CORNERS,
  gridStep,
  isSeen,
  moveBox,
  moveCorner,
  pan,
  viewOf,
  WORLD,
  zoom
} from './box';
import type { Box, Corner, IMapView, Point } from './box';
import { pathOf } from './path';
import type { IWorld } from './world';

/** What {@link AreaMap} shows and tells. */
export interface IAreaMapProps {
  /** What the map is of, for screen readers. */
  label: string;
  /** Null while the numbers are no area. */
  box: Box | null;
  /** Outlines of a file, to be seen behind the area. */
  rings: readonly Point[][];
  /** Land and borders, once they are there. */
  world: IWorld | null;
  trans: TranslationBundle;
  onChange: (box: Box) => void;
}

/** The map and its buttons. */
export function AreaMap(props: IAreaMapProps): JSX.Element {
  const { box, rings, world, trans, onChange } = props;
  const [view, setView] = React.useState(() => viewOf(box));
  const [drag, setDrag] = React.useState<Private.IDrag | null>(null);
  const shown = drag ? Private.dragged(drag, view) : box;
  // An area that was typed is not drawn where nobody sees it.
  if (!drag && box && !isSeen(box, view) && view !== WORLD) {
    setView(viewOf(box));
  }
  const step = gridStep(view);
  const handle = view.width / 40;
  return (
    <div className="jp-AreaMap">
      <svg
        className={drag?.kind === 'pan' ? 'jp-mod-moving' : ''}
        viewBox={`${view.west} ${-view.north} ${view.width} ${view.height}`}
        role="application"
        tabIndex={0}
        aria-label={trans.__(
          'Map of “%1”. Drag to draw it. Arrow keys move the map, + and − zoom, and the fields above take numbers.',
          props.label
        )}
        onPointerDown={event => {
          if (event.button > 1) {
            return;
          }
          const at = Private.pointAt(event);
          const corner = Private.cornerOf(event.target);
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrag(
            Private.begin(at, box, corner, event.shiftKey || event.button === 1)
          );
        }}
        onPointerMove={event => {
          if (!drag) {
            return;
          }
          const at = Private.pointAt(event);
          if (drag.kind === 'pan') {
            setView(pan(view, [drag.from[0] - at[0], drag.from[1] - at[1]]));
          } else {
            setDrag({ ...drag, to: at });
          }
        }}
        onPointerUp={() => {
          const done = drag && Private.dragged(drag, view);
          setDrag(null);
          if (drag && drag.kind !== 'pan' && done && isSeen(done, view)) {
            onChange(done);
          }
        }}
        onPointerCancel={() => {
          setDrag(null);
        }}
        onKeyDown={event => {
          const next = Private.byKey(event.key, view);
          if (next && !event.ctrlKey && !event.metaKey && !event.altKey) {
            event.preventDefault();
            event.stopPropagation();
            setView(next);
          }
        }}
      >
        <path className="jp-AreaMap-land" d={world?.land ?? ''} />
        <path className="jp-AreaMap-grid" d={Private.grid(view, step)} />
        <path className="jp-AreaMap-borders" d={world?.borders ?? ''} />
        <path
          className="jp-AreaMap-outline"
          d={rings.map(ring => pathOf(ring)).join('')}
        />
        {shown && (
          <>
            <rect
              className="jp-AreaMap-box"
              x={shown[0]}
              y={-shown[3]}
              width={shown[2] - shown[0]}
              height={shown[3] - shown[1]}
            />
            {CORNERS.map(([lon, lat], place) => (
              <rect
                key={place}
                className="jp-AreaMap-corner"
                data-corner={place}
                x={shown[lon] - handle / 2}
                y={-shown[lat] - handle / 2}
                width={handle}
                height={handle}
              />
            ))}
          </>
        )}
      </svg>
      <div className="jp-AreaMap-buttons">
        <MapButton
          text="+"
          label={trans.__('Zoom in')}
          onClick={() => {
            setView(zoom(view, 0.5, Private.middle(box)));
          }}
        />
        <MapButton
          text="−"
          label={trans.__('Zoom out')}
          onClick={() => {
            setView(zoom(view, 2));
          }}
        />
        <MapButton
          text={trans.__('Area')}
          label={trans.__('Show the area')}
          disabled={!box}
          onClick={() => {
            setView(viewOf(box));
          }}
        />
        <MapButton
          text={trans.__('World')}
          label={trans.__('Show the world')}
          onClick={() => {
            setView(WORLD);
          }}
        />
        <span className="jp-AreaMap-scale">
          {trans.__('Grid: %1°. Shift and drag moves the map.', String(step))}
        </span>
      </div>
    </div>
  );
}

function MapButton(props: {
  text: string;
  label: string;
  disabled?: boolean;
  onClick: () => void;
}): JSX.Element {
  return (
    <button
      type="button"
      className="jp-mod-styled jp-AreaMap-button"
      aria-label={props.label}
      title={props.label}
      disabled={props.disabled}
      onClick={props.onClick}
    >
      {props.text}
    </button>
  );
}

namespace Private {
  /** What a pointer is doing: from where, to where, with which area before. */
  export interface IDrag {
    kind: 'draw' | 'move' | 'corner' | 'pan';
    from: Point;
    to: Point;
    box: Box | null;
    corner?: Corner;
  }

  export function begin(
    from: Point,
    box: Box | null,
    corner: Corner | undefined,
    moveMap: boolean
  ): IDrag {
    const kind = moveMap
      ? 'pan'
      : box && corner
        ? 'corner'
        : box && contains(box, from)
          ? 'move'
          : 'draw';
    return { kind, from, to: from, box, corner };
  }

  /** The area as it would be if the pointer were lifted now. */
  export function dragged(drag: IDrag, view: IMapView): Box | null {
    const { kind, from, to, box, corner } = drag;
    if (box && kind === 'move') {
      return moveBox(box, [to[0] - from[0], to[1] - from[1]], view);
    }
    if (box && corner && kind === 'corner') {
      return moveCorner(box, corner, to, view);
    }
    return kind === 'draw' ? boxBetween(from, to, view) : box;
  }

  /** Where a pointer is, in degrees. */
  export function pointAt(event: React.PointerEvent<SVGSVGElement>): Point {
    const svg = event.currentTarget;
    const matrix = svg.getScreenCTM();
    if (!matrix) {
      return [0, 0];
    }
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(
      matrix.inverse()
    );
    return [point.x, -point.y];
  }

  export function cornerOf(target: EventTarget): Corner | undefined {
    const place = target instanceof SVGElement && target.dataset.corner;
    return place ? CORNERS[Number(place)] : undefined;
  }

  export function middle(box: Box | null): Point | undefined {
    return box ? [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2] : undefined;
  }

  export function byKey(key: string, view: IMapView): IMapView | null {
    const step = view.height / 8;
    switch (key) {
      case 'ArrowLeft':
        return pan(view, [-step, 0]);
      case 'ArrowRight':
        return pan(view, [step, 0]);
      case 'ArrowUp':
        return pan(view, [0, step]);
      case 'ArrowDown':
        return pan(view, [0, -step]);
      case '+':
      case '=':
        return zoom(view, 0.5);
      case '-':
        return zoom(view, 2);
      default:
        return null;
    }
  }

  export function grid(view: IMapView, step: number): string {
    const lines: Point[][] = [];
    const east = view.west + view.width;
    const south = view.north - view.height;
    for (
      let lon = Math.ceil(view.west / step) * step;
      lon <= east;
      lon += step
    ) {
      lines.push([
        [lon, south],
        [lon, view.north]
      ]);
    }
    for (
      let lat = Math.ceil(south / step) * step;
      lat <= view.north;
      lat += step
    ) {
      lines.push([
        [view.west, lat],
        [east, lat]
      ]);
    }
    return lines.map(line => pathOf(line)).join('');
  }
}
