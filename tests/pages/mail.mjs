// What an SMTP server may do to mail, and what people see of it: nothing.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';

import { end, test } from './tests.mjs';
import { freePort, linkOf, mailbox, service } from './world.mjs';

const [tools, work, command] = process.argv.slice(2);
const SIGN_IN = 'https://example.com/login';
/** No answer waits for a server of mail, which is waited for three times as long. In milliseconds. */
const PATIENCE = 10_000;
const SUBJECT = /Set a new password for Example/;

let number = 0;
const database = () => join(work, `mail-${(number += 1)}.db`);
const serve = (smtp, file = database()) => service({ command, database: file, smtp, signIn: SIGN_IN });

/** Asks for a link as a browser does; answers what came back, but for what is never twice the same, and how long it took. */
async function ask(served, email) {
  const page = await fetch(`${served.url}/account/forgot`);
  const cookie = page.headers.get('set-cookie').split(';')[0];
  const visit = /name="visit" value="([^"]+)"/.exec(await page.text())[1];
  const began = performance.now();
  const answer = await fetch(`${served.url}/account/forgot`, {
    method: 'POST', headers: { cookie }, body: new URLSearchParams({ visit, email }), redirect: 'manual',
  });
  const body = await answer.text();
  const took = performance.now() - began;
  const headers = [...answer.headers].filter(([name]) => !['date', 'x-request-id'].includes(name));
  return { took, said: JSON.stringify([answer.status, headers, body]) };
}

/** `mail test`, beside which this process goes on. */
async function tried(to, url) {
  const child = spawn(command, [
    'mail', 'test', '--to', to, '--service-name', 'Example', '--smtp-url', url, '--mail-from', 'no-reply@example.com',
    '--mail-contact', 'help@example.com',
  ], { cwd: work });
  const told = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr']) child[stream].on('data', (data) => { told[stream] += data; });
  const [status] = await once(child, 'close');
  return { status, ...told };
}

/** What `doctor` finds, with these settings in the environment. */
async function doctor(settings) {
  const child = spawn(command, ['--database', database(), '--json', 'doctor'], {
    cwd: work,
    env: {
      ...process.env, RESET_PASSWORD_SERVICE_NAMES: 'Example', RESET_PASSWORD_MAIL_FROM: 'no-reply@example.com',
      RESET_PASSWORD_MAIL_CONTACT: 'help@example.com', ...settings,
    },
  });
  let told = '';
  child.stdout.on('data', (data) => { told += data; });
  await once(child, 'close');
  return JSON.parse(told).data;
}

const untilLogged = async (served, pattern) => {
  const deadline = Date.now() + 60_000;
  while (!served.log.some((line) => pattern.test(line))) {
    if (Date.now() > deadline) throw new Error(`${pattern} is not in the log:\n${served.log.join('\n')}`);
    await new Promise((look) => { setTimeout(look, 100); });
  }
};

await test('a server that is not there delays no answer, and gets the mail once it is', async () => {
  const port = await freePort();
  const served = await serve(['--smtp-url', `smtp://127.0.0.1:${port}`]);
  served.invite('ada@example.com');
  const known = await ask(served, 'ada@example.com');
  const unknown = await ask(served, 'nobody@example.com');
  assert.equal(known.said, unknown.said);
  assert.ok(known.took < PATIENCE, `${known.took} ms`);
  await untilLogged(served, /mail_failed.*there is no connection to it/);
  const box = await mailbox(tools, { port });
  const mail = await box.next('ada@example.com', SUBJECT);
  assert.match(linkOf(mail), /\/account\/reset\?token=/);
  await new Promise((wait) => { setTimeout(wait, 2_000); });
  assert.deepEqual(box.mails, [], 'one mail, and none to nobody');
  await served.stop();
  await box.close();
});

await test('a server that says nothing keeps nobody waiting', async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1');
  await new Promise((listening) => { silent.once('listening', listening); });
  const served = await serve(['--smtp-url', `smtp://127.0.0.1:${silent.address().port}`]);
  const said = new Set();
  for (let n = 0; n < 6; n += 1) {
    served.invite(`user${n}@example.com`);
    const { took, said: answer } = await ask(served, `user${n}@example.com`);
    said.add(answer);
    assert.ok(took < PATIENCE, `${took} ms`);
  }
  assert.equal(said.size, 1);
  await served.stop('SIGKILL');
  silent.close();
});

