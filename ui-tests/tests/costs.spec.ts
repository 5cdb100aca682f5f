import { readFile } from 'fs/promises';
import { expect, test } from '../helpers/fixtures';
import { NotebookPage } from '../helpers/notebook';
import { inEachTheme, isAccessible, setTheme, THEMES } from '../helpers/themes';

const PRICE = {
  provider: 'local',
  region: '',
  item: 'core',
  unit: 'core-hour',
  price: 3600,
  currency: 'EUR',
  source: 'the computing centre',
  date: '2026-11-01'
};

const PAGE = '.jp-DaskCosts:visible';

test.use({
  labOptions: {
    overrides: {
      'jupyterlab-seasonal-monitor:profiles': {
        profiles: [
          { name: 'This machine', provider: 'local', options: {} },
          {
            name: 'Short',
            provider: 'local',
            options: { workers: 1, threads: 1, idleTimeout: 1 }
          }
        ]
      },
      'jupyterlab-seasonal-monitor:prices': {
        prices: [
          PRICE,
          { ...PRICE, item: 'memory', unit: 'GB-hour', price: -1 },
          {
            ...PRICE,
            provider: 'ec2',
            region: 'us-east-1',
            item: 'm6i.xlarge',
            unit: 'hour',
            price: 0.192,
            currency: 'USD'
          }
        ]
      }
    }
  }
});

test.setTimeout(240_000);

test("a card tells what its cluster costs, by the administrator's price, and the month adds it up", async ({
  page,
  sidebar
}) => {
  const notebook = new NotebookPage(page);
  await sidebar.open();
  const card = await sidebar.newCluster();
  const cost = card.locator('.jp-DaskCluster-cost');
  await expect(cost).toContainText('7,200.00 EUR/h');
  await expect(cost).toContainText('so far');
  await expect(cost.locator('span').first()).toHaveAttribute(
    'title',
    /3,600 EUR per core-hour \(the computing centre, 2026-11-01\)[^]*Not counted/
  );
  await expect(sidebar.panel.locator('.jp-DaskHeader-totals')).toContainText(
    '7,200.00 EUR/h'
  );
  await expect(page.locator('.jp-DaskStatus')).toContainText('7,200.00 EUR/h');
  for (const rate of [
    page.locator('.jp-DaskStatus'),
    sidebar.panel.locator('.jp-DaskHeader-totals [title]')
  ]) {
    await expect(rate).toHaveAttribute('title', /EUR in this month/, {
      timeout: 60_000
    });
  }
  await isAccessible(page, '#jp-dask-clusters');
  await inEachTheme(page, async theme => {
    await sidebar.panel.screenshot({
      path: `test-results/${theme}-priced-card.png`
    });
  });

  const soFar = async (): Promise<number> => {
    const text = await cost.textContent();
    return Number(
      /([\d,.]+) EUR so far/.exec(text ?? '')?.[1].replace(/,/g, '')
    );
  };
  const before = await soFar();
  await page.reload();
  await sidebar.tab.waitFor({ timeout: 60_000 });
  await sidebar.open();
  await expect(cost).toContainText('so far');
  expect(await soFar()).toBeGreaterThanOrEqual(before);

  await sidebar.button('Basis of this cost').press('Enter');
  await expect(page.locator('.jp-DaskCostBasis')).toContainText(
    'The scheduler is not counted.'
  );
  await isAccessible(page, '.jp-DaskDetails');

  await sidebar.stopAll();
  await notebook.command('seasonal-monitor:show-costs');
  const costs = page.locator(PAGE);
  const month = costs.getByRole('row').nth(1);
  await expect(month).toContainText(/\d{4}-\d{2}/);
  await expect(month).toContainText('EUR');
  await expect(costs.getByRole('alert')).toContainText(
    'Row 2 (local memory): the price is negative.'
  );
  const download = page.waitForEvent('download');
  await costs.getByRole('button', { name: 'Export as CSV' }).focus();
  await page.keyboard.press('Enter');
  const csv = await readFile(await (await download).path(), 'utf8');
  const [, line] = csv.split('\r\n');
  const cells = line.split(',');
  expect(cells.slice(1, 4)).toEqual(['dask-1', 'local', 'This machine']);
  expect(Number(cells[6])).toBeGreaterThanOrEqual(before);
  expect(Number(cells[6])).toBeCloseTo(Number(cells[5]) * 3600, 0);
  expect(cells[7]).toBe('EUR');
  expect(cells[9]).toBe('yes');
  await inEachTheme(page, async theme => {
    await page.screenshot({ path: `test-results/${theme}-costs-history.png` });
    await isAccessible(page, '.jp-DaskCosts');
  });

  await page.reload();
  await expect(month).toContainText('EUR', { timeout: 60_000 });
});

