import { execFile } from 'child_process';
import { existsSync } from 'fs';
import { cp, mkdir, rename } from 'fs/promises';
import { join } from 'path';
import { promisify } from 'util';
import { test } from '@playwright/test';
import { ENVIRONMENT } from './lab';

/** An archive small enough for a test, and the parameters that fit it. */
export const SMALL = {
  arguments: ['--years', '2001-2013', '--size', '48', '--seed', '7'],
  fields: {
    'First dekad': '201303d1',
    'Last dekad': '201305d3',
    'First baseline year': '2001',
    'Last baseline year': '2012',
    'Chunk size': '16'
  },
  /** West, south, east, north; degrees. */
  area: [35.0, 3.6, 37.4, 6.0]
};

/**
 * Make the sample archive in a folder, as the README says; once in a run, which empties its
 * folder when it begins, and copied from there.
 */
export async function makeSampleData(
  folder: string,
  ...others: string[]
): Promise<void> {
  const { outputDir } = test.info().project;
  const made = join(outputDir, `sample-data ${others.join(' ')}`);
  if (!existsSync(made)) {
    const begun = `${made} begun`;
    await mkdir(begun, { recursive: true });
    await promisify(execFile)(
      join(ENVIRONMENT, 'bin', 'python'),
      [
        '-m',
        'jupyterlab_seasonal_monitor.sample_data',
        'sample-data',
        ...SMALL.arguments,
        ...others
      ],
      { cwd: begun }
    );
    await rename(begun, made);
  }
  await cp(made, folder, { recursive: true });
}
