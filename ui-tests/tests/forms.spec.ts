/** The form of each back end: in every theme, with bad input, and by keyboard alone. */
import {
  expect as briefly,
  Locator,
  Page,
  test as base
} from '@playwright/test';
import { BackEnd } from '../helpers/backEnd';
import { Lab } from '../helpers/lab';
import { Sidebar } from '../helpers/sidebar';
import { inEachTheme, isAccessible } from '../helpers/themes';

/** What a back end lacks is told when its kernel has imported a library. */
const expect = briefly.configure({ timeout: 60_000 });

interface IForm {
  id: string;
  label: string;
  /** What the page itself finds wrong: a field, what is typed, and what it says. */
  bad: [field: string, value: string, words: RegExp];
  /** What has to be typed, by the labels of the fields. */
  needs: Record<string, string>;
  /** What the card says once it was started. */
  then: RegExp;
}

const SIZE = /must be a size such as 4 GiB/;

const FORMS: IForm[] = [
  {
    id: 'slurm',
    label: 'SLURM',
    bad: ['Walltime', 'soon', /hours:minutes:seconds/],
    needs: {},
    then: /Not found|sbatch|squeue|dask-jobqueue/
  },
  {
    id: 'kubernetes',
    label: 'Kubernetes',
    bad: ['Namespace', 'Über', /a-z, 0-9 and hyphens/],
    needs: {},
    then: /No Kubernetes cluster is configured/
  },
  {
    id: 'fargate',
    label: 'AWS Fargate',
    bad: ['Memory of the scheduler', 'much', SIZE],
    needs: { Image: 'example.org/climate:1' },
    then: /1 \/ 1 workers/
  },
  {
    id: 'ec2',
    label: 'AWS EC2',
    bad: ['Disk in GB', '1', /at least 8/],
    needs: { Image: 'example.org/climate:1' },
    then: /Ubuntu 24\.04 is not offered|machine image/
  },
  {
    id: 'coiled',
    label: 'Coiled',
    bad: ['Region', 'Frankfurt am Main', /us-east-1 or europe-west1/],
    needs: {},
    then: /workers/
  },
  {
    id: 'custom',
    label: 'Other classes',
    bad: ['Workers', '-1', /at least 0/],
    needs: {},
    then: /1 \/ 1 workers/
  }
];

const test = base.extend<object, { lab: Lab }>({
  lab: [
    async ({ browserName: _ }, use) => {
      const amazon = await BackEnd.start('amazon');
      const coiled = await BackEnd.start('coiled');
      const lab = await Lab.start({
        environment: { ...amazon.environment, ...coiled.environment },
        overrides: {
          'jupyterlab-seasonal-monitor:batch': { slurm: true },
          'jupyterlab-seasonal-monitor:kubernetes': { enabled: true },
          'jupyterlab-seasonal-monitor:aws': { fargate: true, ec2: true },
          'jupyterlab-seasonal-monitor:coiled': { enabled: true },
          'jupyterlab-seasonal-monitor:custom': {
            classes: [
              {
                name: 'Ours',
                class: 'distributed:LocalCluster',
                arguments: {
                  threads_per_worker: 1,
                  dashboard_address: '127.0.0.1:0'
                }
              }
            ]
          }
        }
      });
      await use(lab);
      await lab.stop();
      await coiled.stop();
      await amazon.stop();
    },
    { scope: 'worker', timeout: 200_000 }
  ],
  page: async ({ page, lab }, use) => {
    await lab.reset();
    await page.goto(`${lab.url}/lab`);
    await new Sidebar(page).tab.waitFor({ timeout: 90_000 });
    await new Sidebar(page).open();
    await use(page);
  }
});

test.setTimeout(300_000);

