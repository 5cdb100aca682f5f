import { expect, Locator, Page } from '@playwright/test';

/** The sidebar, as a person names its parts. */
export class Sidebar {
  constructor(readonly page: Page) {}

  get tab(): Locator {
    return this.page.getByRole('tab', { name: 'Dask clusters' });
  }

  get panel(): Locator {
    return this.page.locator('#jp-dask-clusters');
  }

  get newClusterButton(): Locator {
    return this.panel.getByRole('button', { name: 'New cluster', exact: true });
  }

  get cards(): Locator {
    return this.panel.locator('.jp-DaskCluster-card');
  }

  /** The card of a cluster, or the first one. */
  card(name?: string): Locator {
    return name ? this.cards.filter({ hasText: name }) : this.cards.first();
  }

  button(name: string, card = this.card()): Locator {
    return card.getByRole('button', { name, exact: true });
  }

  /** Show the panel. */
  async open(): Promise<void> {
    // A click hides the panel where the page just restored it.
    await expect(async () => {
      if (!(await this.panel.isVisible())) {
        await this.tab.click();
      }
      await expect(this.newClusterButton).toBeVisible({ timeout: 5000 });
    }).toPass({ timeout: 40_000 });
  }

  /** Click "New cluster" and wait until all workers are there. */
  async newCluster(): Promise<Locator> {
    const before = await this.cards.count();
    await this.newClusterButton.click();
    await expect(this.cards).toHaveCount(before + 1);
    const card = this.cards.nth(before);
    await this.isRunning(card);
    return card;
  }

  /** Start a cluster of a profile by the menu. */
  async startProfile(name: RegExp): Promise<void> {
    await this.panel.getByRole('button', { name: 'Choose a profile' }).click();
    await this.page.getByRole('menuitem', { name }).click();
  }

  /** All workers of the card's cluster are there. */
  async isRunning(card = this.card(), workers = 2): Promise<void> {
    await expect(card).toContainText(`${workers} / ${workers} workers`, {
      timeout: 60_000
    });
  }

  /** Ask for another number of workers on a card. */
  async scaleTo(workers: number, card = this.card()): Promise<void> {
    await this.button('Scale', card).click();
    const field = card.getByRole('textbox', { name: 'Workers', exact: true });
    await field.fill(String(workers));
    await field.press('Enter');
  }

  /** Stop a cluster, and confirm when asked. */
  async stop(card = this.card()): Promise<void> {
    const before = await this.cards.count();
    const confirm = this.page.getByRole('dialog').getByRole('button', {
      name: /^Stop/
    });
    await this.button('Stop', card).click({ timeout: 10_000 });
    await expect(async () => {
      if (await confirm.isVisible()) {
        await confirm.click({ timeout: 2_000 });
      }
      await expect(this.cards).toHaveCount(before - 1, { timeout: 2_000 });
    }).toPass({ timeout: 30_000 });
  }

  /** Stop whatever there is. */
  async stopAll(): Promise<void> {
    while ((await this.cards.count()) > 0) {
      await this.stop();
    }
  }
}
