import { expect, test } from '../helpers/fixtures';
import { NotebookPage } from '../helpers/notebook';
import { inEachTheme, isAccessible } from '../helpers/themes';

test.setTimeout(300_000);

test('a cluster whose tasks are far too small says so, and its button opens the chunk size of the template', async ({
  page,
  sidebar
}) => {
  const notebook = new NotebookPage(page);
  await sidebar.open();
  const card = await sidebar.newCluster();
  await sidebar.panel.getByRole('button', { name: /Rainfall anomaly/ }).click();
  await notebook.fromTemplate('rainfall-anomaly');
  await sidebar.button('Connect').click();
  await notebook.isIdle();
  await expect(notebook.cells.first()).toContainText('Client(');

  await test.step('thousands of tasks that do next to nothing', async () => {
    await notebook.cells.first().click();
    await notebook.command('notebook:insert-cell-below');
    await page.keyboard.press('Enter');
    await page.keyboard.insertText(
      'done = client.gather(client.map(abs, range(6000), pure=False))\nlen(done)'
    );
    await notebook.command('notebook:run-cell');
    await expect(
      notebook.cells.nth(1).locator('.jp-OutputArea-output').last()
    ).toContainText('6000', { timeout: 120_000 });
  });

  await test.step('the advice, in three themes', async () => {
    await expect(card).toContainText(
      /Chunks are too small: a task takes \d+ ms/,
      {
        timeout: 60_000
      }
    );
    await inEachTheme(page, async theme => {
      await isAccessible(page, '#jp-dask-clusters');
      await sidebar.panel.screenshot({
        path: `test-results/${theme}-advice.png`
      });
    });
  });

  await test.step('its one act, by the keyboard', async () => {
    const buttons = card.locator('.jp-DaskCluster-advice').getByRole('button');
    await expect(buttons).toHaveCount(1);
    await sidebar.button('Change the chunk size…').press('Enter');
    await expect(
      page.getByRole('button', { name: 'Change the parameters' })
    ).toBeVisible();
    await expect(
      page
        .getByRole('region', { name: 'Parameters' })
        .getByLabel(/chunk/i)
        .first()
    ).toBeVisible();
  });
  await sidebar.stopAll();
});