await test('a recipient that is refused holds up no other, and is in no answer and no log', async () => {
  const refuse = (mail) => {
    if (mail.recipients.includes('refused@example.com')) throw new Error('refused@example.com does not live here');
  };
  const box = await mailbox(tools, { take: refuse });
  const served = await serve(['--smtp-url', box.url]);
  served.invite('refused@example.com');
  served.invite('ada@example.com');
  const refused = await ask(served, 'refused@example.com');
  const taken = await ask(served, 'ada@example.com');
  assert.equal(refused.said, taken.said);
  await box.next('ada@example.com', SUBJECT);
  await untilLogged(served, /mail_failed.*it answered 550/);
  assert.ok(!served.log.join('\n').includes('refused@example.com'));
  await served.stop();
  await box.close();
});

await test('a server that dies after the text gets it again, under the same Message-ID', async () => {
  const ids = [];
  const die = (mail, session) => {
    ids.push(mail.messageId);
    if (ids.length === 1) {
      [...box.server.connections].forEach((connection) => connection._socket.destroy());
      return new Promise(() => {});
    }
    return session;
  };
  const box = await mailbox(tools, { take: die });
  const served = await serve(['--smtp-url', box.url]);
  served.invite('ada@example.com');
  await ask(served, 'ada@example.com');
  await box.next('ada@example.com', SUBJECT);
  assert.equal(ids.length, 2);
  assert.equal(ids[0], ids[1]);
  assert.match(ids[0], /^<message_[0-9A-Z]{26}@example\.com>$/);
  await served.stop();
  await box.close();
});

await test('a service that is killed before it has sent loses no mail, and doubles none that was taken', async () => {
  const port = await freePort();
  const file = database();
  const first = await serve(['--smtp-url', `smtp://127.0.0.1:${port}`], file);
  first.invite('ada@example.com');
  first.invite('grace@example.com');
  await ask(first, 'ada@example.com');
  await first.stop('SIGKILL');
  const box = await mailbox(tools, { port });
  const second = await serve(['--smtp-url', `smtp://127.0.0.1:${port}`], file);
  await ask(second, 'grace@example.com');
  await box.next('grace@example.com', SUBJECT);
  await untilLogged(second, /mail_sent/);
  await second.stop('SIGKILL');
  const third = await serve(['--smtp-url', `smtp://127.0.0.1:${port}`], file);
  await box.next('ada@example.com', SUBJECT);
  await new Promise((wait) => { setTimeout(wait, 2_000); });
  assert.deepEqual(box.mails.map(({ recipients }) => recipients), []);
  await third.stop();
  await box.close();
});

await test('no mail goes out in clear where STARTTLS was taken away, nor to a certificate that nobody vouches for', async () => {
  const key = join(work, 'key.pem');
  const certificate = join(work, 'certificate.pem');
  const made = spawnSync('openssl', [
    'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=mail',
    '-addext', 'basicConstraints=critical,CA:FALSE', '-addext', `subjectAltName=DNS:${hostname()},DNS:localhost`, '-keyout', key, '-out', certificate,
  ]);
  assert.equal(made.status, 0, String(made.stderr));
  const tls = { key: readFileSync(key), cert: readFileSync(certificate) };
  const plain = await mailbox(tools);
  const encrypting = await mailbox(tools, { server: { ...tls, disabledCommands: [] } });
  const wrapped = await mailbox(tools, { server: { ...tls, secure: true } });
  const refusals = [
    [`smtp://${hostname()}:${plain.port}`, /STARTTLS is not supported/],
    [`smtp://${hostname()}:${encrypting.port}`, /certificate/],
    [`smtps://${hostname()}:${wrapped.port}`, /certificate/],
  ];
  for (const [url, reason] of refusals) {
    const served = await serve(['--smtp-url', url]);
    served.invite('ada@example.com');
    await ask(served, 'ada@example.com');
    await untilLogged(served, new RegExp(`mail_failed.*${reason.source}`));
    await served.stop();
  }
  assert.deepEqual([plain, encrypting, wrapped].flatMap(({ mails }) => mails), []);
  for (const [box, scheme] of [[encrypting, 'smtp'], [wrapped, 'smtps']]) {
    const served = await serve(['--smtp-url', `${scheme}://${hostname()}:${box.port}`, '--smtp-ca', certificate]);
    served.invite('ada@example.com');
    await ask(served, 'ada@example.com');
    await box.next('ada@example.com', SUBJECT);
    await served.stop();
  }
  await Promise.all([plain, encrypting, wrapped].map((box) => box.close()));
});

