// Drives Chromium for bench/browser.py: one JSON request a line on stdin, one
// JSON answer a line on stdout. Measures themselves are in page/inject.js, which
// runs inside the page, so that no message of this driver is part of a time.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { gzipSync } from 'node:zlib';
import { workOfFrames } from './trace.mjs';

const require = createRequire(
  new URL('../../ui-tests/package.json', import.meta.url)
);
const { chromium } = require('@playwright/test');

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync'
];
const POLLS =
  /\/api\/(kernels|sessions|terminals|kernelspecs|me|contents|settings|workspaces|status)\b|\/lsp\/status/;
const EXTENSIONS =
  /\/extensions\/(jupyterlab-seasonal-monitor|dask-labextension)\//;
const INJECTED = ['inject.js', 'synthetic.js'].map(
  name => new URL(name, import.meta.url).pathname
);

const pages = new Map();
let browser = null;
let count = 0;

/** Whether a call stack, or one that led to it, passes through the extensions. */
function isFromExtension(stack) {
  return (
    !!stack &&
    (stack.callFrames.some(frame => EXTENSIONS.test(frame.url)) ||
      isFromExtension(stack.parent))
  );
}

/** Record every request with who asked, and every websocket message. */
async function record(page, entry) {
  const session = await page.context().newCDPSession(page);
  session.on('Network.requestWillBeSent', ({ request, initiator }) => {
    entry.requests.push({
      url: request.url,
      ours: isFromExtension(initiator.stack),
      at: Date.now()
    });
  });
  // A frame may have a process of its own, of which this session knows nothing.
  page.on('request', request => {
    if (request.frame() !== page.mainFrame()) {
      entry.framed.push({ url: request.url(), ours: false, at: Date.now() });
    }
  });
  page.on('websocket', socket => {
    const message = () =>
      entry.messages.push({ url: socket.url(), at: Date.now() });
    socket.on('framesent', message);
    socket.on('framereceived', message);
  });
  await session.send('Network.enable');
  await session.send('Debugger.enable');
  await session.send('Debugger.setAsyncCallStackDepth', { maxDepth: 32 });
}

const methods = {
  async launch({ executable }) {
    browser = await chromium.launch({
      executablePath: executable,
      args: ARGUMENTS
    });
  },

  async open({ url, traced, quiet }) {
    const context = await browser.newContext({
      viewport: { width: 1400, height: 900 }
    });
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    const entry = {
      page,
      requests: [],
      framed: [],
      messages: [],
      scripts: [],
      errors: []
    };
    page.on('pageerror', error => entry.errors.push(String(error)));
    page.on('response', response => {
      if (
        EXTENSIONS.test(response.url()) &&
        /\.js(\?|$)/.test(response.url())
      ) {
        entry.scripts.push(
          response.body().then(body => ({
            url: response.url(),
            bytes: body.length,
            gzip: gzipSync(body, { level: 9 }).length
          }))
        );
      }
    });
    if (quiet) {
      // JupyterLab's own polls count as activity; marked, they do not.
      await page.route(POLLS, route => {
        const address = new URL(route.request().url());
        address.searchParams.set('no_track_activity', '1');
        return route.continue({ url: address.href });
      });
    }
    if (traced) {
      await record(page, entry);
    }
    for (const path of INJECTED) {
      await page.addInitScript({ path });
    }
    await page.goto(url);
    await page.waitForSelector('#jp-main-dock-panel', { state: 'attached' });
    await page.evaluate(() => window.jupyterapp.restored);
    count += 1;
    pages.set(count, entry);
    return count;
  },

  evaluate: ({ page, expression, timeout }) => {
    let timer;
    return Promise.race([
      pages.get(page).page.evaluate(expression),
      new Promise((_, reject) => {
        timer = setTimeout(
          () => reject(new Error(`${expression}: nothing in ${timeout} ms`)),
          timeout
        );
      })
    ]).finally(() => clearTimeout(timer));
  },

  click: ({ page, selector }) => pages.get(page).page.click(selector),

  async trace({ page, first, expression }) {
    const target = pages.get(page).page;
    const session = await target.context().newCDPSession(target);
    const events = [];
    session.on('Tracing.dataCollected', ({ value }) => events.push(...value));
    // What was thrown away before is not collected in what is measured.
    await session.send('HeapProfiler.collectGarbage');
    await target.evaluate(first);
    await session.send('Tracing.start', {
      transferMode: 'ReportEvents',
      traceConfig: {
        includedCategories: [
          'devtools.timeline',
          'disabled-by-default-devtools.timeline'
        ]
      }
    });
    await target.evaluate(expression);
    const complete = new Promise(done =>
      session.once('Tracing.tracingComplete', done)
    );
    await session.send('Tracing.end');
    await complete;
    await session.detach();
    return workOfFrames(events);
  },

  async waitFor({ page, selector, state }) {
    await pages.get(page).page.waitForSelector(selector, { state });
  },

  scripts: ({ page }) => Promise.all(pages.get(page).scripts),

  errors: ({ page }) => pages.get(page).errors,

  /** Give what was recorded since a time, in ms since the epoch. */
  traffic({ page, since }) {
    const entry = pages.get(page);
    const late = ({ at }) => at >= since;
    const requests = entry.requests.filter(late);
    const known = new Set(requests.map(({ url }) => url));
    const framed = entry.framed
      .filter(late)
      .filter(({ url }) => !known.has(url));
    return {
      requests: [...requests, ...framed],
      messages: entry.messages.filter(late)
    };
  },

  async screenshot({ page, path }) {
    await pages.get(page).page.screenshot({ path });
  },

  async close({ page }) {
    const entry = pages.get(page);
    pages.delete(page);
    await entry.page.context().close();
  },

  async quit() {
    await browser?.close();
    setImmediate(() => process.exit(0));
  }
};

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  const answer = value =>
    process.stdout.write(`${JSON.stringify({ id, ...value })}\n`);
  try {
    answer({ result: (await methods[method](params)) ?? null });
  } catch (error) {
    answer({ error: String(error.stack ?? error) });
  }
}
await browser?.close();
