import { expect, test } from '../helpers/fixtures';
import { isAccessible, setTheme, THEMES } from '../helpers/themes';

test.setTimeout(240_000);

const SIDEBAR = '#jp-dask-clusters';

for (const theme of Object.keys(THEMES) as Array<keyof typeof THEMES>) {
  test(`the sidebar, its forms and the template page are accessible in the ${theme} theme`, async ({
    page,
    sidebar,
    lab
  }) => {
    const shot = (name: string): Promise<unknown> =>
      page.screenshot({ path: `test-results/${theme}-${name}.png` });

    await setTheme(page, theme);
    await sidebar.open();
    await expect(
      sidebar.panel.getByRole('button', { name: /Rainfall anomaly/ })
    ).toBeVisible();
    await isAccessible(page, SIDEBAR);
    await shot('1-empty');

    await sidebar.panel
      .getByRole('button', { name: 'Choose a profile' })
      .click();
    await expect(page.getByRole('menu')).toBeVisible();
    await isAccessible(page, SIDEBAR);
    await shot('2-profiles');
    await page.getByRole('menuitem', { name: 'Customise…' }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByLabel('Environment')).toBeVisible();
    await isAccessible(page, '.jp-Dialog form, .jp-Dialog-body');
    await shot('3-form');
    await dialog.getByRole('button', { name: 'Cancel' }).click();

    await sidebar.newCluster();
    await isAccessible(page, SIDEBAR);
    await shot('4-running');

    await sidebar.button('Scale').click();
    await isAccessible(page, SIDEBAR);
    await shot('5-scale');
    await page.keyboard.press('Escape');

    await sidebar.button('More actions').click();
    await shot('6-menu');
    await page.getByRole('menuitem', { name: /Details/ }).click();
    await expect(page.getByRole('tab', { name: 'Workers' })).toBeVisible();
    // The head and two workers.
    await expect(page.locator('.jp-DaskDetails [role=row]')).toHaveCount(3);
    await isAccessible(page, '.jp-DaskDetails');
    await shot('7-details');

    await sidebar.panel
      .getByRole('button', { name: /Rainfall anomaly/ })
      .click();
    await expect(
      page.getByRole('region', { name: 'Parameters' })
    ).toBeVisible();
    await isAccessible(page, '.jp-TemplateView');
    await shot('8-template');

    await sidebar.panel
      .getByRole('button', { name: 'Choose a profile' })
      .click();
    await page.getByRole('menuitem', { name: /existing scheduler/ }).click();
    await expect(dialog.getByRole('textbox').first()).toBeVisible();
    await isAccessible(page, '.jp-Dialog form, .jp-Dialog-body');
    await shot('9-scheduler');
    await dialog.getByRole('button', { name: 'Cancel' }).click();

    const controllers = await lab.controllers();
    expect(controllers.length).toBeGreaterThan(0);
    controllers.forEach(({ pid }) => process.kill(pid, 'SIGKILL'));
    await expect(sidebar.card()).toContainText(/lost/i);
    await isAccessible(page, SIDEBAR);
    await shot('10-lost');

    await sidebar.button('Dismiss').click();
    await expect(sidebar.cards).toHaveCount(0);
    await setTheme(page, 'light');
  });
}
