import { mkdir, rm, writeFile } from 'fs/promises';
import { join } from 'path';
import { expect, test } from '../helpers/fixtures';
import { NotebookPage } from '../helpers/notebook';
import { inEachTheme, isAccessible, THEMES } from '../helpers/themes';

test.setTimeout(240_000);

/** Results that only one worker holds each. */
const WORK = `fs = client.map(bytes, range(40), pure=False)
_ = client.gather(fs)`;

const SIZES = ['--jp-code-font-size', '--jp-ui-font-size1'];

test('a trainer has notebook and plots side by side and readable from afar, and then all as before', async ({
  page,
  sidebar
}) => {
  const notebook = new NotebookPage(page);
  const toggle = (name: 'teaching-layout' | 'projector-mode'): Promise<void> =>
    notebook.command(`seasonal-monitor:${name}`);
  const plots = page.locator('.jp-DaskDashboard:visible');
  const sizes = (): Promise<string[]> =>
    page.evaluate(names => {
      const style = getComputedStyle(document.documentElement);
      return names.map(name => style.getPropertyValue(name).trim());
    }, SIZES);
  const theme = (name: keyof typeof THEMES): Promise<void> =>
    expect(page.locator('body')).toHaveAttribute(
      'data-jp-theme-name',
      THEMES[name]
    );

  await test.step('says what is missing', async () => {
    await sidebar.open();
    await toggle('teaching-layout');
    await expect(page.locator('.Toastify')).toContainText('Open a notebook');
    await expect(page.locator('.Toastify')).toContainText('Start a cluster');
  });

  await sidebar.newCluster();
  await notebook.create();
  await sidebar.button('Connect').click();
  await notebook.isIdle();

  await test.step('sets all side by side', async () => {
    await toggle('teaching-layout');
    await expect(plots).toHaveCount(2);
    await expect(notebook.panel).toBeVisible();
    await expect(sidebar.newClusterButton).toBeVisible();
    const cells = (await notebook.panel.boundingBox())!;
    for (const plot of await plots.all()) {
      expect((await plot.boundingBox())!.x).toBeGreaterThan(
        cells.x + cells.width - 1
      );
    }
    await expect(
      page.frameLocator('iframe[src*="task-stream"]').locator('canvas').first()
    ).toBeVisible({ timeout: 30_000 });
  });

  const before = await sizes();
  await test.step('is readable from afar, also after a reload', async () => {
    await toggle('projector-mode');
    await theme('contrast');
    await expect
      .poll(async () => parseFloat((await sizes())[0]))
      .toBeGreaterThan(1.3 * parseFloat(before[0]));
    await page.screenshot({ path: 'test-results/teaching-projector.png' });
    await page.reload();
    await sidebar.open();
    await theme('contrast');
    await expect(page.locator('body')).toHaveClass(/jp-mod-daskProjector/);
  });

  await test.step('is as it was before', async () => {
    await toggle('projector-mode');
    await theme('light');
    await expect.poll(sizes).toEqual(before);
    await expect(page.locator('body')).not.toHaveClass(/jp-mod-daskProjector/);
    await notebook.command('seasonal-monitor:close-layout');
    await expect(plots).toHaveCount(0);
    await toggle('teaching-layout');
    await expect(plots).toHaveCount(2);
    await page.screenshot({ path: 'test-results/teaching-layout.png' });
    await toggle('teaching-layout');
    await expect(plots).toHaveCount(0);
  });

  await test.step('goes back at once after a reload too', async () => {
    await notebook.command('filebrowser:activate');
    await toggle('teaching-layout');
    await expect(plots).toHaveCount(2);
    await expect(sidebar.newClusterButton).toBeVisible();
    // The page is kept a moment after it was changed.
    await page.waitForTimeout(2000);
    await page.reload();
    await expect(plots).toHaveCount(2, { timeout: 60_000 });
    await toggle('teaching-layout');
    await expect(plots).toHaveCount(0);
    await expect(page.locator('#filebrowser')).toBeVisible();
    await sidebar.open();
  });

  await test.step('explains what happens when a worker dies', async () => {
    const keep = 'xs = client.scatter([bytes(10)] * 20)';
    await notebook.type(
      `${WORK}\n${keep}\nimport os, signal\n` +
        'pids = client.run(os.getpid)\nos.kill(max(pids.values()), signal.SIGKILL)'
    );
    await notebook.runAll();
    await notebook.command('seasonal-monitor:what-happened');
    const events = page.getByRole('list', { name: 'Events, newest first' });
    await expect(events).toContainText('was lost');
    await expect(events).toContainText('computed again');
    await expect(events).toContainText(
      'The answer is the same; it comes later'
    );
    await inEachTheme(page, async name => {
      await isAccessible(page, '.jp-DaskDetails');
      await page.screenshot({ path: `test-results/teaching-why-${name}.png` });
    });
  });
  await sidebar.stopAll();
});

test('the trainer’s page and the workshop’s have buttons for the screen', async ({
  page,
  lab
}) => {
  const notebook = new NotebookPage(page);
  await mkdir(join(lab.root, 'teach'), { recursive: true });
  await writeFile(
    join(lab.root, 'teach', 'a.workshop.json'),
    JSON.stringify({
      version: 1,
      id: 'a',
      title: 'A class',
      profile: 'This machine',
      materials: [{ template: 'rainfall-anomaly' }]
    })
  );
  const path = 'teach/a.workshop.json';
  await notebook.command('docmanager:open', { path, factory: 'Class' });
  const root = page.locator('.jp-ClassPage:visible');
  const screen = root.getByRole('group', { name: 'Your screen' });
  await expect(screen).toBeVisible();
  await inEachTheme(page, async name => {
    await isAccessible(page, '.jp-ClassPage');
    await page.screenshot({ path: `test-results/teaching-class-${name}.png` });
  });
  const projector = screen.getByRole('button', { name: 'Projector Mode' });
  await projector.click();
  await expect(projector).toHaveAttribute('aria-pressed', 'true');
  await projector.click();
  await expect(projector).toHaveAttribute('aria-pressed', 'false');

  await notebook.command('docmanager:open', { path, factory: 'Workshop' });
  const workshop = page.locator('.jp-Workshop-page:visible');
  await workshop.getByText('For trainers').click();
  await expect(
    workshop.getByRole('button', { name: 'Teaching Layout' })
  ).toBeVisible();
  await rm(join(lab.root, 'teach'), { recursive: true, force: true });
});
