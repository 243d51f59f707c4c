// A person's way through the pages, in Chromium; and everything else that opens links.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { end, test } from './tests.mjs';
import { linkOf, mailbox, otherSite, service } from './world.mjs';

const [tools, work, command, executablePath, screenshots] = process.argv.slice(2);
const require = createRequire(join(tools, 'package.json'));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const PASSWORD = 'a long walk by the sea';
const LANGUAGES = ['en', 'de', 'fr', 'es', 'pt-BR', 'it', 'nl', 'pl', 'tr', 'ja', 'zh-Hans', 'ar'];

const mail = await mailbox(tools);
const elsewhere = await otherSite();
const served = await service({
  command, database: join(work, 'app.db'), smtp: ['--smtp-url', mail.url], signIn: `${elsewhere.url}/login`,
});
const at = (path) => `${served.url}/account${path}`;
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });

/** A browser of its own, which notes every request. */
async function visit(options, work) {
  const context = await browser.newContext({ locale: 'en-GB', ...options });
  // A machine that builds beside this takes its time.
  context.setDefaultTimeout(120_000);
  const requests = [];
  context.on('request', (request) => requests.push(request));
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (message) => { if (message.type() === 'error') complaints.push(message.text()); });
  page.on('pageerror', (error) => complaints.push(String(error)));
  try {
    await work(page, { context, requests, complaints });
  } finally {
    await context.close();
  }
}

/** What axe finds wrong, in a world of its own: the page's policy lets no script in. */
async function violations(page) {
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send('Page.getFrameTree');
  const { executionContextId: contextId } = await session.send('Page.createIsolatedWorld', {
    frameId: frameTree.frame.id,
  });
  await session.send('Runtime.evaluate', { expression: axe, contextId });
  const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
    expression: `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => JSON.stringify(
      violations.map(({ id, help, nodes }) => ({ id, help, at: nodes.map(({ target }) => target.join(' ')) }))))`,
    awaitPromise: true,
    contextId,
  });
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  return JSON.parse(result.value);
}

async function shot(page, name) {
  if (!screenshots) return;
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
}

const heading = (page) => page.locator('h1').innerText();

await test('a person asks for a link, follows it, sets a password, is told of it and logs in', async () => {
  const email = 'ada@example.com';
  served.invite(email);
  await visit({}, async (page, { complaints }) => {
    await page.goto(at('/forgot'));
    await shot(page, 'forgot');
    await page.getByLabel('E-mail address').fill(email);
    await page.getByRole('button', { name: 'Send the link' }).click();
    assert.equal(await heading(page), 'Check your e-mail');
    await shot(page, 'sent');
    const link = linkOf(await mail.next(email, /Set a new password for Example/));

    await page.goto(link);
    assert.equal(page.url(), at('/reset'));
    await page.getByLabel('New password').fill('short');
    await page.getByText('It must have at least 15 characters.').waitFor();
    await shot(page, 'reset');
    // Every reason at once, as it is typed.
    await page.getByLabel('New password').fill('ada@example.com');
    await page.getByText('It is too much like your address').waitFor();
    await page.getByLabel('New password', { exact: true }).fill(PASSWORD);
    await page.getByText('This password can be used.').waitFor();
    await page.getByLabel('Show the password').check();
    assert.equal(await page.getByLabel('New password', { exact: true }).getAttribute('type'), 'text');
    await page.getByRole('button', { name: 'Set the password' }).click();
    assert.equal(await heading(page), 'Your password was changed');
    await shot(page, 'done');
    assert.equal(page.url(), at('/done'));
    assert.deepEqual(complaints, []);

    // Nothing that was typed comes back with the page.
    await page.goBack();
    assert.notEqual(await page.locator('input[name=new_password]').inputValue({ timeout: 2_000 }).catch(() => ''), PASSWORD);
    await page.goto(link);
    assert.equal(await heading(page), 'This link cannot be used');
    await shot(page, 'expired');
  });
  assert.ok(served.logsIn(email, PASSWORD));
  const notice = await mail.next(email, /Your password for Example was changed/);
  assert.match(notice.text, /If it was not you/);
  assert.doesNotMatch(notice.text + notice.html, /\/reset\?token=/);

  // Somebody else had the mail: the owner says so.
  const report = linkOf(notice);
  assert.ok(notice.html.includes(report.replaceAll('/', '&#x2f;')) || notice.html.includes(report));
  await visit({}, async (page, { complaints }) => {
    await page.goto(report);
    assert.equal(page.url(), at('/not-me'));
    assert.equal(await heading(page), 'Was this change not yours?');
    await shot(page, 'not-me');
    await page.getByLabel('E-mail address').fill('eve@example.com');
    await page.getByRole('button', { name: 'It was not me' }).click();
    await page.getByText('The message was not sent to this address.').waitFor();
    assert.ok(served.logsIn(email, PASSWORD));
    await page.getByLabel('E-mail address').fill(email);
    await page.getByRole('button', { name: 'It was not me' }).click();
    assert.equal(await heading(page), 'You have reported the change');
    await shot(page, 'reported');
    assert.ok(!served.logsIn(email, PASSWORD));
    assert.deepEqual(complaints.filter((text) => !text.includes('422')), []);

    await page.goto(linkOf(await mail.next(email, /Set a new password for Example/)));
    await page.getByLabel('New password', { exact: true }).fill('seven green boats at dusk');
    await page.getByRole('button', { name: 'Set the password' }).click();
    assert.equal(await heading(page), 'Your password was changed');

    await page.goto(report);
    await page.getByLabel('E-mail address').fill(email);
    await page.getByRole('button', { name: 'It was not me' }).click();
    await page.getByText('The change has been reported already').waitFor();
    await shot(page, 'not-me-again');
  });
  assert.ok(served.logsIn(email, 'seven green boats at dusk'));
  assert.ok(!served.log.join('\n').includes(new URL(report).searchParams.get('token')));
});

