import assert from 'node:assert/strict';
import { test } from 'node:test';

import { UserManagement } from 'reset-password';

import { CHEAP, EMAIL, NEW_PASSWORD, PASSWORD, open, openWithUser, path, token } from './database.mjs';

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

test('a reset sets the password, verifies the address and is spent', async () => {
  const { userManagement, user } = await openWithUser();
  assert.equal(user.emailVerified, false);
  const reset = await userManagement.createPasswordReset({ email: EMAIL });
  assert.equal(reset.userId, user.id);
  assert.match(reset.passwordResetToken, /^[\w-]{43}$/);
  assert.ok(reset.passwordResetUrl.endsWith(`?token=${reset.passwordResetToken}`));

  const redeemed = { token: reset.passwordResetToken, newPassword: NEW_PASSWORD };
  const answer = await userManagement.resetPassword(redeemed);
  assert.deepEqual(Object.keys(answer), ['user']);
  assert.equal(answer.user.id, user.id);
  assert.equal(answer.user.emailVerified, true);
  await assert.rejects(userManagement.resetPassword(redeemed), {
    code: 'password_reset_token_not_found',
  });
  const credentials = { email: EMAIL, password: NEW_PASSWORD };
  assert.equal((await userManagement.authenticateWithPassword(credentials)).id, user.id);
  await assert.rejects(
    userManagement.authenticateWithPassword({ email: EMAIL, password: PASSWORD }),
    { code: 'invalid_credentials' },
  );
});

test('a user has every field, in order, and moments are ISO 8601', async () => {
  const userManagement = await open();
  const given = {
    email: 'Grace@Example.com',
    emailVerified: true,
    firstName: 'Grace',
    lastName: 'Hopper',
    name: 'Grace Hopper',
    externalId: 'crm-7',
    metadata: { plan: 'navy', 'key with space': '\u{1F6A2}' },
    locale: 'en-US',
  };
  const user = await userManagement.createUser(given);
  const { id, createdAt, updatedAt, ...rest } = user;
  assert.match(id, /^user_[0-9A-Z]{26}$/);
  assert.match(createdAt, MOMENT);
  assert.equal(new Date(createdAt).toISOString(), createdAt);
  assert.equal(updatedAt, createdAt);
  const unset = { profilePictureUrl: null, lastSignInAt: null, credentialsChangedAt: null };
  assert.deepEqual(rest, { ...given, ...unset });
  assert.deepEqual(Object.keys(user), [
    ...['id', 'email', 'emailVerified', 'firstName', 'lastName', 'name', 'profilePictureUrl'],
    ...['lastSignInAt', 'externalId', 'metadata', 'locale', 'credentialsChangedAt', 'createdAt'],
    'updatedAt',
  ]);
  assert.deepEqual(await userManagement.getUser(id), user);
  assert.deepEqual(await userManagement.getUserByEmail('grace@example.com'), user);
  assert.deepEqual(await userManagement.getUserByExternalId('crm-7'), user);
});

test('a user is changed, cleared and deleted', async () => {
  const { userManagement, user } = await openWithUser();
  const change = { firstName: 'Ada', metadata: { a: 'b' }, externalId: 'x' };
  const changed = await userManagement.updateUser(user.id, change);
  assert.deepEqual([changed.firstName, changed.externalId], ['Ada', 'x']);
  const cleared = await userManagement.updateUser(user.id, { firstName: '', metadata: {} });
  assert.deepEqual([cleared.firstName, cleared.externalId], [null, 'x']);
  assert.deepEqual(cleared.metadata, {});
  assert.equal(await userManagement.deleteUser(user.id), undefined);
  await assert.rejects(userManagement.getUser(user.id), { code: 'user_not_found' });
});

test('users are listed by page and in order', async () => {
  const userManagement = await open();
  const ids = [];
  for (const name of ['a', 'b', 'c']) {
    ids.push((await userManagement.createUser({ email: `${name}@example.com` })).id);
  }
  const page = await userManagement.listUsers({ limit: 2, order: 'asc' });
  assert.deepEqual(page.data.map((user) => user.id), ids.slice(0, 2));
  assert.deepEqual(page.listMetadata, { before: null, after: ids[1] });
  const next = await userManagement.listUsers({ after: ids[1], order: 'asc' });
  assert.deepEqual(next.data.map((user) => user.id), ids.slice(2));
  const newest = await userManagement.listUsers();
  assert.deepEqual(newest.data.map((user) => user.id), ids.toReversed());
  assert.equal((await userManagement.listUsers({ email: 'B@example.com' })).data[0].id, ids[1]);
  await assert.rejects(userManagement.listUsers({ order: 'up' }), { code: 'input_invalid' });
});

test('a public form gets a reset or null', async () => {
  const { userManagement } = await openWithUser();
  assert.equal(await userManagement.requestPasswordReset({ email: 'nobody@example.com' }), null);
  const reset = await userManagement.requestPasswordReset({ email: EMAIL });
  assert.equal(reset.email, EMAIL);
  assert.equal(await userManagement.requestPasswordReset({ email: EMAIL }), null);
  assert.deepEqual(await userManagement.getPasswordReset(reset.id), reset);
  assert.equal(await userManagement.revokePasswordResets(), 1);
  await assert.rejects(userManagement.getPasswordReset(reset.id), {
    code: 'password_reset_not_found',
  });
});

