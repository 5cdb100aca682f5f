// What the page's main thread did in each frame, from Chrome's trace.

/** The events whose own time is counted as such; all others are `other`. */
const KINDS = {
  script:
    /^(FunctionCall|EvaluateScript|FireAnimationFrame|TimerFire|EventDispatch|RunMicrotasks|v8\.)/,
  style:
    /^(UpdateLayoutTree|ParseAuthorStyleSheet|ScheduleStyleRecalculation)$/,
  layout:
    /^(Layout|HitTest|IntersectionObserverController::computeIntersections)$/,
  paint:
    /^(PrePaint|Paint|Layerize|Commit|UpdateLayer|UpdateLayerTree|CompositeLayers)$/,
  // Of what is young, a part of the page's own work; then of the page's whole heap.
  collection: /^(MinorGC|V8\.GC_SCAVENGER)/,
  heap: /^(MajorGC|V8\.GC|BlinkGC)/
};

/** Which of the kinds an event is. */
function kindOf({ name }) {
  const found = Object.entries(KINDS).find(([, names]) => names.test(name));
  return found ? found[0] : 'other';
}

/**
 * The processor time, in ms, that the page's main thread used for each frame, in
 * all and by kind: all tasks from one that runs animation callbacks up to the next
 * of these. The first and the last one may not be whole, and are left out.
 */
export function workOfFrames(events) {
  const callbacks = events.filter(({ name }) => name === 'FireAnimationFrame');
  const { pid, tid } = callbacks[0];
  const spans = events
    .filter(
      event =>
        event.pid === pid && event.tid === tid && event.tdur !== undefined
    )
    .sort((a, b) => a.ts - b.ts || b.dur - a.dur);
  const times = callbacks.map(({ ts }) => ts).sort((a, b) => a - b);
  const frames = [];
  let next = 0;
  let open = [];
  for (const span of spans) {
    const { ts, dur, name } = span;
    if (name === 'RunTask') {
      if (next < times.length && times[next] < ts + dur) {
        frames.push({ work: 0 });
        while (times[next] < ts + dur) {
          next += 1;
        }
      }
      open = [];
    }
    const frame = frames[frames.length - 1];
    open = open.filter(outer => ts < outer.ts + outer.dur);
    if (!frame || (name !== 'RunTask' && open.length === 0)) {
      continue;
    }
    // Each event's own time: that of the events inside it is theirs.
    // A virtual machine's clock of processor time jumps now and then by some ms: a
    // span's cannot be longer than the time that passed.
    const time = Math.min(span.tdur, dur) / 1000;
    const add = (kind, value) => {
      frame[kind] = (frame[kind] ?? 0) + value;
    };
    if (open.length > 0) {
      add(kindOf(open[open.length - 1]), -time);
    } else {
      frame.work += time;
    }
    add(kindOf(span), time);
    open.push(span);
  }
  return frames.slice(1, -1);
}
