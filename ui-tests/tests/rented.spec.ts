/** Clusters on AWS, from the form to what is left, on a fake of it: tests/controller/amazon.py. */
import { expect, Locator, Page, test } from '@playwright/test';
import { BackEnd } from '../helpers/backEnd';
import { Lab } from '../helpers/lab';
import { NotebookPage } from '../helpers/notebook';
import { Sidebar } from '../helpers/sidebar';
import { inEachTheme, isAccessible } from '../helpers/themes';

interface IService {
  id: 'fargate' | 'ec2';
  label: string;
  /** What the form needs beside the image. */
  fill: (dialog: Locator, backEnd: BackEnd) => Promise<void>;
  /** What AWS refuses, found before anything is made. */
  bad: { field: string; value: string; words: RegExp };
  /** A part of what stays when the controller is killed. */
  left: RegExp;
}

const SERVICES: IService[] = [
  {
    id: 'fargate',
    label: 'AWS Fargate',
    fill: async dialog => {
      await dialog.getByLabel('Cores per worker').selectOption('1');
      await dialog.getByLabel('Memory per worker').fill('2 GiB');
      await dialog.getByLabel('Spot').check();
    },
    bad: {
      field: 'Subnets',
      value: 'subnet-0123abcd',
      words: /has no subnet subnet-0123abcd/
    },
    left: /1 cluster.*2 roles/
  },
  {
    id: 'ec2',
    label: 'AWS EC2',
    fill: async (dialog, backEnd) => {
      await dialog
        .getByLabel('Machine image (AMI)')
        .fill(await backEnd.ask<string>('image'));
    },
    bad: {
      field: 'Machines of the workers',
      value: 'm6i.enormous',
      words: /no machines of the type m6i\.enormous/
    },
    left: /machine/
  }
];

async function openForm(
  page: Page,
  sidebar: Sidebar,
  service: IService,
  backEnd: BackEnd
): Promise<Locator> {
  await sidebar.startProfile(/^Customise/);
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Runs on').selectOption({ label: service.label });
  const workers = dialog.getByLabel('Workers', { exact: true });
  await expect(workers).toBeVisible({ timeout: 90_000 });
  await expect(dialog).toContainText('This costs money in the AWS account');
  await workers.fill('1');
  await dialog
    .getByLabel('Image', { exact: true })
    .fill('example.org/climate:1');
  await service.fill(dialog, backEnd);
  return dialog;
}

for (const service of SERVICES) {
  test(`a cluster on ${service.label} is made by its form, computes, is scaled, stopped, and what a killed one leaves is removed`, async ({
    page
  }) => {
    test.setTimeout(600_000);
    const backEnd = await BackEnd.start('amazon');
    const lab = await Lab.start({
      environment: backEnd.environment,
      overrides: {
        'jupyterlab-seasonal-monitor:aws': { [service.id]: true },
        'jupyterlab-seasonal-monitor:profiles': { profiles: [] }
      }
    });
    const shot = (name: string): Promise<unknown> =>
      page.screenshot({ path: `test-results/${service.id}-${name}.png` });
    const start = (dialog: Locator): Promise<void> =>
      dialog.getByRole('button', { name: 'Start' }).click();
    try {
      await page.goto(`${lab.url}/lab`);
      const sidebar = new Sidebar(page);
      const notebook = new NotebookPage(page);
      await sidebar.tab.waitFor({ timeout: 90_000 });
      await sidebar.open();
      const nothing = await backEnd.ask<string[]>('inventory');
      const isEmpty = (): Promise<void> =>
        expect
          .poll(() => backEnd.ask<string[]>('inventory'), { timeout: 60_000 })
          .toEqual(nothing);

      await test.step('what AWS does not have comes back beside its field, and nothing is made', async () => {
        const dialog = await openForm(page, sidebar, service, backEnd);
        const bad = dialog.getByLabel(service.bad.field, { exact: true });
        await bad.fill(service.bad.value);
        await start(dialog);
        const field = dialog.locator('.jp-DaskField').filter({
          has: page.getByLabel(service.bad.field, { exact: true })
        });
        await expect(field.getByRole('alert')).toHaveText(service.bad.words, {
          timeout: 120_000
        });
        await expect(sidebar.cards).toHaveCount(0);
        await expect(bad).toHaveValue(service.bad.value);
        await isEmpty();
        await shot('1-field');
        await bad.fill('');
        await start(dialog);
      });

      await test.step('the cluster computes', async () => {
        await sidebar.isRunning(sidebar.card(), 1);
        await notebook.createConnected(sidebar);
        await notebook.computes();
      });

      await test.step('its card is looked at, it is scaled, tells its logs, and is stopped', async () => {
        await sidebar.scaleTo(2);
        await sidebar.isRunning(sidebar.card(), 2);
        await inEachTheme(page, async theme => {
          await isAccessible(page, '#jp-dask-clusters');
          await shot(`2-card-${theme}`);
        });
        await sidebar.button('More actions').click();
        await page.getByRole('menuitem', { name: /Details/ }).click();
        await page.getByRole('tab', { name: 'Logs' }).click();
        await expect(page.locator('.jp-DaskDetails')).toContainText(
          /Scheduler at|distributed/,
          { timeout: 60_000 }
        );
        await shot('3-logs');
        await sidebar.stop();
        await isEmpty();
      });

      await test.step('a killed controller is told, and what it left is listed and removed', async () => {
        await start(await openForm(page, sidebar, service, backEnd));
        await sidebar.isRunning(sidebar.card(), 1);
        for (const { pid } of await lab.controllers()) {
          process.kill(pid, 'SIGKILL');
        }
        await expect(sidebar.card().locator('.jp-DaskFailure')).toBeVisible({
          timeout: 60_000
        });
        await shot('4-killed');
        await notebook.command('seasonal-monitor:show-left-running');
        const view = page.locator('.jp-DaskLeft:visible');
        const part = view.locator(`[data-provider=${service.id}]`);
        await expect(part).toContainText(service.left, { timeout: 90_000 });
        await isAccessible(page, '.jp-DaskLeft');
        await shot('5-left');
        await view.getByRole('button', { name: 'Clean up…' }).click();
        const dialog = page.getByRole('dialog');
        await expect(dialog.getByRole('checkbox')).toBeChecked();
        await dialog.getByRole('button', { name: 'Remove' }).click();
        await expect(part).toContainText('Nothing is left here.', {
          timeout: 150_000
        });
        await isEmpty();
        await shot('6-clean');
      });
    } finally {
      await lab.stop();
      await backEnd.stop();
    }
  });
}