test('resets of one user are revoked', async () => {
  const { userManagement, user } = await openWithUser();
  const spent = await token(userManagement);
  assert.equal(await userManagement.revokePasswordResets({ userId: user.id }), 1);
  assert.equal(await userManagement.revokePasswordResets({ userId: user.id }), 0);
  await assert.rejects(
    userManagement.resetPassword({ token: spent, newPassword: NEW_PASSWORD }),
    { code: 'password_reset_token_not_found' },
  );
});

test('a password is checked, with and without its user', async () => {
  const { userManagement, user } = await openWithUser();
  const fine = await userManagement.checkPassword({ password: NEW_PASSWORD });
  assert.deepEqual(fine, { acceptable: true, errors: [] });
  const short = await userManagement.checkPassword({ password: 'qx7' });
  assert.equal(short.acceptable, false);
  assert.deepEqual(short.errors[0], {
    code: 'password_too_short',
    message: short.errors[0].message,
    field: null,
    minimumLength: 15,
    maximumLength: null,
  });
  const similar = { password: 'ada@example.com1', userId: user.id };
  const codes = (await userManagement.checkPassword(similar)).errors.map((error) => error.code);
  assert.deepEqual(codes, ['password_too_similar']);
});

test('the feed has every event, with its data as on the wire and no secret', async () => {
  const { userManagement, user } = await openWithUser();
  const reset = await userManagement.createPasswordReset({ email: EMAIL });
  const page = await userManagement.events({ limit: 1 });
  assert.equal(page.data[0].event, 'user.created');
  assert.match(page.data[0].createdAt, MOMENT);
  assert.equal(page.data[0].data.id, user.id);
  assert.equal(page.data[0].data.email_verified, false);
  assert.equal(page.listMetadata.after, page.data[0].id);
  const next = await userManagement.events({ after: page.listMetadata.after });
  assert.equal(next.data[0].event, 'password_reset.created');
  assert.equal(next.listMetadata.after, null);
  assert.ok(!JSON.stringify(next).includes(reset.passwordResetToken));
});

test('a purge says what it removed', async () => {
  const { userManagement } = await openWithUser();
  const nothing = { passwordResets: 0, events: 0, requests: 0 };
  assert.deepEqual(await userManagement.purge(), nothing);
  assert.deepEqual(await userManagement.purge({ limit: 1 }), nothing);
});

test('results are plain and frozen all through', async () => {
  const userManagement = await open();
  const metadata = { a: 'b' };
  await userManagement.createUser({ email: EMAIL, password: PASSWORD, metadata });
  const results = [
    await userManagement.listUsers(),
    await userManagement.events(),
    await userManagement.purge(),
    await userManagement.checkPassword({ password: 'x' }),
    await userManagement.createPasswordReset({ email: EMAIL }),
  ];
  const newPassword = NEW_PASSWORD;
  results.push(await userManagement.resetPassword({ token: await token(userManagement), newPassword }));
  let seen = 0;
  const look = (value) => {
    if (value === null || typeof value !== 'object') return;
    seen += 1;
    assert.ok(Object.isFrozen(value));
    assert.ok([Object.prototype, Array.prototype].includes(Object.getPrototypeOf(value)));
    Object.values(value).forEach(look);
  };
  results.forEach(look);
  assert.ok(seen > 15, String(seen));
});

test('close is idempotent, and a later call opens again', async (t) => {
  const { userManagement, user } = await openWithUser(path(t));
  const late = userManagement.getUser(user.id);
  assert.equal(await userManagement.close(), undefined);
  assert.equal((await late).id, user.id);
  await userManagement.close();
  assert.equal((await userManagement.getUser(user.id)).id, user.id);
  const memory = await openWithUser();
  await memory.userManagement.close();
  assert.equal((await memory.userManagement.getUser(memory.user.id)).id, memory.user.id);
});

test('await using closes', async (t) => {
  assert.ok(Symbol.asyncDispose, 'this Node is older than 20.5.1');
  const { userManagement } = await openWithUser(path(t));
  assert.equal(await userManagement[Symbol.asyncDispose](), undefined);
});

test('two handles on one file see each other', async (t) => {
  const file = path(t);
  const { userManagement, user } = await openWithUser(file);
  const other = await open(`sqlite://${file}`);
  const newPassword = NEW_PASSWORD;
  await other.resetPassword({ token: await token(userManagement), newPassword });
  assert.equal((await userManagement.getUser(user.id)).emailVerified, true);
});

test('of many calls with one token exactly one wins', async (t) => {
  const { userManagement } = await openWithUser(path(t));
  const spent = await token(userManagement);
  const attempts = Array.from({ length: 20 }, (_, index) =>
    userManagement.resetPassword({ token: spent, newPassword: `${NEW_PASSWORD} ${index}` }),
  );
  const settled = await Promise.allSettled(attempts);
  const won = settled.flatMap((one, index) => (one.status === 'fulfilled' ? [index] : []));
  assert.equal(won.length, 1);
  const lost = settled.filter((one) => one.status === 'rejected').map((one) => one.reason.code);
  const expected = new Set(['password_reset_token_not_found', 'overloaded']);
  assert.ok(lost.every((code) => expected.has(code)), lost.join());
  const password = `${NEW_PASSWORD} ${won[0]}`;
  await userManagement.authenticateWithPassword({ email: EMAIL, password });
});

test('a handle is made by open alone', async () => {
  assert.throws(() => new UserManagement(), TypeError);
  class Ours extends UserManagement {}
  const ours = await Ours.open(':memory:', CHEAP);
  assert.ok(ours instanceof Ours);
  const { getUser } = ours;
  await assert.rejects(getUser.call({}, 'user_x'), TypeError);
});
