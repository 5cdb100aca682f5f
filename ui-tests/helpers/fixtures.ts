import { test as galata } from '@jupyterlab/galata';
import { Lab } from './lab';
import { Sidebar } from './sidebar';

export { expect } from '@playwright/test';

/**
 * A test in a real JupyterLab, which tests share. Nothing is mocked: settings,
 * state, kernels and sessions are the server's. Each test begins without
 * sessions, and with a page that nobody has arranged.
 */
export const test = galata.extend<
  {
    sidebar: Sidebar;
    /** Whether the page is opened before the test begins. */
    opens: boolean;
  },
  { lab: Lab; labOptions: Lab.IOptions }
>({
  labOptions: [{}, { scope: 'worker', option: true }],
  lab: [
    async ({ labOptions }, use) => {
      const lab = await Lab.start(labOptions);
      await use(lab);
      await lab.stop();
    },
    { scope: 'worker' }
  ],
  baseURL: async ({ lab }, use) => {
    await use(lab.url);
  },
  mockConfig: false,
  mockSettings: false,
  mockState: false,
  mockUser: false,
  kernels: null,
  sessions: null,
  terminals: null,
  tmpPath: '',
  // Galata waits for a launcher, which a restored page need not have.
  autoGoto: false,
  waitForApplication: async ({ baseURL }, use) => {
    await use(async page => {
      await page
        .locator('#jupyterlab-splash')
        .waitFor({ state: 'detached', timeout: 60_000 });
      await new Sidebar(page).tab.waitFor({ timeout: 60_000 });
    });
  },
  opens: [true, { option: true }],
  page: async ({ page, opens, lab }, use) => {
    await lab.reset();
    if (opens) {
      await page.goto();
    }
    await use(page);
  },
  sidebar: async ({ page }, use) => {
    await use(new Sidebar(page));
  }
});
