import { expect, test } from '../helpers/fixtures';
import { NotebookPage } from '../helpers/notebook';

test.setTimeout(240_000);

/** A cluster as somebody makes it who knows nothing of the sidebar. */
const OWN_CLUSTER = `from distributed import Client, LocalCluster
mine = LocalCluster(
    n_workers=1,
    threads_per_worker=1,
    dashboard_address="127.0.0.1:0",
)
client = Client(mine)`;

test('clusters of open notebooks are found, shown and scaled', async ({
  page,
  sidebar
}) => {
  await sidebar.open();
  const find = async (): Promise<void> => {
    await sidebar.panel
      .getByRole('button', { name: 'Choose a profile' })
      .click();
    await page
      .getByRole('menuitem', { name: 'Find clusters in open notebooks' })
      .click();
  };
  const dialog = page.getByRole('dialog');

  await find();
  await expect(dialog).toContainText('No other clusters in open notebooks');
  await dialog.getByRole('button', { name: 'Close' }).click();

  const notebook = new NotebookPage(page);
  await notebook.create();
  await notebook.type(OWN_CLUSTER);
  await notebook.runAll();
  await find();
  const choice = dialog.getByRole('checkbox', {
    name: /^mine in Untitled.*: LocalCluster, 1 worker$/
  });
  await expect(choice).toBeChecked({ timeout: 60_000 });
  await dialog.getByRole('button', { name: 'Show' }).click();

  const card = sidebar.card('mine');
  await expect(card).toContainText('1 worker', { timeout: 60_000 });
  await expect(card).toContainText('Running');
  await sidebar.button('Scale', card).click();
  await card.getByLabel('Workers', { exact: true }).fill('2');
  await card.getByRole('button', { name: 'Apply' }).click();
  await expect(card).toContainText('2 workers', { timeout: 60_000 });

  // It is listed already, and stays its owner's.
  await find();
  await expect(dialog).toContainText('No other clusters in open notebooks');
  await dialog.getByRole('button', { name: 'Close' }).click();
  await card.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Forget Cluster' }).click();
  await expect(sidebar.cards).toHaveCount(0);
  await notebook.command('notebook:insert-cell-below');
  await notebook.type('print(len(mine.workers), mine.status.name)');
  // The first cell would make another cluster.
  await notebook.command('notebook:run-cell');
  await expect(notebook.cells.last()).toContainText('2 running');
});

test('the dashboard of the notebook’s own client is found', async ({
  page,
  sidebar
}) => {
  await sidebar.open();
  const notebook = new NotebookPage(page);
  const frames = page.locator('iframe[src*="/proxy/"]');
  const detect = async (): Promise<void> => {
    // It waits for an answer to its question.
    void notebook.command('seasonal-monitor:detect-dashboard');
  };
  await notebook.create();

  await test.step('no client is told in words', async () => {
    await detect();
    await expect(
      page.getByText('The active notebook has no Dask client.').first()
    ).toBeVisible();
  });

  await test.step('the dashboard is shown after a question', async () => {
    await notebook.type(OWN_CLUSTER);
    await notebook.runAll();
    await detect();
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText('yours?');
    expect(await frames.count()).toBe(0);
    await dialog
      .getByRole('button', { name: 'It is mine: open it here' })
      .click();
    await expect(frames).toHaveCount(3, { timeout: 30_000 });
    await expect(
      page
        .frameLocator('iframe[src*="/proxy/"][src*="individual-task-stream"]')
        .locator('canvas')
        .first()
    ).toBeVisible({ timeout: 30_000 });
  });
});
