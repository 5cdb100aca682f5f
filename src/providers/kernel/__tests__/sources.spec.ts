import { readdirSync, readFileSync } from 'fs';
import * as path from 'path';
import { bootstrapCode, VERSION } from '../bootstrap';
import { BOOTSTRAP, MODULES } from '../sources';

const ROOT = path.resolve(__dirname, '../../../..');
const FOLDER = path.join(ROOT, 'jupyterlab_seasonal_monitor', 'controller');

/** Every Python file of the controller, by module name. */
function files(): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(FOLDER, { recursive: true })) {
    const name = String(entry);
    if (name.endsWith('.py')) {
      const module = name.slice(0, -3).split(path.sep).join('.');
      found[module] = readFileSync(path.join(FOLDER, name), 'utf-8');
    }
  }
  return found;
}

describe('sources', () => {
  it('should name every file of the controller, as it is', () => {
    expect({ ...MODULES, bootstrap: BOOTSTRAP }).toEqual(files());
  });

  it('should be asked for by a short call with the version of the package', () => {
    const about = JSON.parse(
      readFileSync(path.join(ROOT, 'package.json'), 'utf-8')
    );
    expect(VERSION).toBe(about.version);
    const call = bootstrapCode().slice(BOOTSTRAP.length);
    expect(call).toMatch(/^\ninstall\([ -~]{1,200}\)\n$/);
    expect(call).toContain(`"${about.version}"`);
  });
});
