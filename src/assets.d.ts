declare module '*.svg' {
  const text: string;
  export default text;
}

declare module '*.py' {
  const text: string;
  export default text;
}

declare module '*.ipynb' {
  import type { JSONObject } from '@lumino/coreutils';

  const notebook: JSONObject;
  export default notebook;
}

declare module 'world-atlas/countries-110m.json' {
  import type { GeometryCollection, Topology } from 'topojson-specification';

  const world: Topology<{
    countries: GeometryCollection;
    land: GeometryCollection;
  }>;
  export default world;
}
