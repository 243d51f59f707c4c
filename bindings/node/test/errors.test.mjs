import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { format, inspect } from 'node:util';

import * as api from 'reset-password';
import { ResetPasswordError, UserManagement } from 'reset-password';

import { EMAIL, NEW_PASSWORD, PASSWORD, folder, open, openWithUser, token } from './database.mjs';

// verify copies it beside the tests.
const reference = readFileSync(new URL('../reference/errors.md', import.meta.url), 'utf8');
const documented = [...reference.matchAll(/^\| `(\w+)` \| (.*?) \| (yes|no) \|$/gm)];

test('there is one class for each code of the reference, under one root', () => {
  assert.equal(documented.length, 27);
  const named = documented.map(([, code]) => {
    const words = code.split('_').map((word) => word[0].toUpperCase() + word.slice(1));
    return [code, `${words.join('')}Error`];
  });
  const classes = Object.values(api).filter((type) => type.prototype instanceof ResetPasswordError);
  assert.deepEqual(classes.map((type) => [type.code, type.name]), named);
  assert.deepEqual(Object.keys(api).sort(), [
    ...named.map(([, name]) => name),
    'ResetPasswordError',
    'UserManagement',
  ].sort());
  for (const type of classes) {
    const error = new type('text', { retryable: true, retryAfter: 2 });
    assert.ok(error instanceof Error && error instanceof ResetPasswordError);
    assert.deepEqual(
      [error.name, error.code, error.message, error.errors, error.retryable, error.retryAfter],
      [type.name, type.code, 'text', [], true, 2],
    );
    assert.ok(error.stack.startsWith(`${type.name}: text\n`));
  }
});

test('what is thrown has the class, message and retryable of its code', async (t) => {
  const { userManagement: users, user } = await openWithUser();
  const verified = await users.createUser({ email: 'v@example.com', emailVerified: true, externalId: 'v' });
  const passwordHash = 'x';
  const live = await token(users);
  const failures = {
    email_already_verified: users.updateUser(verified.id, { emailVerified: false }),
    email_not_available: users.createUser({ email: EMAIL }),
    external_id_already_used: users.updateUser(user.id, { externalId: 'v' }),
    invalid_credentials: users.authenticateWithPassword({ email: EMAIL, password: 'no' }),
    invalid_password_hash: users.createUser({ email: 'h@example.com', passwordHash }),
    password_and_password_hash_provided: users.updateUser(user.id, { password: PASSWORD, passwordHash }),
    password_rejected: users.resetPassword({ token: live, newPassword: 'short' }),
    password_reset_not_found: users.getPasswordReset('password_reset_x'),
    password_reset_token_not_found: users.resetPassword({ token: 'x', newPassword: 'y' }),
    user_not_found: users.createPasswordReset({ email: 'nobody@example.com' }),
    input_invalid: users.createUser({ email: 'nobody' }),
    config_invalid: open(`${folder(t)}/missing/test.db`),
  };
  const settled = await Promise.allSettled(Object.values(failures));
  settled.forEach(({ reason }, index) => {
    const code = Object.keys(failures)[index];
    const [, , message, retryable] = documented.find((row) => row[1] === code);
    assert.equal(reason?.code, code);
    assert.equal(reason.constructor.code, code);
    assert.equal(reason.retryable, retryable === 'yes');
    assert.equal(reason.retryAfter, null);
    const speaks = ['config_invalid', 'input_invalid'].includes(code);
    assert.equal(reason.message === message, !speaks, reason.message);
  });
});

test('a refused input names its fields', async () => {
  const users = await open();
  const given = { email: 'nobody', firstName: 'x'.repeat(300) };
  const error = await users.createUser(given).catch((refused) => refused);
  assert.ok(error instanceof api.InputInvalidError);
  assert.deepEqual(error.errors[0], {
    code: 'email_invalid',
    message: error.errors[0].message,
    field: 'email',
    minimumLength: null,
    maximumLength: null,
  });
  assert.ok(Object.isFrozen(error.errors) && Object.isFrozen(error.errors[0]));
});