test('a cluster that stops when idle says so, and is kept by one click', async ({
  page,
  sidebar
}) => {
  await sidebar.open();
  await new NotebookPage(page).command('seasonal-monitor:new-cluster', {
    profile: 'Short'
  });
  const card = sidebar.card();
  await sidebar.isRunning(card, 1);
  const toast = page.locator('.Toastify__toast', { hasText: 'nothing runs' });
  await expect(toast).toBeVisible();
  await expect(card).toContainText('stops in');
  for (const theme of Object.keys(THEMES) as Array<keyof typeof THEMES>) {
    await setTheme(page, theme);
    await page.screenshot({ path: `test-results/${theme}-keep.png` });
  }
  await sidebar.button('Keep 30 min', card).press('Enter');
  await expect(sidebar.button('Keep 30 min', card)).toHaveCount(0);
  await expect(toast).toHaveCount(0);
  await expect(card).toContainText(/stops in (29|30) min/);
  await isAccessible(page, '#jp-dask-clusters');
  await setTheme(page, 'light');
  await sidebar.stopAll();
});

test('owning and renting are compared by the keyboard, in three themes, and saved as a notebook that computes the same', async ({
  page
}) => {
  const notebook = new NotebookPage(page);
  const launcher = page.getByRole('button', { name: 'Own or Rent Dask…' });
  await page.locator('.jp-LauncherCard', { hasText: 'Own or Rent' }).click();
  await expect(launcher).toHaveCount(0);
  const costs = page.locator(PAGE);
  const row = (id: string) => costs.locator(`[data-option="${id}"]`);
  await expect(row('ec2')).toContainText('USD');
  await expect(row('fargate')).toContainText('no price set');
  const small = await row('ec2').textContent();

  // Another template, and who says how fast it is.
  const work = costs.getByRole('table').filter({ hasText: 'Pixel (m)' });
  const template = work.getByRole('combobox', { name: 'Template, 1' });
  await expect(template.locator('optgroup')).not.toHaveCount(0);
  await template.selectOption({ label: 'Fields from Sentinel-2' });
  await expect(work.getByRole('textbox', { name: 'Pixel (m), 1' })).toHaveValue(
    '10'
  );
  await expect(row('ec2')).not.toHaveText(small ?? '');
  await costs.getByText('How fast templates are').press('Enter');
  await expect(costs.locator('.jp-DaskCosts-sources li').first()).toContainText(
    /pixels a second of one core.*docs\/benchmarks-costs\.md, \d{4}-\d{2}-\d{2}/
  );

  // Hours in place of templates, typed.
  await costs
    .getByRole('radio', { name: 'Core-hours and gigabytes' })
    .press('Space');
  const hours = costs.getByRole('textbox', { name: 'Core-hours a month' });
  await hours.press('ControlOrMeta+a');
  await page.keyboard.type('lots');
  await expect(hours).toHaveAttribute('aria-invalid', 'true');
  await expect(hours).toHaveValue('lots');
  await expect(costs).toContainText('Write a number from');
  await hours.press('ControlOrMeta+a');
  await page.keyboard.type('20000');
  await expect(row('ec2')).not.toHaveText(small ?? '');
  await expect(hours).toHaveAttribute('aria-invalid', 'false');

  // Where the number comes from.
  await row('ec2').getByRole('button').press('Enter');
  await expect(costs).toContainText('node_hours * price_machine');
  await expect(
    costs.getByRole('row').filter({ hasText: 'price_machine' }).last()
  ).toContainText('the computing centre');

  // The chart, also as a table.
  await expect(costs.getByRole('img')).toHaveAttribute(
    'aria-label',
    /EC2, on demand: from .* to .* a month/
  );
  await costs.getByRole('button', { name: 'Show as table' }).press('Enter');
  await expect(
    costs.getByRole('table').filter({ hasText: 'by core-hours a month' })
  ).toBeVisible();
  await isAccessible(page, '.jp-DaskCosts');
  await costs.getByRole('button', { name: 'Show as table' }).press('Enter');
  await expect(costs.locator('canvas')).toBeVisible();

  await inEachTheme(page, async theme => {
    await isAccessible(page, '.jp-DaskCosts');
    await costs.evaluate(node => node.scrollTo(0, 0));
    await page.screenshot({ path: `test-results/${theme}-own-or-rent.png` });
    await costs.locator('canvas').scrollIntoViewIfNeeded();
    await page.screenshot({ path: `test-results/${theme}-own-or-rent-2.png` });
  });

  await costs.getByRole('button', { name: 'Save as notebook' }).press('Enter');
  await expect(notebook.cells.first()).toContainText(
    'Own or rent a Dask cluster',
    { timeout: 60_000 }
  );
  await notebook.isIdle();
  await notebook.runAll();
  await expect(notebook.panel).toContainText(
    'The numbers are those of the page.'
  );
  await expect(notebook.errors).toHaveCount(0);

  // The input is there again after a reload.
  await page.reload();
  // The notebook is in front again before somebody can choose another tab.
  await expect(notebook.panel).toBeVisible({ timeout: 60_000 });
  await notebook.command('seasonal-monitor:own-or-rent');
  await expect(
    page.locator(PAGE).getByRole('textbox', { name: 'Core-hours a month' })
  ).toHaveValue('20000');
});
