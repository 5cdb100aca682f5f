import type { Locator } from '@playwright/test';
import { mkdir, writeFile } from 'fs/promises';
import { join } from 'path';
import { expect, test } from '../helpers/fixtures';
import { ENVIRONMENT, IProcess, Lab } from '../helpers/lab';
import type { Sidebar } from '../helpers/sidebar';
import { inEachTheme, isAccessible } from '../helpers/themes';

const isWorker = ({ command }: IProcess): boolean =>
  command.includes('forkserver') || command.includes('spawn_main');

const isKernel = ({ command }: IProcess): boolean =>
  command.includes('ipykernel_launcher');

/** Processes that hold a cluster: kernels, fork servers, workers. */
const held = async (lab: Lab): Promise<IProcess[]> =>
  (await lab.processes()).filter(one => isWorker(one) || isKernel(one));

/** No worker is left of a lost cluster, and Retry makes another in its place. */
async function leavesNothing(
  lab: Lab,
  sidebar: Sidebar,
  card: Locator
): Promise<void> {
  await expect
    .poll(async () => (await lab.processes()).filter(isWorker).length)
    .toBe(0);
  await sidebar.button('Retry', card).click();
  await sidebar.isRunning();
  await expect(sidebar.cards).toHaveCount(1);
}

test.describe('What happens when something dies', () => {
  test.afterEach(async ({ page, sidebar, lab }) => {
    if (!(await lab.answers())) {
      await lab.spawn();
      await page.reload();
    }
    await sidebar.open();
    await sidebar.stopAll();
  });

  test('a killed worker is missed at once and replaced', async ({
    page,
    sidebar,
    lab
  }) => {
    await sidebar.open();
    const card = await sidebar.newCluster();
    const workers = (await lab.processes()).filter(isWorker);
    const parents = new Set(workers.map(worker => worker.parent));
    const leaf = workers.filter(worker => !parents.has(worker.pid)).pop();
    expect(leaf).toBeDefined();
    await page.mouse.move(200, 300);
    // Looked at in each frame: another worker may be there in less than a second.
    const missed = page.waitForFunction(
      () =>
        document
          .querySelector('.jp-DaskCluster-card')
          ?.textContent?.includes('1 / 2 workers'),
      undefined,
      { polling: 'raf', timeout: 5_000 }
    );
    process.kill((leaf as IProcess).pid, 'SIGKILL');
    await missed;
    await sidebar.isRunning(card);
  });

  test('a killed controller leaves no process, and the card says so and can be retried', async ({
    sidebar,
    lab
  }) => {
    await sidebar.open();
    const card = await sidebar.newCluster();
    const kernels = await lab.controllers();
    expect(kernels.length).toBeGreaterThan(0);
    kernels.forEach(kernel => process.kill(kernel.pid, 'SIGKILL'));
    await expect(card).toContainText(/lost/i);
    await expect(card).toContainText(/kernel/i);
    await leavesNothing(lab, sidebar, card);
  });

  test('kernels that are all shut down leave a card that says so', async ({
    page,
    sidebar,
    lab
  }) => {
    await sidebar.open();
    const card = await sidebar.newCluster();
    // What the button of the list of running kernels does.
    await page.evaluate(() =>
      (
        window as unknown as {
          jupyterapp: {
            serviceManager: { kernels: { shutdownAll(): Promise<void> } };
          };
        }
      ).jupyterapp.serviceManager.kernels.shutdownAll()
    );
    await expect(card).toContainText(/lost/i);
    await expect(card).toContainText('was shut down from elsewhere');
    await leavesNothing(lab, sidebar, card);
  });

  test('a controller that hangs is shown as such by itself, and so is its return', async ({
    page,
    sidebar,
    lab
  }) => {
    await sidebar.open();
    const card = await sidebar.newCluster();
    const [controller] = await lab.controllers();
    // The last thing that anybody does.
    await page.mouse.move(200, 300);
    process.kill(controller.pid, 'SIGSTOP');
    try {
      await expect(card).toContainText('Not responding');
    } finally {
      process.kill(controller.pid, 'SIGCONT');
    }
    await sidebar.isRunning(card);
  });

  test('a killed server leaves no process, and nothing is shown as running', async ({
    page,
    sidebar,
    lab
  }) => {
    await sidebar.open();
    const card = await sidebar.newCluster();
    await lab.kill();
    await expect
      .poll(async () => (await held(lab)).length, { timeout: 10_000 })
      .toBe(0);
    // Nobody has to do anything for it.
    await expect(card).toContainText(/Not responding|Lost/);
    await lab.spawn();
    await page.reload();
    await sidebar.open();
    await expect(sidebar.cards).toHaveCount(0);
  });

  test('an environment without distributed is named, with the line that installs it', async ({
    page,
    sidebar,
    lab
  }) => {
    const broken = join(lab.folder, 'no-dask');
    await mkdir(broken, { recursive: true });
    for (const name of ['distributed', 'dask']) {
      await writeFile(
        join(broken, `${name}.py`),
        `raise ModuleNotFoundError("No module named '${name}'", name="${name}")\n`
      );
    }
    const spec = join(lab.folder, 'data', 'kernels', 'no-dask');
    await mkdir(spec, { recursive: true });
    await writeFile(
      join(spec, 'kernel.json'),
      JSON.stringify({
        argv: [
          join(ENVIRONMENT, 'bin', 'python'),
          '-m',
          'ipykernel_launcher',
          '-f',
          '{connection_file}'
        ],
        display_name: 'No Dask',
        language: 'python',
        env: { PYTHONPATH: broken }
      })
    );
    await page.reload();
    await sidebar.open();
    await sidebar.panel
      .getByRole('button', { name: 'Choose a profile' })
      .click();
    await page.getByRole('menuitem', { name: 'Customise…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Environment').selectOption('no-dask');
    await dialog.getByRole('button', { name: /Start|Create/ }).click();
    const card = sidebar.card();
    await expect(card).toContainText(/failed/i);
    await expect(card).toContainText('distributed');
    await expect(card).toContainText('pip install');
    await expect(sidebar.button('Copy report', card)).toBeVisible();
    await card.getByText('What happened').click();
    await inEachTheme(page, async theme => {
      await isAccessible(page, '#jp-dask-clusters');
      await page.screenshot({ path: `test-results/${theme}-failed.png` });
    });
    await sidebar.button('Dismiss', card).click();
    await expect(sidebar.cards).toHaveCount(0);
  });

  test('a start that is cancelled leaves nothing', async ({ sidebar, lab }) => {
    await sidebar.open();
    await sidebar.newClusterButton.click();
    await sidebar.button('Cancel').click();
    await expect(sidebar.cards).toHaveCount(0);
    await expect
      .poll(
        async () =>
          (await lab.sessions()).filter(
            session => !session.name.includes('stand-by')
          ).length
      )
      .toBe(0);
  });
});
