// A reset in better-auth's own tables: story.mjs sqlite|postgres|mysql, on the database at STORY_URL.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const modules = createRequire(`${process.env.BETTER_AUTH}/package.json`);
const { UserManagement } = createRequire(`${process.env.RESET_PASSWORD_APP}/package.json`)('reset-password');
const { betterAuth } = await import(modules.resolve('better-auth'));
const migrations = modules.resolve('better-auth').replace(/index\.mjs$/, 'db/get-migration.mjs');
const { getMigrations } = await import(pathToFileURL(migrations));

const OLD = 'a long walk by the sea';
const NEW = 'seven green boats at dusk';
const ELSEWHERE = 'nine red kites over the hill';
const kind = process.argv[2];
const url = process.env.STORY_URL;

/** The database as better-auth takes it, made first where it is on a server; and what removes it. */
async function newDatabase() {
  if (kind === 'sqlite') {
    const { LibsqlDialect } = modules('@libsql/kysely-libsql');
    return { database: { dialect: new LibsqlDialect({ url: `file:${url}` }), type: 'sqlite' }, drop: async () => {} };
  }
  const { hostname: host, port, username: user, password, pathname } = new URL(url);
  const name = pathname.slice(1);
  const server = { host, port: Number(port), user, password };
  if (kind === 'postgres') {
    const { Client, Pool } = modules('pg');
    const run = async (statement) => {
      const client = new Client({ ...server, database: 'postgres' });
      await client.connect();
      await client.query(statement);
      await client.end();
    };
    await run(`CREATE DATABASE "${name}"`);
    const database = new Pool({ ...server, database: name });
    return { database, drop: () => database.end().then(() => run(`DROP DATABASE "${name}" WITH (FORCE)`)) };
  }
  const mysql = modules('mysql2/promise');
  const run = async (statement) => {
    const connection = await mysql.createConnection(server);
    await connection.query(statement);
    await connection.end();
  };
  await run(`CREATE DATABASE \`${name}\` CHARACTER SET utf8mb4`);
  const database = mysql.createPool({ ...server, database: name, timezone: 'Z' });
  return { database, drop: () => database.end().then(() => run(`DROP DATABASE \`${name}\``)) };
}

const { database, drop } = await newDatabase();
const options = {
  database,
  baseURL: 'http://127.0.0.1:1',
  secret: 'a secret of this application, long enough',
  emailAndPassword: { enabled: true },
  telemetry: { enabled: false },
  logger: { disabled: true },
};
await (await getMigrations(options)).runMigrations();
const auth = betterAuth(options);

/** Signs somebody up by better-auth. */
const signUp = (email) => auth.api.signUpEmail({ body: { email, name: 'Somebody', password: OLD } });

/** The cookies of a browser that better-auth logged in; null if it did not. */
async function logIn(email, password) {
  try {
    const answer = await auth.api.signInEmail({ body: { email, password }, asResponse: true });
    if (answer.status !== 200) return null;
    const cookie = answer.headers.getSetCookie().map((one) => one.split(';')[0]).join('; ');
    return new Headers({ cookie });
  } catch {
    return null;
  }
}

const isAlive = async (headers) => (await auth.api.getSession({ headers })) !== null;
const refused = (code, call) => assert.rejects(call, (error) => error.code === code || assert.fail(`${error.code}, not ${code}`));