/** Open the form by the keyboard, and choose where the cluster runs. */
async function openByKeys(page: Page, form: IForm): Promise<Locator> {
  const { panel } = new Sidebar(page);
  const menu = page.getByRole('menu', { name: 'New cluster from a profile' });
  const last = page.getByRole('menuitem', { name: /^Customise/ });
  const dialog = page.getByRole('dialog');
  // The launcher takes the focus when it comes, on a busy machine late.
  await expect(async () => {
    if (await menu.isVisible()) {
      await menu.press('Escape');
    }
    await panel.getByRole('button', { name: 'Choose a profile' }).focus();
    await page.keyboard.press('Enter');
    await expect(menu).toBeVisible();
    for (let presses = 0; presses < 20; presses += 1) {
      if (await last.evaluate(node => node === document.activeElement)) {
        break;
      }
      await page.keyboard.press('ArrowDown');
    }
    await page.keyboard.press('Enter');
    await expect(dialog).toBeVisible({ timeout: 15_000 });
  }).toPass({ timeout: 120_000 });
  await expect(dialog.getByLabel('Runs on')).toBeFocused();
  // A list forgets the letters after a second, which a busy machine may need for one.
  await expect(async () => {
    await page.keyboard.type(form.label);
    await expect(dialog.getByLabel('Runs on')).toHaveValue(form.id, {
      timeout: 2_000
    });
  }).toPass({ timeout: 60_000 });
  await expect(dialog.getByLabel('Workers', { exact: true })).toBeVisible({
    timeout: 90_000
  });
  return dialog;
}

/** Press Tab until something has the focus, which must be seen all the way. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    if (await target.evaluate(node => node === document.activeElement)) {
      await expect(target).toBeInViewport();
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error('The keyboard does not come there.');
}

for (const form of FORMS) {
  test(`the form of ${form.label} can be read and filled in every theme, and a cluster is asked for by keyboard alone`, async ({
    page
  }) => {
    const sidebar = new Sidebar(page);
    const dialog = await openByKeys(page, form);
    const start = dialog.getByRole('button', { name: 'Start' });
    const body = page.locator('.jp-DaskForm');
    const [field, value, words] = form.bad;
    const input = dialog.getByLabel(field, { exact: true });
    const before = await input.inputValue();
    await input.fill(value);
    await expect(
      dialog
        .locator('.jp-DaskField')
        .filter({ has: page.getByLabel(field, { exact: true }) })
        .getByRole('alert')
    ).toHaveText(words);
    // Nothing is wider than the form.
    const wide = await body.evaluate(node =>
      [...node.querySelectorAll('*')]
        .filter(part => part.scrollWidth > part.clientWidth + 1)
        .filter(part => !/^(SELECT|INPUT|OPTION|SPAN)$/.test(part.tagName))
        .map(part => part.outerHTML.slice(0, 200))
    );
    expect(wide).toEqual([]);
    await inEachTheme(page, async theme => {
      await isAccessible(page, '.jp-Dialog-content');
      await body.evaluate(node => node.scrollIntoView({ block: 'start' }));
      await page.screenshot({
        path: `test-results/form-${form.id}-${theme}-1.png`
      });
      await dialog
        .getByLabel('Save as profile')
        .evaluate(node => node.scrollIntoView({ block: 'end' }));
      await page.screenshot({
        path: `test-results/form-${form.id}-${theme}-2.png`
      });
    });
    await input.fill(before);
    await dialog.getByLabel('Runs on').focus();

    // What is no number at all is not taken for an empty field.
    const workers = dialog.getByLabel('Workers', { exact: true });
    await tabTo(page, workers);
    await page.keyboard.press('Control+a');
    await page.keyboard.type('1e');
    const alert = dialog
      .locator('.jp-DaskField')
      .filter({ has: page.getByLabel('Workers', { exact: true }) })
      .getByRole('alert');
    await expect(alert).toHaveText('Enter a number.');
    await expect(start).toBeDisabled();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('1');
    await expect(alert).toHaveCount(0);

    for (const [label, text] of Object.entries(form.needs)) {
      await tabTo(page, dialog.getByLabel(label, { exact: true }));
      await page.keyboard.type(text);
    }
    await tabTo(page, start);
    await page.keyboard.press('Enter');
    await expect(
      sidebar.card().or(page.getByRole('dialog')).first()
    ).toContainText(form.then, { timeout: 120_000 });
    await page.screenshot({ path: `test-results/form-${form.id}-started.png` });
  });
}