test('overload says when to try again', async () => {
  const users = await open(':memory:', { memoryBudgetKib: 19_456 });
  await users.createUser({ email: EMAIL, password: PASSWORD });
  const credentials = { email: EMAIL, password: PASSWORD };
  const calls = Array.from({ length: 60 }, () => users.authenticateWithPassword(credentials));
  const settled = await Promise.allSettled(calls);
  const refused = settled.filter(({ status }) => status === 'rejected').map(({ reason }) => reason);
  assert.ok(refused.length > 0 && refused.length < 60, String(refused.length));
  for (const error of refused) {
    assert.ok(error instanceof api.OverloadedError);
    assert.deepEqual([error.retryable, error.retryAfter], [true, 2]);
  }
});

test('a stack leads to the line that awaits the call', async () => {
  const users = await open();
  async function theCaller() {
    return await users.getUser('user_x');
  }
  const failed = await theCaller().catch((error) => error);
  assert.match(failed.stack, /^UserNotFoundError: there is no such user\n/);
  assert.match(failed.stack, /at async theCaller .*errors\.test\.mjs:\d+/);
  const all = await Promise.all([theCaller()]).catch((error) => error);
  assert.match(all.stack, /errors\.test\.mjs/);
});

test('a reset shows no secret to a log, and gives it to whoever reads it', async () => {
  const { userManagement } = await openWithUser();
  const reset = await userManagement.createPasswordReset({ email: EMAIL });
  const secret = reset.passwordResetToken;
  const shown = [
    inspect(reset),
    inspect({ nested: { deeper: { deepest: reset } } }, { depth: 9 }),
    inspect(reset, { showHidden: true, compact: false }),
    format('%s %o %O', reset, reset, reset),
    String(reset),
  ];
  for (const text of shown) assert.ok(!text.includes(secret), text);
  assert.equal(shown[0].match(/\[redacted\]/g).length, 2);
  assert.ok(shown[0].includes(reset.id) && shown[0].includes(EMAIL));
  assert.ok(JSON.stringify(reset).includes(secret));
  assert.equal({ ...reset }.passwordResetToken, secret);
  assert.deepEqual(structuredClone(reset), { ...reset });
});

test('nothing that is shown of a handle or an error holds a secret', async () => {
  const [key, earlier] = [1, 2].map(() => randomBytes(32).toString('hex'));
  const { userManagement } = await openWithUser(':memory:', { key, previousKeys: [earlier] });
  const live = await token(userManagement);
  const secrets = [key, earlier, live, PASSWORD, 'short secret', 'wrong secret', 'a:secret@'];
  const passwordHash = '$2b$12$wrong secret';
  const settled = await Promise.allSettled([
    userManagement.resetPassword({ token: live, newPassword: 'short secret' }),
    userManagement.resetPassword({ token: `${live}x`, newPassword: 'short secret' }),
    userManagement.authenticateWithPassword({ email: EMAIL, password: 'wrong secret' }),
    userManagement.createUser({ email: 'h@example.com', passwordHash }),
    userManagement.resetPassword({ token: live, newPassword: ['short secret'] }),
    userManagement.resetPassword({ token: live, newPassword: 'short secret', extra: PASSWORD }),
    userManagement.createUser({ email: EMAIL, password: PASSWORD }),
    open(':memory:', { key: `${key}0` }),
    open('mysql://a:secret@localhost/app'),
  ]);
  assert.ok(settled.every(({ status }) => status === 'rejected'));
  const shown = settled.flatMap(({ reason }) => [
    ...[inspect(reason, { depth: 9, showHidden: true }), String(reason), reason.stack],
    JSON.stringify(reason),
  ]);
  shown.push(inspect(userManagement, { showHidden: true, depth: 9 }), inspect(UserManagement));
  shown.push(JSON.stringify(userManagement), String(userManagement));
  assert.equal(inspect(userManagement), 'UserManagement {}');
  for (const text of shown) {
    for (const secret of secrets) assert.ok(!text.includes(secret), text);
  }
  const newPassword = NEW_PASSWORD;
  assert.ok(await userManagement.resetPassword({ token: live, newPassword }));
});