await test('an account whose address was changed is locked by its owner, without a script', async () => {
  const email = 'hedy@example.com';
  served.invite(email, ['--first-name', 'Hedy']);
  served.moves(email, 'eve@example.com');
  const notice = await mail.next(email, /The e-mail address of your account at Example was changed/);
  const toEve = await mail.next('eve@example.com', /The e-mail address of your account at Example was changed/);
  assert.doesNotMatch(toEve.text + toEve.html, /not-me/, 'who may be the one who changed it is not asked');
  await visit({ javaScriptEnabled: false }, async (page) => {
    await page.goto(linkOf(notice));
    await page.getByLabel('E-mail address').fill(email);
    await page.getByRole('button', { name: 'It was not me' }).click();
    assert.equal(await heading(page), 'You have reported the change');
    // Whoever changed it asks for a link, and is told what everybody is told.
    await page.goto(at('/forgot'));
    await page.getByLabel('E-mail address').fill('eve@example.com');
    await page.getByRole('button', { name: 'Send the link' }).click();
    assert.equal(await heading(page), 'Check your e-mail');
  });
  served.moves('eve@example.com', email);
  await mail.next('eve@example.com', /was changed/);
  await visit({}, async (page) => {
    await page.goto(at('/forgot'));
    await page.getByLabel('E-mail address').fill(email);
    await page.getByRole('button', { name: 'Send the link' }).click();
  });
  await mail.next(email, /Set a new password for Example/);
  assert.ok(!mail.mails.some(({ recipients, subject }) =>
    recipients.includes('eve@example.com') && /Set a new password/.test(subject)));
});

await test('the same without a script', async () => {
  const email = 'grace@example.com';
  served.invite(email);
  await visit({ javaScriptEnabled: false }, async (page) => {
    await page.goto(at('/forgot'));
    await page.getByLabel('E-mail address').fill(email);
    await page.getByRole('button', { name: 'Send the link' }).click();
    await page.goto(linkOf(await mail.next(email, /Set a new password/)));
    assert.equal(await page.getByLabel('Show the password').isVisible(), false);
    await page.getByLabel('New password').fill('short');
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByText('It must have at least 15 characters.').waitFor();
    await page.getByLabel('New password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Set the password' }).click();
    assert.equal(await heading(page), 'Your password was changed');
  });
  assert.ok(served.logsIn(email, PASSWORD));
});

