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

const users = await UserManagement.open(url, {
  key: '0123456789abcdef'.repeat(4),
  users: 'better-auth',
  argon2MemoryKib: 19_456,
  argon2Iterations: 2,
});
try {
  await story(users);
} finally {
  await users.close();
  await drop();
}
process.exit();
