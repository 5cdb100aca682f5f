import { expect, test } from '../helpers/fixtures';
import { fromPalette } from '../helpers/keyboard';
import { NotebookPage } from '../helpers/notebook';

test.setTimeout(180_000);

test('the whole journey by keyboard alone', async ({ page, sidebar }) => {
  const press = (key: string): Promise<void> => page.keyboard.press(key);

  await test.step('opens the sidebar from the palette', async () => {
    await fromPalette(page, 'Show Dask Clusters');
    await expect(sidebar.newClusterButton).toBeVisible();
  });

  await test.step('starts a cluster with one key', async () => {
    await sidebar.newClusterButton.focus();
    await press('Enter');
    await sidebar.isRunning();
  });

  const notebook = new NotebookPage(page);
  await notebook.create();

  await test.step('connects from the card', async () => {
    await sidebar.card().focus();
    await press('Tab');
    for (let i = 0; i < 6; i += 1) {
      if (
        await sidebar
          .button('Connect')
          .evaluate(node => node === document.activeElement)
      ) {
        break;
      }
      await press('Tab');
    }
    await expect(sidebar.button('Connect')).toBeFocused();
    await press('Enter');
    await expect(notebook.cells).toHaveCount(2);
    await notebook.isIdle();
  });

  await test.step('scales, and the focus comes back', async () => {
    await sidebar.button('Scale').focus();
    await press('Enter');
    const workers = sidebar.card().getByLabel('Workers', { exact: true });
    await workers.focus();
    await press('ControlOrMeta+a');
    await page.keyboard.type('1');
    await press('Enter');
    await sidebar.isRunning(sidebar.card(), 1);
    await sidebar.button('Scale').focus();
    await press('Enter');
    await press('Escape');
    await expect(sidebar.button('Scale')).toBeFocused();
  });

  await test.step('reads the log in the details', async () => {
    await sidebar.button('More actions').focus();
    await press('Enter');
    await expect(page.getByRole('menuitem', { name: /Details/ })).toBeVisible();
    await page.getByRole('menuitem', { name: /Details/ }).focus();
    await press('Enter');
    const tab = page.getByRole('tab', { name: 'Logs' });
    await expect(tab).toBeVisible();
    await tab.focus();
    await press('Enter');
    await expect(
      page.getByRole('tabpanel').filter({ visible: true }).first()
    ).toBeVisible();
  });

  await test.step('stops it', async () => {
    await sidebar.button('Stop').focus();
    await press('Enter');
    const confirm = page.getByRole('dialog').getByRole('button', {
      name: /^Stop/
    });
    await expect(async () => {
      if (await confirm.isVisible()) {
        await confirm.focus();
        await press('Enter');
      }
      await expect(sidebar.cards).toHaveCount(0, { timeout: 2_000 });
    }).toPass({ timeout: 30_000 });
  });
});