await test('an operator sees whether mail arrives', async () => {
  const box = await mailbox(tools, { take: ({ recipients }) => { if (recipients[0] !== 'me@example.com') throw new Error('no'); } });
  const port = await freePort();
  const absent = await tried('me@example.com', `smtp://127.0.0.1:${port}`);
  assert.equal(absent.status, 3, absent.stderr);
  assert.match(absent.stderr, /did not take the mail: there is no connection to it/);
  const taken = await tried('me@example.com', box.url);
  assert.deepEqual([taken.status, taken.stdout], [0, 'the SMTP server has taken a mail for me@example.com\n'], taken.stderr);
  assert.match((await box.next('me@example.com', /The mail of Example arrives/)).text, /nothing to do/);
  const look = async (url) => {
    const found = await doctor({ RESET_PASSWORD_SMTP_URL: url });
    return found.filter(({ check }) => check === 'mail').map(({ status, message }) => [status, message]);
  };
  assert.deepEqual(await look(`smtp://127.0.0.1:${port}`), [
    ['error', 'the SMTP server (smtp_url) takes no mail: there is no connection to it'],
  ]);
  assert.deepEqual(await look(box.url), [
    ['ok', 'the SMTP server answers and lets the service in; `reset-password mail test` sends a mail'],
  ]);
  assert.deepEqual(box.mails, [], 'to look sends nothing');
  const unfinished = await doctor({ RESET_PASSWORD_SMTP_URL: box.url, RESET_PASSWORD_MAIL_FROM: 'no address' });
  assert.ok(unfinished.some(({ check, status }) => check === 'mail' && status === 'error'), JSON.stringify(unfinished));
  const refused = await tried('you@example.com', box.url);
  assert.equal(refused.status, 3);
  assert.match(refused.stderr, /it answered 550/);
  await box.close();
});

await test('sec81 a mail is text and HTML with one link, in the language of its reader, and nothing else', async () => {
  const box = await mailbox(tools);
  const served = await serve(['--smtp-url', box.url]);
  served.invite('ada@example.com', ['--locale', 'de-AT', '--first-name', '<a href="https://evil.example">x</a>', '--last-name', '{{ 7*7 }}']);
  await ask(served, 'ada@example.com');
  const mail = await box.next('ada@example.com', /Neues Passwort für Example festlegen/);
  const link = linkOf(mail);
  assert.equal(mail.headers.get('auto-submitted'), 'auto-generated');
  assert.equal(mail.from.text, '"Example" <no-reply@example.com>');
  assert.equal(mail.to.value.length, 1);
  assert.deepEqual(mail.attachments, []);
  const addresses = [...mail.html.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, address]) => address);
  assert.deepEqual(addresses.map((address) => address.replaceAll('&#x2f;', '/')), [link]);
  assert.doesNotMatch(mail.html + mail.text, /evil|49|7\*7|<img|<script/);
  assert.equal(new URL(link).origin, served.url);
  // One name of its own, which tells nothing of the machine.
  assert.match(mail.messageId, /^<message_[0-9A-Z]{26}@example\.com>$/);
  assert.ok(!JSON.stringify(mail.headerLines).includes(hostname()), 'the machine is named');
  // Both parts say the same.
  const words = (text) => text.replaceAll(/\s+/g, ' ').trim();
  const said = words(mail.html.replaceAll(/<title>.*<\/title>/g, '').replaceAll(/<a [^>]*>[^<]*<\/a>/g, link)
    .replaceAll(/<[^>]*>/g, ' ').replaceAll('&#x2f;', '/').replaceAll('&#x27;', "'").replaceAll('&quot;', '"'));
  assert.equal(said, words(mail.text));
  await served.stop();
  await box.close();
});

