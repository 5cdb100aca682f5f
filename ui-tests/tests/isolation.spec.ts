import { expect, test } from '../helpers/fixtures';

test.use({ opens: false });

test('a controller that was still starting when a page closed is gone before the next test', async ({
  lab
}) => {
  const asked = Array.from({ length: 3 }, (_, index) =>
    fetch(`${lab.url}/api/sessions`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        name: `late ${index}`,
        path: `late-${index}`,
        type: 'dask-cluster',
        kernel: { name: 'python3' }
      })
    })
  );
  await lab.reset();
  await Promise.all(asked);
  expect(await lab.sessions()).toEqual([]);
  expect((await lab.processes()).filter(({ pid }) => pid !== lab.pid)).toEqual(
    []
  );
});
