import type { BrowserContext } from '@playwright/test';
import { expect, test } from '../helpers/fixtures';
import type { Lab } from '../helpers/lab';
import { Sidebar } from '../helpers/sidebar';

/** The sidebar of another page of the same person. */
async function openSecond(context: BrowserContext, lab: Lab): Promise<Sidebar> {
  const page = await context.newPage();
  await page.goto(`${lab.url}/lab/workspaces/second`);
  const sidebar = new Sidebar(page);
  await sidebar.open();
  return sidebar;
}

test.describe('The same clusters, wherever one looks', () => {
  test.afterEach(async ({ sidebar }) => {
    await sidebar.open();
    await sidebar.stopAll();
  });

  test('a reload finds the cluster again, with the same numbers', async ({
    page,
    sidebar,
    lab
  }) => {
    await sidebar.open();
    await sidebar.newCluster();
    const before = (await lab.sessions()).map(session => session.id).sort();
    await page.reload();
    // It was open: it comes back so.
    await expect(sidebar.newClusterButton).toBeVisible({ timeout: 60_000 });
    await sidebar.isRunning();
    await expect(sidebar.cards).toHaveCount(1);
    const after = (await lab.sessions()).map(session => session.id).sort();
    expect(after).toEqual(expect.arrayContaining(before.slice(0, 1)));
  });

  test('the table of workers is there again too, though nothing changed', async ({
    page,
    sidebar
  }) => {
    await sidebar.open();
    await sidebar.newCluster();
    await sidebar.button('More actions').click();
    await page.getByRole('menuitem', { name: /Details/ }).click();
    const rows = page.locator('.jp-DaskDetails [role=row]');
    await expect(rows).toHaveCount(3);
    await page.getByRole('tab', { name: 'Events' }).click();
    await page.getByRole('tab', { name: 'Workers' }).click();
    await expect(rows).toHaveCount(3);
    await page.reload();
    await sidebar.open();
    await sidebar.button('More actions').click();
    await page.getByRole('menuitem', { name: /Details/ }).click();
    await expect(rows).toHaveCount(3);
  });

  test('a reload while it starts does not lose it', async ({
    page,
    sidebar,
    lab
  }) => {
    await sidebar.open();
    await sidebar.newClusterButton.click();
    await expect
      .poll(async () => (await lab.sessions()).map(session => session.name))
      .toContain('dask-1');
    await page.reload();
    await sidebar.open();
    await expect(sidebar.cards).toHaveCount(1);
    await sidebar.isRunning();
  });

  test('a second tab shows the cluster and both can stop it, once', async ({
    page,
    sidebar,
    context,
    lab
  }) => {
    await sidebar.open();
    const other = await openSecond(context, lab);
    await sidebar.newCluster();
    await expect(other.cards).toHaveCount(1, { timeout: 5_000 });
    await other.isRunning();
    // Whichever click comes second may find the button gone already.
    const clicks = await Promise.allSettled(
      [sidebar, other].map(one => one.button('Stop').click({ timeout: 5_000 }))
    );
    expect(clicks.map(click => click.status)).toContain('fulfilled');
    await expect(sidebar.cards).toHaveCount(0);
    await expect(other.cards).toHaveCount(0);
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(other.page.getByRole('dialog')).toHaveCount(0);
    await other.page.close();
  });

  test('two pages that start a cluster at the same moment give it two names', async ({
    sidebar,
    context,
    lab
  }) => {
    await sidebar.open();
    const other = await openSecond(context, lab);
    await Promise.all(
      [sidebar, other].map(one => one.newClusterButton.click())
    );
    for (const one of [sidebar, other]) {
      await expect(one.cards).toHaveCount(2, { timeout: 60_000 });
      for (const name of ['dask-1', 'dask-2']) {
        await expect(one.card(name)).toHaveCount(1, { timeout: 30_000 });
        await one.isRunning(one.card(name));
      }
    }
    await other.page.close();
  });
});