async function story(users) {
  await signUp('Anna@Example.org');
  await signUp('bob@example.org');
  const [session, bobs] = [await logIn('anna@example.org', OLD), await logIn('bob@example.org', OLD)];
  assert.ok(await isAlive(session));

  const anna = await users.getUserByEmail('ANNA@example.org');
  assert.deepEqual([anna.email, anna.emailVerified], ['anna@example.org', false]);
  const reset = await users.requestPasswordReset({ email: 'Anna@example.org' });
  assert.equal(reset.email, 'anna@example.org');
  assert.equal(await users.requestPasswordReset({ email: 'nobody@example.org' }), null);
  const token = reset.passwordResetToken;
  await refused('password_rejected', () => users.resetPassword({ token, newPassword: 'short' }));
  await users.resetPassword({ token, newPassword: NEW });
  await refused('password_reset_token_not_found', () => users.resetPassword({ token, newPassword: NEW }));

  assert.ok(!(await isAlive(session)) && (await isAlive(bobs)), 'sessions');
  assert.equal(await logIn('anna@example.org', OLD), null);
  const again = await logIn('anna@example.org', NEW);
  const { user } = await auth.api.getSession({ headers: again });
  assert.equal(user.emailVerified, true);
  assert.ok(Math.abs(new Date(user.updatedAt) - Date.now()) < 60_000, String(user.updatedAt));
  const known = await users.authenticateWithPassword({ email: 'anna@example.org', password: NEW });
  assert.equal(known.id, anna.id);
  assert.ok(await isAlive(again), 'a login through the engine ends no session');
  const events = (await users.events()).data.map((event) => event.event);
  assert.deepEqual(events, ['password_reset.created', 'password_reset.succeeded']);

  // What better-auth does between the link and its redemption.
  const bob = await users.createPasswordReset({ email: 'bob@example.org' });
  await auth.api.changePassword({ body: { currentPassword: OLD, newPassword: ELSEWHERE }, headers: bobs });
  await refused('password_reset_token_not_found', () =>
    users.resetPassword({ token: bob.passwordResetToken, newPassword: NEW }));
  assert.ok(await logIn('bob@example.org', ELSEWHERE));
  await refused('user_not_found', () => users.getUserByEmail('\u00e4nna@example.org'));
  await refused('unsupported', () => users.createUser({ email: 'new@example.org' }));
}

/** The guide's own pages: a form, a mail, a page. */
async function pages() {
  Object.assign(process.env, { RESET_PASSWORD_DATABASE: url, RESET_PASSWORD_KEY: KEY });
  const { application } = await import(pathToFileURL(`${process.env.BETTER_AUTH}/app.mjs`));
  const mails = [];
  const { app, users } = await application((reset) => mails.push(reset));
  const server = await new Promise((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
  const site = `http://127.0.0.1:${server.address().port}`;
  const form = (path, fields, cookie = '') =>
    fetch(`${site}${path}`, { method: 'POST', body: new URLSearchParams(fields), headers: { cookie }, redirect: 'manual' });
  try {
    const carol = 'carol@example.org';
    await signUp(carol);
    const session = await logIn(carol, OLD);
    const answers = [];
    for (const email of ['nobody.else@example.org', carol]) {
      const answer = await form('/forgot', { email });
      answers.push([answer.status, await answer.text()]);
    }
    assert.deepEqual(answers[0], answers[1], 'who has an account');
    assert.equal((await form('/forgot', { email: 'no address' })).status, 422);
    await new Promise(setImmediate);
    assert.deepEqual(mails.map((mail) => mail.email), [carol]);

    const link = new URL(mails[0].passwordResetUrl);
    assert.equal(link.origin + link.pathname, 'https://example.com/reset');
    const opened = await fetch(site + link.pathname + link.search, { redirect: 'manual' });
    assert.deepEqual([opened.status, opened.headers.get('location')], [303, '/reset']);
    assert.equal(opened.headers.get('referrer-policy'), 'no-referrer');
    const [set] = opened.headers.getSetCookie();
    assert.match(set, /; HttpOnly; SameSite=Lax$/);
    const cookie = set.split(';')[0];
    const shown = await fetch(`${site}/reset`, { headers: { cookie } });
    assert.equal(shown.status, 200);
    assert.ok(!(await shown.text()).includes(mails[0].passwordResetToken));
    assert.equal((await fetch(`${site}/reset`)).status, 404, 'a page without a link');

    const weak = await form('/reset', { password: 'short' }, cookie);
    assert.equal(weak.status, 422);
    assert.match(await weak.text(), /<li>use at least 15 characters/);
    assert.ok(await isAlive(session));
    assert.equal((await form('/reset', { password: NEW }, cookie)).status, 200);
    assert.equal((await form('/reset', { password: ELSEWHERE }, cookie)).status, 404, 'twice');
    assert.ok(!(await isAlive(session)) && (await logIn(carol, NEW)) && !(await logIn(carol, OLD)));
  } finally {
    server.close();
    await users.close();
  }
}

const KEY = '0123456789abcdef'.repeat(4);
const users = await UserManagement.open(url, {
  key: KEY,
  users: 'better-auth',
  argon2MemoryKib: 19_456,
  argon2Iterations: 2,
});
try {
  await story(users);
  await pages();
} finally {
  await users.close();
  await drop();
}
process.exit();
