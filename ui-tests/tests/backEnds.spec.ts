import { expect, Locator, Page, test } from '@playwright/test';
import { BackEnd } from '../helpers/backEnd';
import { Lab } from '../helpers/lab';
import { NotebookPage } from '../helpers/notebook';
import { Sidebar } from '../helpers/sidebar';

/** A place where clusters run, and what its form is filled with. */
interface IPlace {
  kind: 'slurm' | 'kubernetes' | 'coiled';
  label: string;
  setting: Record<string, boolean>;
  fill: (dialog: Locator) => Promise<void>;
  /** A field that the page cannot judge, and what the controller says of it. */
  bad: { field: string; value: string; words: RegExp };
  /** What makes the place itself refuse, and what the card then says. */
  refusal: { field: string; value: string; words: RegExp };
  /** What the form says. */
  notes?: RegExp;
}

const PLACES: IPlace[] = [
  {
    kind: 'slurm',
    label: 'SLURM',
    setting: { slurm: true },
    fill: async dialog => {
      await dialog.getByLabel('Queue').selectOption({ label: 'debug' });
      await dialog
        .getByLabel('Network interface')
        .selectOption({ label: 'lo' });
      await dialog.getByLabel('Memory per job').fill('500 MB');
    },
    bad: {
      field: 'Extra directives',
      value: 'constraint=fast',
      words: /begins with a hyphen/
    },
    refusal: { field: 'Memory per job', value: '64 GB', words: /[Mm]emory/ }
  },
  {
    kind: 'kubernetes',
    label: 'Kubernetes',
    setting: { enabled: true },
    fill: async dialog => {
      await dialog.getByLabel('Image', { exact: true }).fill('test/dask:1');
      await dialog.getByLabel('Memory per worker').fill('512 MiB');
    },
    bad: {
      field: 'Environment variables',
      value: 'no equals sign',
      words: /NAME=value/
    },
    refusal: {
      field: 'Image',
      value: 'missing/dask:1',
      words: /cannot be pulled/
    },
    notes: /namespace default/
  },
  {
    // A fake of its API: see tests/controller/coiled_api.py.
    kind: 'coiled',
    label: 'Coiled',
    setting: { enabled: true },
    fill: async dialog => {
      await dialog.getByLabel('Region').fill('eu-central-1');
    },
    bad: {
      field: 'Cores per worker',
      value: '1',
      words: /at least 2/
    },
    refusal: {
      field: 'Region',
      value: 'no-capacity-1',
      words: /InsufficientInstanceCapacity/
    },
    notes: /beside it the bill of the cloud/
  }
];

async function openForm(
  page: Page,
  sidebar: Sidebar,
  place: IPlace
): Promise<Locator> {
  await sidebar.panel.getByRole('button', { name: 'Choose a profile' }).click();
  await page.getByRole('menuitem', { name: /^Customise/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Runs on').selectOption({ label: place.label });
  await expect(dialog.getByLabel('Workers', { exact: true })).toBeVisible({
    timeout: 90_000
  });
  await dialog.getByLabel('Workers', { exact: true }).fill('1');
  await place.fill(dialog);
  return dialog;
}

for (const place of PLACES) {
  test(`a cluster on ${place.label} is made by its form, computes, is scaled and stopped`, async ({
    page
  }) => {
    test.setTimeout(900_000);
    const backEnd = await BackEnd.start(place.kind);
    const plugin = place.kind === 'slurm' ? 'batch' : place.kind;
    try {
      test.skip(backEnd.skip !== undefined, backEnd.skip);
      const lab = await Lab.start({
        environment: backEnd.environment,
        overrides: { [`jupyterlab-seasonal-monitor:${plugin}`]: place.setting }
      });
      try {
        await page.goto(`${lab.url}/lab`);
        const sidebar = new Sidebar(page);
        const notebook = new NotebookPage(page);
        await sidebar.tab.waitFor({ timeout: 90_000 });
        await sidebar.open();

        await test.step('bad input comes back beside its field, and nothing is made', async () => {
          const dialog = await openForm(page, sidebar, place);
          if (place.notes) {
            await expect(dialog).toContainText(place.notes);
          }
          await dialog
            .getByLabel(place.bad.field, { exact: true })
            .fill(place.bad.value);
          await dialog.getByRole('button', { name: 'Start' }).click();
          const field = dialog
            .locator('.jp-DaskField')
            .filter({ has: page.getByLabel(place.bad.field, { exact: true }) });
          await expect(field.getByRole('alert')).toHaveText(place.bad.words, {
            timeout: 90_000
          });
          await expect(sidebar.cards).toHaveCount(0);
          // What was typed is still there.
          await expect(
            dialog.getByLabel('Workers', { exact: true })
          ).toHaveValue('1');
          await page.screenshot({
            path: `test-results/${place.kind}-1-field.png`
          });
          await dialog.getByRole('button', { name: 'Cancel' }).click();
        });

        await test.step('what the place refuses is told on the card', async () => {
          const dialog = await openForm(page, sidebar, place);
          await dialog
            .getByLabel(place.refusal.field, { exact: true })
            .fill(place.refusal.value);
          await dialog.getByRole('button', { name: 'Start' }).click();
          await expect(sidebar.card().locator('.jp-DaskFailure')).toContainText(
            place.refusal.words,
            { timeout: 120_000 }
          );
          await page.screenshot({
            path: `test-results/${place.kind}-2-refused.png`
          });
          await sidebar.button('Dismiss').click();
          await expect(sidebar.cards).toHaveCount(0);
        });

        await test.step('a cluster computes', async () => {
          const dialog = await openForm(page, sidebar, place);
          await dialog.getByRole('button', { name: 'Start' }).click();
          await expect(sidebar.card()).toContainText('1 / 1 workers', {
            timeout: 180_000
          });
          await notebook.createConnected(sidebar);
          await notebook.computes();
          await page.screenshot({
            path: `test-results/${place.kind}-3-result.png`
          });
        });

        await test.step('it is scaled and stopped', async () => {
          await sidebar.scaleTo(2);
          await expect(sidebar.card()).toContainText('2 / 2 workers', {
            timeout: 180_000
          });
          await sidebar.stop();
        });

        // Jobs end without the controller, which has their scheduler.
        if (place.kind !== 'slurm') {
          await test.step('one whose server was killed is taken up after the restart', async () => {
            const dialog = await openForm(page, sidebar, place);
            await dialog.getByRole('button', { name: 'Start' }).click();
            await expect(sidebar.card()).toContainText('1 / 1 workers', {
              timeout: 180_000
            });
            await lab.kill();
            await expect
              .poll(async () => (await lab.processes()).length, {
                timeout: 60_000
              })
              .toBe(0);
            await lab.spawn();
            // Without the notebook, which would ask for a kernel.
            await page.goto(`${lab.url}/lab?reset`);
            await sidebar.tab.waitFor({ timeout: 90_000 });
            await sidebar.open();
            const again = await openForm(page, sidebar, place);
            await expect(again).toContainText(/without a controller/);
            await again.getByLabel('Take up').selectOption({ index: 1 });
            await page.screenshot({
              path: `test-results/${place.kind}-4-take-up.png`
            });
            await again.getByRole('button', { name: 'Start' }).click();
            await expect(sidebar.card()).toContainText('1 / 1 workers', {
              timeout: 180_000
            });
            await sidebar.stop();
          });
        }
      } finally {
        await lab.stop();
      }
    } finally {
      await backEnd.stop();
    }
  });
}
