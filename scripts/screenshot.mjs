// Takes docs/images/web-ui.png: the page of an example run in Temporal's Web UI, in a real browser.
// Usage: npm run build && node scripts/screenshot.mjs [FILE] — needs chromium (Debian: apt-get install chromium; elsewhere set CHROMIUM).

import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { chromium } from 'playwright-core';

const root = fileURLToPath(new URL('..', import.meta.url));
const examples = path.join(root, 'examples');
const target = path.resolve(process.argv[2] ?? path.join(root, 'docs/images/web-ui.png'));
const report = path.join(examples, '.holdfast/screenshot.json');
const holdfast = (...words) => execa(process.execPath, [path.join(root, 'dist/cli.js'), ...words], { cwd: examples });

const stack = holdfast('dev');
try {
  await new Promise((resolve, reject) => {
    createInterface({ input: stack.stdout }).on('line', (line) => line.includes('Web UI') && resolve());
    stack.catch(reject);
  });
  await holdfast('run', '--suite', 'warehouse', '--reporter', `json=${report}`);
  const { webUrl } = JSON.parse(await readFile(report, 'utf8')).run;
  await mkdir(path.dirname(target), { recursive: true });
  await shoot(webUrl);
} finally {
  stack.kill('SIGTERM');
  await stack.catch(() => undefined);
  await rm(report, { force: true });
}

async function shoot(url) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(url, { waitUntil: 'networkidle' });
    const timeline = page.getByRole('heading', { name: 'Timeline' });
    await timeline.evaluate((heading) => heading.scrollIntoView({ block: 'start' }));
    await page.getByText('carrier.test.js (attempt 2)').waitFor();
    await page.screenshot({ path: target });
  } finally {
    await browser.close();
  }
}