await test('sec79 nothing that anybody says adds a header, a recipient or a command to a mail', async () => {
  const commands = [];
  const box = await mailbox(tools, {
    server: {
      onMailFrom: ({ address }, session, done) => { commands.push(`from ${address}`); done(); },
      onRcptTo: ({ address }, session, done) => { commands.push(`to ${address}`); done(); },
    },
  });
  const served = await serve(['--smtp-url', box.url]);
  const sly = [
    'Ada\r\nBcc: eve@evil.example', 'Ada\nBcc: eve@evil.example', 'Ada\rBcc: eve@evil.example', 'Ada%0d%0aBcc:eve@evil.example',
    '=?utf-8?q?Ada=0D=0ABcc:_eve@evil.example?=', 'Ada\r\n Bcc: eve@evil.example', '.\r\nMAIL FROM:<eve@evil.example>',
    '\r\n.\r\nRCPT TO:<eve@evil.example>', '\n.\nRCPT TO:<eve@evil.example>', '\r\n.\nRCPT TO:<eve@evil.example>',
    '\u2028Bcc: eve@evil.example', 'Ada <eve@evil.example>', 'eve@evil.example, Ada',
  ];
  let asked = 0;
  for (const text of sly) {
    const email = `sly${(asked += 1)}@example.com`;
    // What holds a control character is no name and no language; the rest is kept, and goes into no mail.
    served.tries(['user', 'create', email, '--name', text, '--first-name', text, '--last-name', text]);
    served.tries(['user', 'create', email]);
    assert.notEqual(served.tries(['user', 'create', `x${asked}@example.com`, '--locale', text]).status, 0, text);
    assert.notEqual(served.tries(['user', 'create', `${text}@example.com`]).status, 0, text);
    assert.notEqual(served.tries(['user', 'create', `a@example.com${text}`]).status, 0, text);
  }
  for (let number = 1; number <= 8; number += 1) await ask(served, `sly${number}@example.com`);
  for (let number = 9; number <= asked; number += 1) served.send(`sly${number}@example.com`);
  for (let number = 1; number <= asked; number += 1) {
    const letter = await box.next(`sly${number}@example.com`, SUBJECT);
    assert.deepEqual(letter.recipients, [`sly${number}@example.com`]);
    const names = letter.headerLines.map(({ key }) => key).sort();
    assert.deepEqual(names, [
      'auto-submitted', 'content-type', 'date', 'from', 'message-id', 'mime-version', 'subject', 'to',
    ]);
    assert.doesNotMatch(JSON.stringify([letter.headerLines, letter.text, letter.html]), /evil/);
  }
  const expected = Array.from({ length: asked }, (_, n) => `to sly${n + 1}@example.com`).sort();
  assert.deepEqual(commands.filter((command) => command.startsWith('to')).sort(), expected);
  assert.deepEqual([...new Set(commands.filter((command) => command.startsWith('from')))], ['from no-reply@example.com']);
  await served.stop();
  await box.close();
  // Nor what an operator calls the service.
  const named = spawnSync(command, [
    '--database', database(), 'serve', '--listen', '127.0.0.1:0', '--service-name', 'Example\r\nBcc: eve@evil.example',
    '--smtp-url', 'smtp://127.0.0.1:1', '--mail-from', 'no-reply@example.com', '--mail-contact', 'help@example.com',
  ], { encoding: 'utf8', timeout: 20_000 });
  assert.equal(named.status, 3, named.stderr);
  assert.match(named.stderr, /must be one line/);
});

