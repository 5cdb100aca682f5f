import { mkdir, readFile, rm, writeFile } from 'fs/promises';
import { join } from 'path';
import { expect, test } from '../helpers/fixtures';
import { NotebookPage } from '../helpers/notebook';
import { cell, notebookFile } from '../helpers/notebookFile';
import { requestsOutside } from '../helpers/outside';
import { inEachTheme, isAccessible } from '../helpers/themes';

test.setTimeout(240_000);

const NOTEBOOK = notebookFile([
  cell('markdown', 'head', '## Add two numbers'),
  cell(
    'code',
    'add',
    'from seasonal_monitor.workshop import check\ncheck("add", 1 + 1 == 2)'
  )
]);

test.beforeEach(async ({ lab }) => {
  await mkdir(join(lab.root, 'lesson'), { recursive: true });
  await writeFile(
    join(lab.root, 'lesson', 'add.ipynb'),
    JSON.stringify(NOTEBOOK)
  );
});

test.afterEach(async ({ lab }) => {
  await rm(join(lab.root, 'lesson'), { recursive: true, force: true });
});

test('a trainer prepares a class by the form, and sends a link that opens it', async ({
  page,
  lab,
  context
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const notebook = new NotebookPage(page);
  const press = (key: string) => page.keyboard.press(key);
  await notebook.command('filebrowser:go-to-path', { path: 'lesson' });
  await notebook.command('seasonal-monitor:new-workshop');
  const form = page.locator('.jp-WorkshopEditor:visible');
  const title = form.getByLabel('Title', { exact: true });
  const preview = form.getByRole('region', {
    name: 'As a participant sees it'
  });
  await expect(preview).toContainText('Nobody can join yet');
  await expect(preview).toContainText('“Short name” is missing');
  await expect(form.getByLabel('People expected')).toHaveValue('30');

  await test.step('by keyboard, and told beside the fields what is wrong', async () => {
    await title.focus();
    await page.keyboard.type('Rain in Kenya');
    await press('Tab');
    await expect(form.getByLabel('Short name')).toHaveValue('rain-in-kenya');
    await form.getByRole('button', { name: 'Save', exact: true }).focus();
    await press('Enter');
    await expect(
      form.getByText(/Saved, but nobody can join yet/)
    ).toBeVisible();
    await form.getByLabel('Minutes over which starts are spread').fill('90');
    await expect(form.getByText('This can be at most 60.')).toBeVisible();
    await form.getByLabel('Minutes over which starts are spread').fill('3');
    await form.getByLabel('Cluster profile').focus();
    await press('ArrowDown');
    await form.getByLabel('Workers', { exact: true }).fill('2');
    await form.getByLabel('Start', { exact: true }).fill('2099-01-01T10:00');
    await form.getByLabel('End', { exact: true }).fill('2099-01-01T09:00');
    await expect(form.getByText('It ends before it starts.')).toBeVisible();
    await form.getByLabel('End', { exact: true }).fill('2099-01-01T11:30');
    await expect(form.getByText('It ends before it starts.')).toHaveCount(0);
    await form.getByLabel('People expected').fill('24');
    await form.getByLabel('Where to ask for help').fill('Raise a hand.');
  });

  await test.step('with a notebook whose steps are found', async () => {
    await form.getByRole('button', { name: 'Add notebook…' }).focus();
    await press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog
      .locator('.jp-DirListing-item', { hasText: 'add.ipynb' })
      .click();
    await dialog.getByRole('button', { name: 'Select' }).click();
    await expect(form.getByText('Found 1 step in “add.ipynb”.')).toBeVisible();
    await expect(form.getByLabel('What is done')).toHaveValue(
      'Add two numbers'
    );
  });

  await expect(preview.getByRole('heading', { level: 1 })).toHaveText(
    'Rain in Kenya'
  );
  await expect(preview).toContainText('Add two numbers');
  await expect(preview).toContainText('with 2 workers');
  await expect(preview.getByRole('button', { name: 'Join' })).toBeDisabled();
  await inEachTheme(page, async theme => {
    await expect(page.locator('#jupyterlab-splash')).toHaveCount(0);
    await isAccessible(page, '.jp-WorkshopEditor');
    await page.screenshot({ path: `test-results/form-${theme}.png` });
  });
  await expect(page.locator('#jupyterlab-splash')).toHaveCount(0);

  const file = 'lesson/rain-in-kenya.workshop.json';
  await test.step('the file says it, and its link opens it for somebody else', async () => {
    await form.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(form.getByText(/^Saved. Participants can join/)).toBeVisible();
    await expect
      .poll(() => readFile(join(lab.root, file), 'utf8').catch(() => ''))
      .not.toBe('');
    const saved = JSON.parse(await readFile(join(lab.root, file), 'utf8'));
    expect(saved).toMatchObject({
      version: 1,
      id: 'rain-in-kenya',
      limits: { workers: 2 },
      participants: 24,
      stagger: 3,
      materials: [
        {
          notebook: 'add.ipynb',
          steps: [{ id: 'add', title: 'Add two numbers' }]
        }
      ]
    });
    expect(saved.start).toMatch(/^2099-01-01T10:00[+-]\d\d:\d\d$/);
    await form.getByRole('button', { name: 'Close the form' }).click();
    const workshop = page.locator('.jp-Workshop:visible');
    await workshop.getByText('For trainers').click();
    await workshop.getByRole('button', { name: 'Copy link' }).click();
    await expect(workshop.getByText(/^Copied a link/)).toBeVisible();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    await notebook.command('application:close-all');
    await page.goto(link);
    await expect(workshop.getByRole('heading', { level: 1 })).toHaveText(
      'Rain in Kenya'
    );
    await expect(page).not.toHaveURL(/seasonal-workshop/);
    expect(await lab.sessions()).toEqual([]);
  });

  await test.step('a code needs the service of a hub, and the page says so', async () => {
    await page.evaluate(() => {
      const app = (window as unknown as { jupyterapp: NotebookPage.IApp })
        .jupyterapp;
      void app.commands.execute('seasonal-monitor:join-workshop');
    });
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox').fill('no');
    await press('Enter');
    await expect(dialog).toContainText('“no” cannot be a code');
    await dialog.getByRole('textbox').fill('abc 234');
    await press('Enter');
    await expect(page.getByText(/Codes are kept by a service/)).toBeVisible();
  });

  await test.step('a link to what is not there, or elsewhere, says so and asks nobody', async () => {
    const outside = requestsOutside(page, lab.url);
    await page.goto(`${lab.url}/lab?seasonal-workshop=gone.workshop.json`);
    await expect(page.getByText(/is not on your server/)).toBeVisible();
    await page.goto(`${lab.url}/lab?seasonal-workshop=../x.workshop.json`);
    await expect(page.getByText(/does not name a workshop/)).toBeVisible();
    const far = encodeURIComponent('https://example.org/x.workshop.json');
    await page.goto(`${lab.url}/lab?seasonal-workshop=${far}`);
    await expect(page.getByText(/does not name a workshop/)).toBeVisible();
    // The class of before may come back with the page; no other does.
    await expect(
      page.locator('.jp-Workshop h1').filter({ hasNotText: 'Rain in Kenya' })
    ).toHaveCount(0);
    expect(await lab.sessions()).toEqual([]);
    expect(outside).toEqual([]);
  });
});
