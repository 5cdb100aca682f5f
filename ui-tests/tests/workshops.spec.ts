import { mkdir, readFile, readdir, rm, writeFile } from 'fs/promises';
import { join } from 'path';
import { expect, test } from '../helpers/fixtures';
import { NotebookPage } from '../helpers/notebook';
import { cell, notebookFile } from '../helpers/notebookFile';
import { requestsOutside } from '../helpers/outside';
import { inEachTheme, isAccessible } from '../helpers/themes';

test.setTimeout(240_000);

const NOTEBOOK = notebookFile([
  cell(
    'code',
    'check',
    'from seasonal_monitor.workshop import check\ncheck("add", 1 + 1 == 2)'
  )
]);

const WORKSHOP = {
  version: 1,
  id: 'first-class',
  title: 'First class <img src=x onerror=alert(1)>',
  text: 'We add numbers.\n\n![beacon](https://example.org/a.png)',
  profile: 'This machine',
  limits: { workers: 1 },
  materials: [
    {
      notebook: 'add.ipynb',
      title: 'Adding',
      steps: [
        { id: 'add', title: 'Add two numbers' },
        { id: 'more', title: 'Add three numbers' }
      ]
    }
  ],
  start: '2020-01-01T09:00Z',
  end: '2099-01-01T09:00Z',
  help: 'Raise a hand.',
  stagger: 1,
  shared: 'class/all'
};

test.beforeEach(async ({ lab }) => {
  await mkdir(join(lab.root, 'class', 'all'), { recursive: true });
  await writeFile(
    join(lab.root, 'class', 'add.ipynb'),
    JSON.stringify(NOTEBOOK)
  );
  await writeFile(
    join(lab.root, 'class', 'first.workshop.json'),
    JSON.stringify(WORKSHOP)
  );
});

test.afterEach(async ({ lab }) => {
  for (const folder of ['class', 'first-class']) {
    await rm(join(lab.root, folder), { recursive: true, force: true });
  }
});

test('a participant opens a workshop, joins it, ticks a step and resets the notebook', async ({
  page,
  sidebar,
  lab
}) => {
  const outside = requestsOutside(page, lab.url);
  const notebook = new NotebookPage(page);
  const path = 'class/first.workshop.json';
  const workshop = page.locator('.jp-Workshop:visible');
  await notebook.command('docmanager:open', { path });
  await expect(workshop.getByRole('heading', { level: 1 })).toHaveText(
    WORKSHOP.title
  );
  await expect(workshop).toContainText('It ends at');
  await expect(workshop).not.toContainText('days');
  await expect(workshop).toContainText('UTC');
  await expect(workshop).toContainText('with 1 worker');
  await expect(workshop).toContainText('1 notebook is copied');
  await expect(workshop.locator('img')).toHaveCount(0);
  expect(await lab.sessions()).toEqual([]);
  expect(outside).toEqual([]);
  await isAccessible(page, '.jp-Workshop');
  await inEachTheme(page, async theme => {
    await expect(page.locator('#jupyterlab-splash')).toHaveCount(0);
    await page.screenshot({ path: `test-results/${theme}-workshop.png` });
  });
  await expect(page.locator('#jupyterlab-splash')).toHaveCount(0);

  await expect(workshop).toContainText('Nothing is sent before you join');
  const checks = workshop.getByRole('region', { name: 'Does it work here?' });
  await checks.getByRole('button', { name: 'Check' }).click();
  await expect(checks).toContainText('Environment (');
  await expect(checks).toContainText('Limits (fine)');
  await expect(checks).toContainText('Dashboards (fine): This page can show');
  expect(await lab.sessions()).toEqual([]);
  expect(outside).toEqual([]);

  await workshop.getByRole('button', { name: 'Join' }).click();
  await expect(notebook.panel).toBeVisible();
  await sidebar.open();
  await sidebar.isRunning(sidebar.card(), 1);
  await notebook.runAll();
  await notebook.save();
  await notebook.command('docmanager:open', { path });
  await expect(
    workshop.getByRole('listitem').filter({ hasText: 'Add two numbers' })
  ).toContainText('(done)');
  await checks.getByRole('button', { name: 'Check again' }).click();
  await expect(checks).toContainText('packages are there');
  await expect(workshop).toContainText('This page sends nothing');
  await expect(workshop).toContainText('What your cluster costs is not known');

  const all = join(lab.root, 'class', 'all');
  const consent = workshop.getByRole('checkbox', { name: /^I agree that/ });
  await expect(consent).not.toBeChecked();
  await expect(workshop).toContainText(
    'Level 2, a file in the shared folder: not used'
  );
  expect(await readdir(all)).toEqual([]);
  await consent.click();
  await expect(consent).toBeChecked();
  await expect(workshop).toContainText('that 1 of 2 steps are done');
  await expect.poll(() => readdir(all)).toHaveLength(1);
  const [file] = await readdir(all);
  expect(file).toMatch(/\.status\.json$/);
  expect(JSON.parse(await readFile(join(all, file), 'utf8'))).toMatchObject({
    step: 1,
    of: 2,
    help: false
  });
  await inEachTheme(page, async theme => {
    await expect(page.locator('#jupyterlab-splash')).toHaveCount(0);
    await consent.scrollIntoViewIfNeeded();
    await page.screenshot({ path: `test-results/${theme}-consent.png` });
  });
  await expect(page.locator('#jupyterlab-splash')).toHaveCount(0);
  await consent.click();
  await expect(consent).not.toBeChecked();
  // Jupyter leaves a folder for checkpoints; no copy may be in it.
  const left = async () =>
    (await readdir(all, { recursive: true })).filter(name =>
      name.includes('status')
    );
  await expect.poll(left).toEqual([]);
  await isAccessible(page, '.jp-Workshop');
  await expect(
    workshop.getByRole('listitem').filter({ hasText: 'Add three numbers' })
  ).toContainText('(not done yet)');
  await page.screenshot({ path: 'test-results/workshop-joined.png' });

  await workshop.getByRole('button', { name: 'Reset Adding' }).click();
  await expect(notebook.panel).toBeVisible();
  const read = async (name: string) =>
    JSON.parse(await readFile(join(lab.root, 'first-class', name), 'utf8'));
  expect((await read('add-mine-1.ipynb')).cells[0].outputs).not.toEqual([]);
  const fresh = await read('add.ipynb');
  expect(fresh.cells[0].outputs).toEqual([]);
  expect(fresh.metadata.seasonal_monitor.workshop).toMatchObject({
    id: 'first-class',
    source: 'class/add.ipynb'
  });
});

