// The documentation site, as its readers see it.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';

import { end, test } from '../pages/tests.mjs';

const [tools, site, root, executablePath, screenshots] = process.argv.slice(2);
const require = createRequire(join(tools, 'package.json'));
const { chromium } = require('playwright-core');
const axe = require.resolve('axe-core/axe.min.js');

const TYPES = {
  '.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript', '.json': 'application/json', '.svg': 'image/svg+xml',
};
const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://site');
  const file = join(site, pathname, pathname.endsWith('/') ? 'index.html' : '');
  if (!existsSync(file) || statSync(file).isDirectory()) {
    response.writeHead(404).end();
    return;
  }
  response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream');
  response.end(readFileSync(file));
});
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const origin = `http://127.0.0.1:${server.address().port}`;
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });

const pages = readdirSync(site, { recursive: true })
  .filter((file) => file.endsWith('index.html'))
  .map((file) => `/${file.slice(0, -'index.html'.length)}`);
const errors = readFileSync(join(root, 'docs/reference/errors.md'), 'utf8');
const codes = [...errors.split('<!-- codes:begin -->')[1].split('<!-- codes:end -->')[0].matchAll(/^\| `(\w+)` \|/gm)]
  .map(([, code]) => code);
const reference = readFileSync(join(root, 'docs/reference/reset-password.md'), 'utf8').split('\n---\n')[1];
const operations = [...reference.matchAll(/^## ([a-z_]+)$/gm)].map(([, operation]) => operation);
const SHOWN = ['/', '/reference/reset-password/', '/reference/operations/reset_password/', '/reference/errors/', '/errors/password_reset_token_not_found/',
  '/guides/databases/', '/adr/', '/changelog/'];

async function visit(options, look) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(30_000);
  try {
    await look(await context.newPage());
  } finally {
    await context.close();
  }
}

const chosen = (page) => page.evaluate(() => {
  const input = document.querySelector('.tabbed-set input:checked');
  return document.querySelector(`label[for="${input.id}"]`).textContent.trim();
});

// One way through all pages, on a narrow screen.
const ids = new Map();
const links = [];
const wide = [];
await visit({ javaScriptEnabled: false, viewport: { width: 320, height: 640 } }, async (page) => {
  for (const path of pages) {
    await page.goto(origin + path, { waitUntil: 'load' });
    const found = await page.evaluate(() => ({
      ids: [...document.querySelectorAll('[id], a[name]')].map((each) => each.id || each.name),
      links: [...document.querySelectorAll('a[href], img[src]')].map((each) => each.href ?? each.src),
      width: document.documentElement.scrollWidth,
    }));
    ids.set(path, new Set(found.ids));
    links.push(...found.links.map((link) => [path, link]));
    if (found.width > 320) wide.push(`${path}: ${found.width}`);
  }
});

await test('every link, anchor and picture leads somewhere', async () => {
  assert.ok(pages.length > 100, `${pages.length} pages`);
  const broken = links.filter(([, link]) => {
    const url = new URL(link);
    if (url.origin !== origin) return !/^(https?|mailto|data):$/.test(url.protocol);
    const anchor = decodeURIComponent(url.hash.slice(1));
    if (!ids.has(url.pathname)) return !existsSync(join(site, url.pathname)) || url.pathname.endsWith('/');
    return anchor !== '' && !ids.get(url.pathname).has(anchor);
  }).map(([path, link]) => `${path}: ${link}`);
  assert.deepEqual([...new Set(broken)], []);
});

await test('no page is wider than a screen of 320 pixels', async () => {
  assert.deepEqual(wide, []);
});

await test('every error code has a page that says what it means, and the list leads there', async () => {
  assert.ok(codes.length >= 27);
  await visit({}, async (page) => {
    await page.goto(`${origin}/reference/errors/`);
    const listed = await page.evaluate(() => [...document.querySelectorAll('td a[href]')].map((each) => each.href));
    for (const code of codes) {
      const response = await page.goto(`${origin}/errors/${code}/`);
      assert.equal(response.status(), 200, code);
      const text = await page.locator('article').innerText();
      for (const said of ['HTTP status: ', 'Trying again helps: ', 'What it means, and what to do', 'Python', 'Rust']) {
        assert.ok(text.includes(said), `${code}: ${said}`);
      }
      assert.ok(listed.includes(`${origin}/errors/${code}/`), `${code} is in the list`);
    }
  });
});

await test('the start page has the one call in eleven tabs, and the choice of a tab lasts', async () => {
  await visit({}, async (page) => {
    await page.goto(origin);
    const labels = await page.locator('.tabbed-set').first().locator('.tabbed-labels label').allInnerTexts();
    assert.deepEqual(labels, ['curl', 'JavaScript', 'Go', 'Python', 'PHP', 'Ruby', 'Java', 'Kotlin', 'C', 'Rust',
      'Command line']);
    assert.equal(await chosen(page), 'curl');
    await page.locator('.tabbed-labels label', { hasText: 'Ruby' }).first().click();
    assert.equal(await chosen(page), 'Ruby');
    await page.goto(`${origin}/reference/operations/reset_password/`);
    await page.waitForFunction(() => {
      const input = document.querySelector('.tabbed-set input:checked');
      return document.querySelector(`label[for="${input.id}"]`).textContent.trim() === 'Ruby';
    }, null, { timeout: 5_000 });
  });
});

await test('the search finds each operation and each error code', async () => {
  await visit({}, async (page) => {
    await page.goto(origin);
    await page.keyboard.press('/');
    const field = page.locator('input[placeholder], [role=combobox]').and(page.locator(':visible')).first();
    const missing = [];
    for (const [word, place] of [...operations.map((each) => [each, `/reference/operations/${each}/`]),
      ...codes.map((each) => [each, `/errors/${each}/`])]) {
      await field.fill(word);
      const found = await page.waitForFunction((wanted) => {
        const within = (top) => [...top.querySelectorAll('*')].flatMap((each) => [
          ...(each.matches('a[href]') && !each.closest('nav, article') ? [each.href] : []),
          ...(each.shadowRoot ? within(each.shadowRoot) : [])]);
        return within(document).some((href) => href.includes('?h=') && href.replace(/[?#].*/, '') === wanted);
      }, origin + place, { timeout: 3_000 }).catch(() => null);
      if (!found) missing.push(word);
    }
    assert.deepEqual(missing, []);
  });
});

await test('nothing is loaded from elsewhere', async () => {
  await visit({}, async (page) => {
    const elsewhere = [];
    page.on('request', (request) => {
      if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(origin)) elsewhere.push(request.url());
    });
    for (const path of SHOWN) await page.goto(origin + path, { waitUntil: 'networkidle' });
    assert.deepEqual(elsewhere, []);
  });
});

await test('it can be read without scripts, and another tab be chosen', async () => {
  await visit({ javaScriptEnabled: false }, async (page) => {
    await page.goto(origin);
    assert.ok(await page.getByRole('heading', { level: 1 }).isVisible());
    await page.locator('.tabbed-labels label', { hasText: 'Go' }).first().click();
    const shown = await page.locator('.tabbed-block').locator('visible=true').allInnerTexts();
    assert.ok(shown.some((text) => text.includes('usermanagement.ResetPassword(')), shown.join());
  });
});

for (const colorScheme of ['light', 'dark']) {
  await test(`axe finds nothing: ${colorScheme}`, async () => {
    await visit({ colorScheme }, async (page) => {
      const found = [];
      for (const path of SHOWN) {
        await page.goto(origin + path);
        await page.addScriptTag({ path: axe });
        const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ['violations'] }));
        found.push(...violations.map(({ id, nodes }) => `${path}: ${id}: ${nodes.slice(0, 3).map(({ target }) => target)}`));
        const dark = await page.evaluate(() => document.body.dataset.mdColorScheme);
        assert.equal(dark, colorScheme === 'dark' ? 'slate' : 'default');
      }
      assert.deepEqual(found, []);
    });
  });
}

if (screenshots) {
  mkdirSync(screenshots, { recursive: true });
  for (const [name, options] of [['light', {}], ['dark', { colorScheme: 'dark' }],
    ['narrow', { viewport: { width: 320, height: 640 } }]]) {
    await visit(options, async (page) => {
      for (const path of SHOWN) {
        await page.goto(origin + path);
        await page.screenshot({ path: join(screenshots, `${name}${path.replaceAll('/', '-')}.png`) });
      }
    });
  }
}

await browser.close();
server.close();
end();