await test('the same by keyboard alone', async () => {
  const email = 'edsger@example.com';
  const link = served.invite(email);
  await visit({}, async (page) => {
    const to = async (name) => {
      for (let pressed = 0; pressed < 8; pressed += 1) {
        await page.keyboard.press('Tab');
        if (await page.evaluate(() => document.activeElement.name || document.activeElement.type) === name) return;
      }
      throw new Error(`Tab does not lead to ${name}`);
    };
    await page.goto(link);
    await to('new_password');
    await page.keyboard.type(PASSWORD);
    await to('checkbox');
    await page.keyboard.press('Space');
    assert.equal(await page.locator('#password').getAttribute('type'), 'text');
    await to('submit');
    await page.keyboard.press('Enter');
    await page.waitForURL(at('/done'));
  });
  assert.ok(served.logsIn(email, PASSWORD));
});

await test('axe finds nothing wrong with any page in any language, by day and by night', async () => {
  const link = served.invite('alan@example.com');
  const cut = at('/reset?token=abc');
  // Colours are the same in every language.
  for (const [colorScheme, languages] of [['light', LANGUAGES], ['dark', ['de', 'ar']]]) {
    await visit({ colorScheme }, async (page) => {
      for (const language of languages) {
        await page.context().clearCookies();
        await page.goto(`${link}&lang=${language}`);
        await page.locator('#password').fill('x');
        await page.locator('#reasons li').first().waitFor();
        const found = [['reset', await violations(page)]];
        for (const [name, url] of [
          ['forgot', at('/forgot')], ['done', at('/done')], ['expired', at('/expired')],
          ['incomplete', cut], ['missing', at('/static/nothing')],
          ['unreported', at('/not-me')], ['report', at('/not-me?token=x')], ['reported', at('/reported')],
        ]) {
          await page.goto(`${url}${url.includes('?') ? '&' : '?'}lang=${language}`);
          assert.equal(await page.locator('html').getAttribute('lang'), language);
          found.push([name, await violations(page)]);
          if (name === 'forgot' && colorScheme === 'dark' && language === 'de') await shot(page, 'forgot-dark');
          if (name === 'incomplete' && colorScheme === 'light' && language === 'en') await shot(page, 'incomplete');
        }
        for (const [name, wrong] of found) assert.deepEqual(wrong, [], `${name} in ${language}, ${colorScheme}`);
      }
    });
  }
});

await test('a narrow screen shows every page whole, and Arabic is written from the right', async () => {
  const link = served.invite('radia@example.com');
  await visit({ viewport: { width: 320, height: 640 } }, async (page) => {
    for (const language of LANGUAGES) {
      for (const url of [`${link}&lang=${language}`, at(`/forgot?lang=${language}`), at(`/expired?lang=${language}`),
        at(`/not-me?token=x&lang=${language}`), at(`/reported?lang=${language}`)]) {
        await page.goto(url);
        const { wide, direction, align } = await page.evaluate(() => ({
          wide: document.documentElement.scrollWidth,
          direction: getComputedStyle(document.body).direction,
          align: document.querySelector('h1').getBoundingClientRect().right,
        }));
        assert.ok(wide <= 320, `${url} is ${wide} wide`);
        assert.equal(direction, language === 'ar' ? 'rtl' : 'ltr');
        assert.ok(align <= 320);
      }
      if (language === 'ar') await shot(page, 'expired-narrow-ar');
    }
  });
});

