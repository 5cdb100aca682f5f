import { writeFile } from 'fs/promises';
import { join } from 'path';
import { expect, test } from '../helpers/fixtures';
import { isAccessible, setTheme, THEMES } from '../helpers/themes';

test.setTimeout(240_000);

test('an area is drawn on a map, resized, and taken from a file; a dekad is chosen by steps', async ({
  page,
  sidebar,
  lab
}) => {
  await writeFile(
    join(lab.root, 'district.geojson'),
    JSON.stringify({
      type: 'Feature',
      properties: {},
      geometry: {
        type: 'Polygon',
        coordinates: [
          [
            [36, -2],
            [40, -3],
            [39, 2],
            [36, -2]
          ]
        ]
      }
    })
  );
  const asked: string[] = [];
  page.on('request', request => {
    if (new URL(request.url()).hostname !== '127.0.0.1') {
      asked.push(request.url());
    }
  });
  await sidebar.open();
  await sidebar.panel.getByRole('button', { name: /Rainfall anomaly/ }).click();
  const form = page.getByRole('region', { name: 'Parameters' });
  const map = form.getByRole('application', { name: /^Map of “Area”/ });
  await expect(map.locator('.jp-AreaMap-land')).toHaveAttribute('d', /^M.*L/);
  const edges = async (): Promise<number[]> =>
    Promise.all(
      ['West', 'South', 'East', 'North'].map(async edge =>
        Number(await form.getByLabel(edge, { exact: true }).inputValue())
      )
    );
  /** Drag from a point to another, each as parts of the map's width and height. */
  const drag = async (from: number[], to: number[]): Promise<void> => {
    await map.scrollIntoViewIfNeeded();
    const box = (await map.boundingBox())!;
    const at = ([x, y]: number[]): [number, number] => [
      box.x + x * box.width,
      box.y + y * box.height
    ];
    await page.mouse.move(...at(from));
    await page.mouse.down();
    await page.mouse.move(...at(to), { steps: 4 });
    await page.mouse.up();
  };

  await test.step('draws an area', async () => {
    await form.getByRole('button', { name: 'Show the world' }).click();
    await drag([0.55, 0.4], [0.65, 0.6]);
    await expect.poll(edges).not.toEqual([35, -4, 45, 6]);
    const [west, south, east, north] = await edges();
    expect(Math.abs(west - 18)).toBeLessThan(2);
    expect(Math.abs(south + 18)).toBeLessThan(2);
    expect(Math.abs(east - 54)).toBeLessThan(2);
    expect(Math.abs(north - 18)).toBeLessThan(2);
    await expect(
      page.getByRole('region', { name: 'Preview' }).getByText(String(west))
    ).toBeVisible();
  });

  await test.step('resizes and moves it', async () => {
    const before = await edges();
    await drag([0.65, 0.4], [0.7, 0.35]);
    await expect
      .poll(async () => (await edges())[3])
      .toBeGreaterThan(before[3]);
    const larger = await edges();
    expect(larger.slice(0, 2)).toEqual(before.slice(0, 2));
    await drag([0.6, 0.5], [0.5, 0.5]);
    await expect
      .poll(async () => (await edges())[0])
      .toBeLessThan(before[0] - 20);
    const moved = await edges();
    expect(moved[2] - moved[0]).toBeCloseTo(larger[2] - larger[0], 3);
  });

  await test.step('takes the extent of a GeoJSON file', async () => {
    await form
      .getByRole('button', { name: 'Extent of a GeoJSON file…' })
      .click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('district.geojson').click();
    await dialog.getByRole('button', { name: 'Select' }).click();
    await expect.poll(edges).toEqual([36, -3, 40, 2]);
    await form.getByRole('button', { name: 'Show the area' }).click();
  });

  await test.step('moves the map by keys, and the area stays', async () => {
    await map.focus();
    const seen = await map.getAttribute('viewBox');
    await page.keyboard.press('ArrowLeft');
    await expect(map).not.toHaveAttribute('viewBox', seen!);
    await page.keyboard.press('+');
    await page.keyboard.press('-');
    expect(await edges()).toEqual([36, -3, 40, 2]);
    await form.getByRole('button', { name: 'Show the area' }).click();
  });

  await test.step('steps to the next dekad', async () => {
    await form
      .getByRole('button', { name: 'First dekad: the dekad after' })
      .click();
    await expect(form.getByLabel('First dekad', { exact: true })).toHaveValue(
      '202403d2'
    );
    await expect(form.getByText(/March 11\D+20, 2024/)).toBeVisible();
  });

  for (const theme of Object.keys(THEMES) as Array<keyof typeof THEMES>) {
    await test.step(`is accessible in the ${theme} theme`, async () => {
      await setTheme(page, theme);
      await map.scrollIntoViewIfNeeded();
      await isAccessible(page, '.jp-TemplateView');
      await page.screenshot({ path: `test-results/area-${theme}.png` });
    });
  }
  await setTheme(page, 'light');
  expect(asked).toEqual([]);
});
