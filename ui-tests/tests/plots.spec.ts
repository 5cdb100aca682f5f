import { expect, test } from '../helpers/fixtures';
import { NotebookPage } from '../helpers/notebook';

test.setTimeout(600_000);

/** Work of which every plot has something to tell. */
const WORK = `import time
def slow(value):
    time.sleep(0.05)
    return bytes(1_000_000)
futures = client.map(slow, range(40), pure=False)
_ = client.gather(client.map(len, futures))`;

test('every plot of a real scheduler opens as a pane and draws', async ({
  page,
  sidebar,
  lab
}) => {
  await sidebar.open();
  await sidebar.newCluster();
  const notebook = new NotebookPage(page);
  await notebook.createConnected(sidebar);
  await notebook.type(
    `${WORK}\nprint("port", client.dashboard_link.split(":")[2].split("/")[0])`
  );
  await notebook.runAll();
  const output = notebook.cells.last().locator('.jp-OutputArea');
  await expect(output).toContainText('port');
  const port = (await output.innerText()).replace(/\D/g, '');
  const told = await fetch(
    `${lab.url}/proxy/${port}/individual-plots.json`
  ).then(reply => reply.json() as Promise<Record<string, string>>);
  const plots = Object.values(told).map(path => path.replace(/^\//, ''));
  expect(plots.length).toBeGreaterThan(20);

  for (const plot of plots) {
    await test.step(plot, async () => {
      await notebook.command('seasonal-monitor:open-plot', { plot });
      const pane = page.frameLocator(`iframe[src*="/${plot}"]`);
      // Bokeh draws on canvases, and tables and pages of text in elements.
      await expect(
        pane.locator('canvas, .bk-Root table, svg, .bk-DataTable').first()
      ).toBeVisible({ timeout: 30_000 });
      await notebook.command('application:close');
    });
  }
  await sidebar.stopAll();
});