await test('sec65 the token is in no address, referrer, history entry, cache or log once its link was answered', async () => {
  const link = served.invite('barbara@example.com');
  const token = new URL(link).searchParams.get('token');
  await visit({}, async (page, { context, requests }) => {
    await page.goto(at('/forgot'));
    await page.goto(link);
    await page.locator('#password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.waitForURL(at('/done'));
    const told = await page.evaluate(() => JSON.stringify([
      location.href, document.referrer, performance.getEntries().map(({ name }) => name),
      Object.entries(localStorage), Object.entries(sessionStorage), document.cookie,
    ]));
    assert.ok(!told.includes(token), told);
    const session = await context.newCDPSession(page);
    const { entries } = await session.send('Page.getNavigationHistory');
    assert.ok(entries.every(({ url }) => !url.includes(token)), JSON.stringify(entries));
    elsewhere.requests.length = 0;
    await page.getByRole('link', { name: 'Go to the login' }).click();
    await page.waitForURL(`${elsewhere.url}/login`);
    assert.equal(elsewhere.requests[0].url, '/login');
    assert.equal(elsewhere.requests[0].headers.referer, undefined);
    const holding = requests.filter((request) => request.url().includes(token));
    assert.equal(holding.length, 1, 'only the link itself');
    assert.ok(requests.every((request) => [served.url, elsewhere.url].includes(new URL(request.url()).origin)));
  });
  assert.ok(!served.log.join('\n').includes(token));
});

await test('scanners that look, run scripts and click nothing take nothing', async () => {
  const link = served.invite('frances@example.com');
  for (const method of ['GET', 'HEAD', 'OPTIONS', 'GET', 'HEAD']) {
    const headers = { 'Sec-Purpose': 'prefetch', Purpose: 'prefetch' };
    await fetch(link, { method, headers, redirect: 'follow' });
  }
  for (let looks = 0; looks < 3; looks += 1) {
    await visit({}, async (page) => {
      await page.goto(link);
      await page.waitForTimeout(300);
    });
  }
  // Some press every button.
  await visit({}, async (page) => {
    await page.goto(link);
    await page.evaluate(() => document.querySelectorAll('button').forEach((button) => button.click()));
    await page.waitForTimeout(200);
  });
  assert.ok(served.usable(link));
});

await test('sec72 a form on another site sets nothing and sends nothing', async () => {
  const link = served.invite('margaret@example.com');
  await visit({}, async (page) => {
    await page.goto(link);
    for (const [action, field, value] of [
      ['/reset', 'new_password', PASSWORD], ['/forgot', 'email', 'margaret@example.com'],
    ]) {
      elsewhere.show(`<!doctype html><form method="post" action="${at(action)}">
        <input name="${field}" value="${value}"></form><script>document.forms[0].submit()</script>`);
      const answered = page.waitForResponse((response) => response.url() === at(action));
      await page.goto(elsewhere.url).catch(() => {});
      assert.equal((await answered).status(), 403);
    }
  });
  assert.ok(served.usable(link));
  assert.ok(served.log.some((line) => line.includes('"csrf"')));
});

await test('sec66 a page is in no frame, and nothing inline runs in it', async () => {
  await visit({}, async (page) => {
    elsewhere.show(`<!doctype html><iframe src="${at('/forgot')}"></iframe>`);
    await page.goto(elsewhere.url);
    await page.waitForTimeout(500);
    for (const frame of page.frames().slice(1)) {
      assert.equal(await frame.locator('form').count().catch(() => 0), 0);
    }
    await page.goto(at('/forgot'));
    const ran = await page.evaluate(() => {
      const script = document.createElement('script');
      try {
        script.textContent = 'window.ran = true';
        document.body.append(script);
      } catch {
        // Trusted types refuse it before it is there.
      }
      return window.ran === true;
    });
    assert.equal(ran, false);
  });
});

await test('sec71 sec77 no page asks anybody else for anything, and a browser keeps nothing of it', async () => {
  const left = served.invite('ida@example.com');
  const taken = served.invite('lise@example.com');
  await visit({}, async (page, { context, requests }) => {
    const residue = () => page.evaluate(async () => ({
      local: localStorage.length,
      session: sessionStorage.length,
      databases: (await indexedDB.databases()).length,
      caches: 'caches' in window ? (await caches.keys()).length : 0,
      workers: 'serviceWorker' in navigator ? (await navigator.serviceWorker.getRegistrations()).length : 0,
      readable: document.cookie,
      typed: [...document.querySelectorAll('input:not([type=hidden])')].map(({ value }) => value).join(''),
    }));
    const nothing = { local: 0, session: 0, databases: 0, caches: 0, workers: 0, readable: '', typed: '' };
    // Left in the middle, and come back to.
    await page.goto(left);
    await page.locator('#password').fill(PASSWORD);
    await page.goto(at('/forgot'));
    assert.deepEqual(await residue(), nothing);
    await page.goBack();
    assert.equal((await residue()).typed.includes(PASSWORD), false, 'what was typed came back');
    // Done to the end.
    await page.goto(taken);
    await page.locator('#password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.waitForURL(at('/done'));
    assert.deepEqual(await residue(), nothing);
    assert.deepEqual((await context.cookies()).map(({ name }) => name), [], 'the cookie ends with it');
    await page.goBack();
    assert.equal((await residue()).typed.includes(PASSWORD), false, 'what was typed came back');
    for (const path of ['/expired', '/not-me', '/reported', '/not-me?token=x', '/reset?token=x', '/nothing']) {
      await page.goto(at(path));
      assert.deepEqual(await residue(), nothing, path);
    }
    const elsewhere = requests.map((request) => new URL(request.url())).filter(({ origin }) => origin !== served.url);
    assert.deepEqual(elsewhere, [], 'nothing comes from elsewhere');
  });
});

await test('sec37 a reset logs nobody in, and says nothing of who somebody is', async () => {
  const email = 'emmy@example.com';
  const link = served.invite(email, ['--first-name', 'Emmy', '--last-name', 'Noether']);
  await visit({ javaScriptEnabled: false }, async (page, { context }) => {
    const seen = [];
    page.on('response', async (response) => seen.push(`${JSON.stringify(response.headers())} ${await response.text().catch(() => '')}`));
    await page.goto(link);
    await page.getByLabel('New password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Set the password' }).click();
    assert.equal(await heading(page), 'Your password was changed');
    assert.deepEqual(await context.cookies(), []);
    assert.ok(seen.length >= 4, `${seen.length} answers`);
    for (const answer of seen) {
      assert.doesNotMatch(answer, /emmy|noether|user_0/i);
      const cookies = /"set-cookie":"([^"]*)"/.exec(answer);
      if (cookies) assert.match(cookies[1], /^reset_password=[^;]*; Path=\/account; Max-Age=/);
    }
  });
});

