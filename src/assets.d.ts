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