test('a hostile workshop file says what is wrong, and starts nothing', async ({
  page,
  lab
}) => {
  await writeFile(
    join(lab.root, 'class', 'bad.workshop.json'),
    JSON.stringify({
      ...WORKSHOP,
      scheduler: 'tls://example.org:8786',
      materials: [{ notebook: '../../etc/secret.ipynb' }]
    })
  );
  const outside = requestsOutside(page, lab.url);
  await new NotebookPage(page).command('docmanager:open', {
    path: 'class/bad.workshop.json'
  });
  const alert = page.locator('.jp-Workshop:visible').getByRole('alert');
  await expect(alert).toContainText('“scheduler” is not known');
  await expect(alert).toContainText('Notebook is not written as expected');
  await expect(page.getByRole('button', { name: 'Join' })).toHaveCount(0);
  expect(await lab.sessions()).toEqual([]);
  expect(outside).toEqual([]);
});

test('a workshop file full of addresses and HTML is shown as text, and asks nobody', async ({
  page,
  lab
}) => {
  const beacon = 'https://example.org/beacon.png';
  const html = `<img src="${beacon}"><iframe src="${beacon}"></iframe>`;
  await writeFile(
    join(lab.root, 'class', 'beacon.workshop.json'),
    JSON.stringify({
      ...WORKSHOP,
      title: `${html} here`,
      text: `${html}\n\n![x](${beacon})\n\n<script>fetch("${beacon}")</script>`,
      help: html,
      materials: [
        {
          notebook: 'add.ipynb',
          title: html,
          steps: [{ id: 'add', title: html }]
        }
      ],
      data: [beacon]
    })
  );
  const outside = requestsOutside(page, lab.url);
  await new NotebookPage(page).command('docmanager:open', {
    path: 'class/beacon.workshop.json'
  });
  const workshop = page.locator('.jp-Workshop:visible');
  await expect(workshop.getByRole('heading', { level: 1 })).toContainText(html);
  await expect(workshop.locator('img, iframe, script')).toHaveCount(0);
  // Also its form, and what its data are, as far as no kernel is asked.
  await workshop.getByRole('button', { name: 'Check' }).click();
  await expect(workshop).toContainText('Only a kernel can reach');
  await workshop.getByText('For trainers').click();
  await workshop.getByRole('button', { name: 'Edit workshop…' }).click();
  const form = page.locator('.jp-WorkshopEditor:visible');
  await expect(form.getByLabel('Text', { exact: true })).toHaveValue(/beacon/);
  await expect(form.locator('img, iframe, script')).toHaveCount(0);
  expect(await lab.sessions()).toEqual([]);
  expect(outside).toEqual([]);
});