await test('sec67 no page that is left or opened from a link of ours says where its reader came from', async () => {
  const link = served.invite('hypatia@example.com');
  elsewhere.show(`<!doctype html><a href="${link}">the link of a mail that is read on a page</a>`);
  await visit({}, async (page, { requests }) => {
    await page.goto(elsewhere.url);
    await page.locator('a').click();
    await page.waitForURL(at('/reset'));
    await page.locator('#password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.waitForURL(at('/done'));
    elsewhere.requests.length = 0;
    await page.getByRole('link', { name: 'Go to the login' }).click();
    await page.waitForURL(`${elsewhere.url}/login`);
    const said = await page.evaluate(() => document.referrer);
    assert.equal(said, '');
    const led = elsewhere.requests.filter(({ url }) => url === '/login');
    assert.deepEqual(led.map(({ headers }) => headers.referer), [undefined]);
    const ours = requests.filter((request) => new URL(request.url()).origin === served.url).slice(1);
    for (const request of ours) {
      const { referer } = await request.allHeaders();
      // Where the link was clicked, until the answer to it says that nothing is to be told.
      assert.ok(!referer || referer === `${elsewhere.url}/`, `${request.url()} from ${referer}`);
    }
  });
});

/** 200 texts that become markup, a script or an object where somebody forgets that they are text. */
function payloads() {
  const runs = "window.ran=1";
  const markup = [
    `<script>${runs}</script>`, `</title><script>${runs}</script>`, `<img src=x onerror="${runs}">`,
    `<svg onload="${runs}">`, `<svg><script>${runs}</script></svg>`, `<body onload="${runs}">`,
    `<iframe srcdoc="<script>parent.ran=1</script>">`, `<a href="javascript:${runs}">x</a>`,
    `<form action="javascript:${runs}"><input type=submit>`, `<input autofocus onfocus="${runs}">`,
    `<details open ontoggle="${runs}">`, `<video><source onerror="${runs}"></video>`, `<base href="//evil.example/">`,
    `<meta http-equiv="refresh" content="0;url=//evil.example">`, `<link rel=stylesheet href="//evil.example/x.css">`,
    `<style>@import "//evil.example"</style>`, `<object data="javascript:${runs}">`, `<embed src="javascript:${runs}">`,
    `<math href="javascript:${runs}">x</math>`, `<marquee onstart="${runs}">`, `<template><script>${runs}</script></template>`,
    `<noscript><p title="</noscript><img src=x onerror=${runs}>">`, `<form id="location"><input name="href">`,
    `<img name="body">`, `<a id="document">`,
  ];
  const around = [(x) => x, (x) => `">${x}`, (x) => `'>${x}`, (x) => `-->${x}`, (x) => `</textarea>${x}`];
  const others = [
    'javascript:window.ran=1', '{{ 7*7 }}', '{% include "base.html" %}', '{{ self }}', '{{ t("forgot-title") }}',
    '${7*7}', '#{7*7}', '<%= 7*7 %>', '__proto__', 'constructor[prototype][ran]=1', '{"__proto__":{"ran":1}}',
    '\u2028window.ran=1', "';window.ran=1;//", '";window.ran=1;//', '`${window.ran=1}`', '&lt;script&gt;', '&#x3c;script&#x3e;',
    '\u202Etxt.exe', 'data:text/html,<script>window.ran=1</script>', 'vbscript:x', ' onmouseover=window.ran=1 ',
    '" autofocus onfocus="window.ran=1', "' autofocus onfocus='window.ran=1", '\\"><script>window.ran=1</script>',
    '+ADw-script+AD4-window.ran=1+ADw-/script+AD4-',
  ];
  const all = markup.flatMap((text) => around.map((wrap) => wrap(text))).concat(others, others.map((text) => `"${text}`),
    others.map((text) => `>${text}`));
  assert.equal(all.length, 200);
  return all;
}

await test('sec75 two hundred texts that could be markup are text, wherever they are shown or typed', async () => {
  const all = payloads();
  const named = await service({
    command, database: join(work, 'named.db'), smtp: ['--smtp-url', mail.url], signIn: `${elsewhere.url}/login`,
    name: all.join(' ').replaceAll('\u2028', ' '),
  });
  const link = named.invite('mary@example.com');
  const token = new URL(link).searchParams.get('token');
  const shape = (page) => page.evaluate(() => ({
    ran: window.ran ?? {}.ran ?? null,
    elements: [...document.querySelectorAll('*')].map(({ tagName }) => tagName).join(' '),
    handlers: [...document.querySelectorAll('*')].some((element) => element.getAttributeNames().some((name) => name.startsWith('on'))),
    scripts: [...document.scripts].map(({ src }) => new URL(src).pathname.split('/').slice(0, 3).join('/')),
  }));
  const shapes = {};
  await visit({}, async (page) => {
    for (const path of ['/forgot', '/not-me', '/reported', '/done']) {
      await page.goto(at(path));
      shapes[path] = (await shape(page)).elements;
    }
  });
  await visit({}, async (page, { requests }) => {
    page.on('dialog', () => assert.fail('a dialog'));
    for (const path of ['/forgot', '/not-me', '/reported', '/done']) {
      await page.goto(`${named.url}/account${path}`);
      const seen = await shape(page);
      assert.equal(seen.ran, null, path);
      assert.equal(seen.elements, shapes[path], `${path}: the service's name is text`);
      assert.ok(!seen.handlers, path);
    }
    for (const [number, payload] of all.entries()) {
      const encoded = encodeURIComponent(payload);
      for (const target of [
        `/forgot?lang=${encoded}&${encoded}=${encoded}#${encoded}`,
        [`/reset?token=${encoded}`, `/not-me?token=${encoded}`, `/${encoded}`][number % 3],
      ]) {
        await page.goto(`${named.url}/account${target}`);
        const seen = await shape(page);
        assert.equal(seen.ran, null, target);
        assert.ok(!seen.handlers, target);
        assert.ok(seen.scripts.every((script) => script === '/account/static'), `${target}: ${seen.scripts}`);
      }
    }
    // What is typed, and comes back or is looked at while it is typed.
    await page.goto(`${named.url}/account/reset?token=${token}`);
    const plain = (await shape(page)).elements.replaceAll(/ (?:P|UL|LI)(?= |$)/g, '');
    for (const payload of all.filter((text) => !text.includes('\u2028'))) {
      await page.locator('#password').fill(payload);
    }
    await page.waitForTimeout(500);
    const seen = await shape(page);
    assert.equal(seen.ran, null);
    assert.equal(seen.elements.replaceAll(/ (?:P|UL|LI)(?= |$)/g, ''), plain);
    assert.ok(requests.every((request) => new URL(request.url()).origin === named.url));
  });
  // A mail's reader runs no script; its markup is what was meant all the same.
  named.send('mary@example.com');
  const letter = await mail.next('mary@example.com', /./);
  assert.doesNotMatch(letter.html, /<(?:script|img|svg|iframe|base|form|style|object|embed)/i);
  assert.match(letter.html, /&lt;script&gt;/);
  await named.stop();
});

const working = await service({
  command, database: join(work, 'working.db'), smtp: ['--smtp-url', mail.url], signIn: `${elsewhere.url}/login`,
  more: ['--pages-proof-of-work', '50000'],
});
const ask = `${working.url}/account/forgot`;

await test('a browser does its work for a link, for whoever asks', async () => {
  working.invite('karen@example.com');
  for (const email of ['karen@example.com', 'nobody@example.com', 'nobody@b\u00fccher.example']) {
    await visit({}, async (page, { complaints }) => {
      const said = [];
      page.on('console', (message) => said.push(message.text()));
      await page.goto(ask);
      assert.equal(await page.getByText('This form needs JavaScript').isVisible(), false);
      await page.evaluate(() => {
        const working = document.getElementById('working');
        new MutationObserver(() => console.info(working.textContent)).observe(working, { childList: true });
      });
      await page.getByLabel('E-mail address').fill(email);
      const began = performance.now();
      await page.keyboard.press('Enter');
      await page.getByText('If there is an account').waitFor();
      console.log(`       the work took ${((performance.now() - began) / 1000).toFixed(1)} s`);
      assert.match(said.join(), /^One moment\./);
      assert.deepEqual(complaints, []);
    });
  }
  await mail.next('karen@example.com', /Set a new password/);

  // The button is pressed, and then the address is corrected.
  working.invite('annie@example.com');
  await visit({}, async (page) => {
    await page.goto(ask);
    await page.evaluate(() => {
      const email = document.getElementById('email');
      email.value = 'anie@example.com';
      email.form.requestSubmit();
      email.value = 'annie@example.com';
    });
    await page.getByText('If there is an account').waitFor();
  });
  await mail.next('annie@example.com', /Set a new password/);
  // And once more from the page that is come back to, in another language.
  working.invite('joan@example.com');
  await visit({}, async (page) => {
    await page.goto(`${ask}?lang=de`);
    await page.getByLabel('E-Mail-Adresse').fill('nobody@example.com');
    await page.getByRole('button', { name: 'Link senden' }).click();
    await page.getByText('Wenn es ein Konto mit dieser Adresse gibt').waitFor();
    await page.goBack();
    await page.getByLabel('E-Mail-Adresse').fill('joan@example.com');
    await page.getByRole('button', { name: 'Link senden' }).click();
    await page.getByText('Wenn es ein Konto mit dieser Adresse gibt').waitFor();
  });
  await mail.next('joan@example.com', /Set a new password/);
});

await test('without a script a person is told what to do, and nothing is asked for', async () => {
  working.invite('mavis@example.com');
  const made = () => {
    const { data } = working.tries(['events', '--limit', '100']).answer;
    return data.filter(({ event }) => event === 'password_reset.created').length;
  };
  const before = made();
  await visit({ javaScriptEnabled: false, viewport: { width: 320, height: 640 } }, async (page) => {
    await page.goto(ask);
    await page.getByText('This form needs JavaScript').waitFor();
    await shot(page, 'forgot-without-script');
    await page.getByLabel('E-mail address').fill('mavis@example.com');
    await page.getByRole('button', { name: 'Send the link' }).click();
    await page.getByText('was missing or too old').waitFor();
    assert.equal(await page.getByText('This form needs JavaScript').isVisible(), true);
  });
  // With the work that was not done, in every language.
  await visit({ colorScheme: 'dark' }, async (page) => {
    for (const language of LANGUAGES) {
      await page.goto(`${ask}?lang=${language}`);
      await page.locator('#email').fill('mavis@example.com');
      await page.evaluate(() => document.forms[0].submit());
      await page.locator('[role=alert]').waitFor();
      assert.deepEqual(await violations(page), [], language);
    }
  });
  assert.ok(before > 0);
  assert.equal(made(), before);
});
await working.stop();

await browser.close();
await served.stop();
await mail.close();
elsewhere.close();
end();
