import { mkdir, readFile, rm, writeFile } from 'fs/promises';
import { join, resolve } from 'path';

const BUNDLED = resolve(
  __dirname,
  '../../jupyterlab_seasonal_monitor/templates/rainfall-anomaly.ipynb'
);

/** Put a template of one's own, “My rain”, into the folder of the server. */
export async function writeTemplate(
  root: string,
  version: string,
  change: (text: string) => string = text => text
): Promise<void> {
  const notebook = JSON.parse(change(await readFile(BUNDLED, 'utf8')));
  Object.assign(notebook.metadata.seasonal_monitor, {
    id: 'my-rain',
    title: 'My rain',
    version
  });
  await mkdir(join(root, 'templates'), { recursive: true });
  await writeFile(
    join(root, 'templates', 'my-rain.ipynb'),
    JSON.stringify(notebook)
  );
}

/** Let a template begin with other values, in its schema and in its cell. */
export function withDefaults(
  text: string,
  values: Record<string, string | number | number[]>
): string {
  const notebook = JSON.parse(text);
  const { properties } = notebook.metadata.seasonal_monitor.parameters;
  const cell = notebook.cells.find(
    ({ metadata }: { metadata: { tags?: string[] } }) =>
      metadata.tags?.includes('parameters')
  );
  let source = [cell.source].flat().join('');
  for (const [name, value] of Object.entries(values)) {
    properties[name].default = value;
    source = source.replace(
      new RegExp(`^(${name}: \\w+ = ).*?(  #)`, 'm'),
      (_, before: string, after: string) =>
        `${before}${JSON.stringify(value)}${after}`
    );
  }
  cell.source = source;
  return JSON.stringify(notebook);
}

/** Take all of one's own templates away. */
export async function removeTemplates(root: string): Promise<void> {
  await rm(join(root, 'templates'), { recursive: true, force: true });
}
