import { expect, test } from '../helpers/fixtures';
import { NotebookPage } from '../helpers/notebook';
import { makeSampleData, SMALL } from '../helpers/sampleData';
import { inEachTheme, isAccessible } from '../helpers/themes';

test.setTimeout(300_000);

test('a form says what a run takes, starts the profile that it suggests, and learns from the run', async ({
  page,
  sidebar,
  lab
}) => {
  await makeSampleData(lab.root);
  const notebook = new NotebookPage(page);
  await sidebar.open();
  await sidebar.panel.getByRole('button', { name: /Rainfall anomaly/ }).click();
  const form = page.getByRole('region', { name: 'Parameters' });
  const sizing = form.getByRole('region', { name: 'What it takes' });
  for (const [label, value] of Object.entries(SMALL.fields)) {
    await form.getByLabel(label, { exact: true }).fill(value);
  }

  await test.step('the estimate follows what is typed', async () => {
    await expect(sizing).toContainText('of 200 × 200 pixels');
    for (const [index, edge] of ['West', 'South', 'East', 'North'].entries()) {
      await form
        .getByLabel(edge, { exact: true })
        .fill(String(SMALL.area[index]));
    }
    await expect(sizing).toContainText('of 48 × 48 pixels');
    const pixel = sizing.getByLabel('Size of a pixel (degrees)');
    await pixel.fill('0.1');
    await expect(sizing).toContainText('of 24 × 24 pixels');
    await pixel.fill('none');
    await expect(sizing).toContainText('Write a number above 0');
    await pixel.fill('');
    await expect(sizing).toContainText('of 48 × 48 pixels');
    await sizing.getByLabel('To be done within (minutes)').fill('5');
    await expect(sizing).toContainText('no price set');
    // Another test may have run the template on this server.
    await expect(sizing).toContainText(/Not calibrated|Calibrated by/);
    const forget = sizing.getByRole('button', { name: 'Forget these runs' });
    if (await forget.isVisible()) {
      await forget.click();
    }
    await expect(sizing).toContainText('Not calibrated');
    await isAccessible(page, '.jp-TemplateSizing');
    await inEachTheme(page, async theme => {
      await sizing.scrollIntoViewIfNeeded();
      await page.screenshot({ path: `test-results/${theme}-sizing.png` });
    });
  });

  await test.step('the suggested profile starts with the suggested workers', async () => {
    const start = sizing.getByRole('button', { name: /^Start “This machine”/ });
    const name = await start.innerText();
    const workers = Number(/with (\d+) worker/.exec(name)?.[1]);
    await start.press('Enter');
    await expect(sizing).toContainText(/Starting “.+” with \d+ worker/);
    await expect(start).toHaveCount(0);
    await sidebar.isRunning(sidebar.card(), workers);
    await expect(sizing).toContainText(/The cluster “.+” does it/);
  });

  await test.step('what the run took stands beside what was predicted', async () => {
    await notebook.fromTemplate('rainfall-anomaly');
    await sidebar.button('Connect').click();
    await notebook.isIdle();
    await expect(notebook.cells.first()).toContainText('Client(');
    await notebook.runAll(180_000);
    await expect(notebook.errors).toHaveCount(0);
    await expect(notebook.panel).toContainText(/Computed in [\d.]+ s/);
    await page.getByRole('tab', { name: 'Rainfall anomaly' }).click();
    await expect(sizing).toContainText('Calibrated by 1 run on this site');
    await sizing.getByText('Predicted and measured').click();
    const row = sizing.getByRole('table').last().getByRole('row').nth(1);
    await expect(row.getByRole('cell').last()).toContainText(/\d+.* sec/);
    await page.screenshot({ path: 'test-results/sizing-calibrated.png' });
  });

  await test.step('a reload keeps the run and what was typed; a click forgets the run', async () => {
    await page.reload();
    await page.getByRole('tab', { name: 'Rainfall anomaly' }).click();
    await expect(sizing).toContainText('Calibrated by 1 run on this site');
    await expect(sizing.getByLabel('To be done within (minutes)')).toHaveValue(
      '5'
    );
    await sizing.getByRole('button', { name: 'Forget these runs' }).click();
    await expect(sizing).toContainText('Not calibrated');
    await sidebar.open();
    await sidebar.stop();
  });
});
