// What the package does to the process that it is in.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

import { EMAIL, NEW_PASSWORD, PASSWORD, open, openWithUser, path, token } from './database.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Runs a module in a process of its own. */
function run(source, options = [], variables = {}) {
  const program = `import { UserManagement } from 'reset-password';
    import { CHEAP, EMAIL, PASSWORD } from './database.mjs';
    ${source}`;
  const node = [...options, '--input-type=module', '--eval', program];
  const env = { ...process.env, ...variables };
  return spawnSync(process.execPath, node, { cwd: here, env, encoding: 'utf8', timeout: 60_000 });
}

/** Ends well, without a word on standard error. */
function clean({ status, signal, stderr, stdout }) {
  assert.deepEqual({ status, signal, stderr }, { status: 0, signal: null, stderr: '' });
  return stdout;
}

test('the event loop turns while passwords are hashed', async () => {
  const userManagement = await open(':memory:', { argon2MemoryKib: 65_536, argon2Iterations: 3 });
  let hashing = true;
  let turns = 0;
  const turn = () => {
    turns += 1;
    if (hashing) setImmediate(turn);
  };
  setImmediate(turn);
  await userManagement.createUser({ email: EMAIL, password: PASSWORD });
  hashing = false;
  assert.ok(turns > 50, `${turns} turns`);
});

test("libuv's pool is not held", () => {
  const stdout = clean(run(`
    const { stat } = await import('node:fs/promises');
    const users = await UserManagement.open(':memory:', CHEAP);
    const order = [];
    const hashes = Array.from({ length: 6 }, (_, n) =>
      users.createUser({ email: n + EMAIL, password: PASSWORD }).then(() => order.push('hash')));
    await stat('.').then(() => order.push('file'));
    await Promise.all(hashes);
    console.log(order[0], order.length);
  `, [], { UV_THREADPOOL_SIZE: '1' }));
  assert.equal(stdout, 'file 7\n');
});

test('an open handle does not keep the process alive, a pending call does, and closing waits for it', () => {
  clean(run(`await UserManagement.open(':memory:', CHEAP);`));
  const stdout = clean(run(`
    const users = await UserManagement.open(':memory:', CHEAP);
    users.createUser({ email: EMAIL, password: PASSWORD }).then(() => console.log('made'));
    users.close().then(() => console.log('closed'));
  `));
  assert.equal(stdout, 'made\nclosed\n');
});

test('a failure is rejected once, and nothing else is', () => {
  clean(run(`
    const users = await UserManagement.open(':memory:', CHEAP);
    const calls = [users.getUser('user_x'), users.getUser(1), users.resetPassword({ a: 1 }),
      users.close(), UserManagement.open(), UserManagement.open('nope://')];
    await Promise.allSettled(calls);
    await new Promise(setImmediate);
  `, ['--unhandled-rejections=strict']));
  const lost = run(`(await UserManagement.open(':memory:', CHEAP)).getUser('user_x');`);
  assert.equal(lost.status, 1);
  assert.match(lost.stderr, /UserNotFoundError: there is no such user/);
});

test('leaving with calls pending does no harm', () => {
  for (const leave of ['process.exit(0)', 'setImmediate(() => process.exit(0))']) {
    clean(run(`
      const users = await UserManagement.open(':memory:', CHEAP);
      for (let n = 0; n < 20; n += 1) users.createUser({ email: n + EMAIL, password: PASSWORD });
      users.close();
      UserManagement.open(':memory:');
      ${leave};
    `));
  }
});

const WORKER = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { UserManagement } = require('reset-password');
  const { url, options, token, newPassword } = workerData;
  UserManagement.open(url, options).then(async (users) => {
    if (token === undefined) {
      for (;;) {
        const calls = Array.from({ length: 20 }, () => users.getUser('user_x').catch(() => {}));
        calls.push(users.createUser({ email: 'x@example.com', password: newPassword }).catch(() => {}));
        parentPort.postMessage('busy');
        await Promise.all(calls);
      }
    }
    const outcome = await users.resetPassword({ token, newPassword }).then(() => 'won', (e) => e.code);
    parentPort.postMessage(outcome);
  });
`;

function work(url, more) {
  const workerData = { url, options: { argon2MemoryKib: 19_456, argon2Iterations: 2 }, ...more };
  const worker = new Worker(WORKER, { eval: true, workerData });
  const said = once(worker, 'message').then(([message]) => message);
  return { worker, said, left: once(worker, 'exit') };
}

test('worker threads use one file, and one of them wins', async (t) => {
  const file = path(t);
  const { userManagement } = await openWithUser(file);
  const spent = await token(userManagement);
  const workers = Array.from({ length: 4 }, (_, n) =>
    work(file, { token: spent, newPassword: `${NEW_PASSWORD} ${n}` }));
  const outcomes = await Promise.all(workers.map(({ said }) => said));
  assert.equal(outcomes.filter((outcome) => outcome === 'won').length, 1, outcomes.join());
  const codes = await Promise.all(workers.map(({ left }) => left));
  assert.deepEqual(codes.flat(), [0, 0, 0, 0]);
});

test('a worker that is ended with calls pending does no harm', async (t) => {
  const file = path(t);
  const { userManagement, user } = await openWithUser(file);
  for (let round = 0; round < 10; round += 1) {
    const { worker, said } = work(round % 2 === 0 ? file : ':memory:', { newPassword: NEW_PASSWORD });
    await said;
    await worker.terminate();
  }
  assert.equal((await userManagement.getUser(user.id)).id, user.id);
});

test('many calls of one kind do not grow memory', () => {
  const stdout = clean(run(`
    const users = await UserManagement.open(':memory:', CHEAP);
    const { id } = await users.createUser({ email: EMAIL });
    const token = 'A'.repeat(43);
    const kinds = [
      () => users.resetPassword({ token, newPassword: PASSWORD }).catch(() => {}),
      () => users.getUser(id),
      () => users.getUser(1).catch(() => {}),
    ];
    const grown = [];
    const resident = () => { gc(); gc(); return process.memoryUsage.rss(); };
    for (const call of kinds) {
      const calls = async () => { for (let n = 0; n < 10_000; n += 1) await call(); };
      await calls();
      const before = resident();
      await calls();
      grown.push(Math.round((resident() - before) / 1024));
    }
    console.log(JSON.stringify(grown));
  `, ['--expose-gc']));
  for (const kib of JSON.parse(stdout)) assert.ok(kib <= 5 * 1024, `${stdout.trim()} KiB`);
});

test('handles that are dropped take their threads with them', () => {
  const stdout = clean(run(`
    const { readdirSync } = await import('node:fs');
    const threads = () => readdirSync('/proc/self/task').length;
    const before = threads();
    for (let n = 0; n < 20; n += 1) {
      const users = await UserManagement.open(':memory:', CHEAP);
      await users.getUser('user_x').catch(() => {});
    }
    const opened = threads() - before;
    // Sooner than threads without work end by themselves.
    for (let n = 0; n < 500 && threads() > before + 2; n += 1) {
      gc();
      await new Promise((turn) => setTimeout(turn, 10));
    }
    console.log(opened > 10, threads() <= before + 2);
  `, ['--expose-gc']));
  assert.equal(stdout, 'true true\n');
});