await test('sec80 no text of a user is in a mail, and what an operator says is text in it', async () => {
  const box = await mailbox(tools);
  const name = 'Example <b>&amp; {{ 7*7 }} {% raw %} https://evil.example';
  const served = await service({ command, database: database(), smtp: ['--smtp-url', box.url], signIn: SIGN_IN, name });
  served.invite('ada@example.com', [
    '--name', 'Click https://evil.example/now', '--first-name', '<a href="https://evil.example">', '--last-name', '{{ url }}',
  ]);
  await ask(served, 'ada@example.com');
  const letter = await box.next('ada@example.com', /./);
  assert.ok(letter.subject.includes(name), letter.subject);
  assert.ok(letter.text.includes(name), letter.text);
  assert.doesNotMatch(letter.text + letter.html, /49|Click|\/now/);
  const addresses = [...letter.html.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, address]) => address.replaceAll('&#x2f;', '/'));
  assert.deepEqual(addresses, [linkOf(letter)]);
  assert.ok(letter.html.includes('&lt;b&gt;'), letter.html);
  await served.stop();
  await box.close();
});

/** Sends a request as it stands, whatever a client would make of it. */
async function raw(served, text) {
  const { hostname: host, port } = new URL(served.url);
  const socket = connect(Number(port), host);
  socket.end(text);
  let answer = '';
  for await (const part of socket.setEncoding('utf8')) answer += part;
  return answer;
}

await test('sec78 the mail is the same for each of fourteen ways to lie about the host', async () => {
  const box = await mailbox(tools);
  const served = await serve(['--smtp-url', box.url]);
  const host = new URL(served.url).host;
  const lies = [
    ['a host', 'POST /account/forgot', 'Host: evil.example'],
    ['a host with a port', 'POST /account/forgot', 'Host: evil.example:443'],
    ['a host behind the true one', 'POST /account/forgot', `Host: ${host}.evil.example`],
    ['a user before the host', 'POST /account/forgot', `Host: ${host}@evil.example`],
    ['two hosts', 'POST /account/forgot', `Host: ${host}\r\nHost: evil.example`],
    ['a folded host', 'POST /account/forgot', `Host: ${host}\r\n evil.example`],
    ['X-Forwarded-Host', 'POST /account/forgot', `Host: ${host}\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: http`],
    ['Forwarded', 'POST /account/forgot', `Host: ${host}\r\nForwarded: host=evil.example;proto=http`],
    ['X-Original-URL', 'POST /account/forgot', `Host: ${host}\r\nX-Original-URL: http://evil.example/\r\nX-Rewrite-URL: /x`],
    ['X-Host and others', 'POST /account/forgot', `Host: ${host}\r\nX-Host: evil.example\r\nX-HTTP-Host-Override: evil.example`],
    ['a referrer', 'POST /account/forgot', `Host: ${host}\r\nReferer: http://evil.example/account/forgot`],
    ['a whole address as the target', 'POST http://evil.example/account/forgot', `Host: ${host}`],
    ['a target with a user', 'POST http://evil.example@x/account/forgot', 'Host: evil.example'],
    ['a host in the query', 'POST /account/forgot?host=evil.example&reset_url=http://evil.example', `Host: ${host}`],
  ];
  const page = await fetch(`${served.url}/account/forgot`);
  const cookie = page.headers.get('set-cookie').split(';')[0];
  const visit = /name="visit" value="([^"]+)"/.exec(await page.text())[1];
  let taken = 0;
  for (const [name, request, headers] of lies) {
    const email = `user${lies.findIndex(([other]) => other === name)}@example.com`;
    served.invite(email);
    const body = `visit=${visit}&email=${encodeURIComponent(email)}`;
    const answer = await raw(served, `${request} HTTP/1.1\r\n${headers}\r\nCookie: ${cookie}\r\nConnection: close\r\n`
      + `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    const status = Number(/^HTTP\/1.1 (\d+)/.exec(answer)?.[1]);
    assert.ok(!answer.includes('evil.example'), `${name}: ${answer}`);
    assert.ok([200, 400, 404, 429].includes(status), `${name}: ${answer}`);
    if (status !== 200) continue;
    taken += 1;
    const letter = await box.next(email, SUBJECT);
    assert.equal(new URL(linkOf(letter)).origin, served.url, name);
    assert.ok(!(letter.text + letter.html).includes('evil'), name);
  }
  assert.ok(taken >= 7, `${taken} were taken`);
  await served.stop();
  await box.close();
});

end();
