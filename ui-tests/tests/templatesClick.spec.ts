import { expect, test } from '../helpers/fixtures';
import { NotebookPage } from '../helpers/notebook';
import { makeSampleData, SMALL } from '../helpers/sampleData';

test.setTimeout(300_000);

test('a click on the map of a cube gives the series of the pixel under the mouse', async ({
  page,
  sidebar,
  lab
}) => {
  await makeSampleData(lab.root, '--products', 'rfh_dekad');
  const notebook = new NotebookPage(page);
  await sidebar.open();
  await sidebar.panel.getByRole('button', { name: /^Explore a cube/ }).click();
  const view = page.locator('.jp-TemplateView:visible');
  const form = view.getByRole('region', { name: 'Parameters' });
  const values = {
    West: SMALL.area[0],
    South: SMALL.area[1],
    East: SMALL.area[2],
    North: SMALL.area[3],
    'First dekad': '201303d1',
    'Last dekad': '201305d3',
    Longitude: 35.52,
    Latitude: 5.01,
    'Chunk size': 16
  };
  for (const [label, value] of Object.entries(values)) {
    await form.getByLabel(label, { exact: true }).fill(String(value));
  }
  await notebook.fromTemplate('explore-cube', view);
  await notebook.runAll(180_000);
  await expect(notebook.errors).toHaveCount(0);

  await notebook.command('notebook:insert-cell-below');
  await notebook.type(
    [
      'place = {x: clicks.spot[0], y: clicks.spot[1]}',
      'plain = data.sel(place, method="nearest").compute()',
      'print("moved", clicks.spot != (longitude, latitude))',
      'print("same", plain.equals(clicks.pixel), plain.size)'
    ].join('\n')
  );

  const canvas = notebook.panel.locator('.jupyter-matplotlib canvas').last();
  await canvas.scrollIntoViewIfNeeded();
  await expect(canvas).toBeVisible();
  await page.screenshot({ path: 'test-results/click-before.png' });
  const box = await canvas.boundingBox();
  // The map is in the upper half of the figure.
  const position = { x: box!.width * 0.5, y: box!.height * 0.2 };
  await canvas.click({ position });
  await notebook.isIdle();
  await page.screenshot({ path: 'test-results/click-after.png' });

  await notebook.cells.last().locator('.cm-content').click();
  await notebook.command('notebook:run-cell');
  await expect(notebook.cells.last()).toContainText('moved True');
  await expect(notebook.cells.last()).toContainText('same True 9');
});
