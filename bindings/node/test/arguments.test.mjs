import assert from 'node:assert/strict';
import { test } from 'node:test';

import { UserManagement } from 'reset-password';

import { EMAIL, NEW_PASSWORD, PASSWORD, open, openWithUser, token } from './database.mjs';

const NOT_TEXT = [1, true, 10n, Symbol('x'), {}, [], () => '', new Uint8Array(2), new String('x')];
const NOT_WHOLE = ['1', true, 1.5, NaN, Infinity, -Infinity, Symbol('x'), {}, [1], new Number(1)];
const NOT_FLAG = ['true', 1, 0, 1n, Symbol('x'), {}, []];

/** Rejects, rather than throws, with a TypeError. */
function refuses(call, message) {
  const promise = call();
  assert.ok(promise instanceof Promise);
  const expected = message === undefined ? TypeError : { name: 'TypeError', message };
  return assert.rejects(promise, expected);
}

test('text must be a string', async () => {
  const users = await open();
  for (const wrong of [...NOT_TEXT, null, undefined]) {
    await refuses(() => UserManagement.open(wrong), 'databaseUrl must be a string');
    await refuses(() => users.getUser(wrong), 'id must be a string');
    await refuses(() => users.getUserByEmail(wrong));
    await refuses(() => users.getUserByExternalId(wrong));
    await refuses(() => users.deleteUser(wrong));
    await refuses(() => users.getPasswordReset(wrong));
    await refuses(() => users.updateUser(wrong, {}));
    await refuses(() => users.createUser({ email: wrong }));
    await refuses(() => users.createPasswordReset({ email: wrong }));
    await refuses(() => users.requestPasswordReset({ email: wrong }));
    await refuses(() => users.checkPassword({ password: wrong }));
    await refuses(() => users.authenticateWithPassword({ email: EMAIL, password: wrong }));
    await refuses(
      () => users.resetPassword({ token: 'x', newPassword: wrong }),
      'newPassword must be a string',
    );
  }
  for (const wrong of NOT_TEXT) {
    await refuses(() => users.createUser({ email: EMAIL, firstName: wrong }));
    await refuses(() => users.updateUser('user_x', { locale: wrong }));
    await refuses(() => users.revokePasswordResets({ userId: wrong }));
    await refuses(() => users.events({ after: wrong }));
    await refuses(() => users.listUsers({ order: wrong }));
    await refuses(() => open(':memory:', { key: wrong }));
  }
});

test('numbers must be whole, flags true or false', async () => {
  const users = await open();
  for (const wrong of NOT_WHOLE) {
    await refuses(() => users.listUsers({ limit: wrong }), 'limit must be a whole number');
    await refuses(() => users.events({ limit: wrong }));
    await refuses(() => users.purge({ limit: wrong }));
    await refuses(() => open(':memory:', { tokenLifetime: wrong }));
  }
  for (const wrong of NOT_FLAG) {
    await refuses(() => users.createUser({ email: EMAIL, emailVerified: wrong }));
    await refuses(() => open(':memory:', { migrate: wrong }), 'migrate must be true or false');
  }
});

test('a whole number of any size reaches the engine, which refuses it', async () => {
  const users = await open();
  const sizes = [0, -0, -1, 101, 2 ** 32 + 10, -(2 ** 32) + 10, 2 ** 53, 1e300, 2n ** 64n + 10n, -(10n ** 400n)];
  for (const limit of sizes) {
    await assert.rejects(users.listUsers({ limit }), { code: 'input_invalid' }, String(limit));
    await assert.rejects(users.events({ limit }), { code: 'input_invalid' });
    const lifetime = open(':memory:', { tokenLifetime: limit });
    await assert.rejects(lifetime, { code: 'config_invalid' }, String(limit));
  }
  assert.deepEqual((await users.listUsers({ limit: 5n })).data, []);
});

test('lists of names must be arrays of strings', async () => {
  for (const wrong of ['acme', [1], ['acme', undefined], [, 'acme'], { 0: 'acme' }, new Set(['acme'])]) {
    await refuses(() => open(':memory:', { serviceNames: wrong }));
  }
  const users = await open(':memory:', { serviceNames: Object.freeze(['Watercress Shop']) });
  const { errors } = await users.checkPassword({ password: 'watercress shop 1' });
  assert.equal(errors[0].code, 'password_too_similar');
});

test('metadata must be an object of strings', async () => {
  const users = await open();
  const symbol = { a: 'b', [Symbol('x')]: 'c' };
  for (const metadata of ['a', 1, ['a'], { a: 1 }, { a: null }, { a: undefined }, symbol, Symbol('x')]) {
    await refuses(() => users.createUser({ email: EMAIL, metadata }));
    await refuses(() => users.updateUser('user_x', { metadata }));
  }
  const metadata = JSON.parse('{"__proto__":"a","constructor":"b","toString":"c"}');
  const user = await users.createUser({ email: EMAIL, metadata });
  assert.equal(JSON.stringify(user.metadata), '{"__proto__":"a","constructor":"b","toString":"c"}');
  assert.equal(Object.getPrototypeOf(user.metadata), Object.prototype);
});

test('named arguments must be an object', async () => {
  const users = await open();
  for (const wrong of ['user_x', 1, true, 1n, Symbol('x'), () => ({})]) {
    await refuses(() => users.revokePasswordResets(wrong));
    await refuses(() => users.listUsers(wrong), 'listUsers takes an object of named arguments');
    await refuses(() => users.resetPassword(wrong));
    await refuses(() => users.updateUser('user_x', wrong));
  }
  await refuses(() => users.resetPassword());
  await refuses(() => users.resetPassword(null), 'token must be a string');
  assert.deepEqual((await users.listUsers(null)).data, []);
});

test('a property that the operation does not have is named', async () => {
  const { userManagement: users, user } = await openWithUser();
  await refuses(
    () => users.resetPassword({ token: 'x', newPasswrd: 'y' }),
    'resetPassword does not take a property called newPasswrd',
  );
  await refuses(() => users.updateUser(user.id, { first_name: 'A' }), /called first_name$/);
  await refuses(() => users.createUser({ email: EMAIL, [Symbol('odd')]: 1 }), /Symbol\(odd\)$/);
  await refuses(() => users.revokePasswordResets({ userid: user.id }), /userid$/);
  await refuses(() => users.revokePasswordResets([user.id]), /called 0$/);
  await refuses(() => open(':memory:', { token_lifetime: 600 }), /token_lifetime$/);
  const polluted = JSON.parse('{"email":"a@example.com","__proto__":{"emailVerified":true}}');
  await refuses(() => users.createUser(polluted), /__proto__$/);
});

test('undefined and null count as left out', async () => {
  const users = await open(':memory:', { key: undefined, serviceNames: null });
  const user = await users.createUser({ email: EMAIL, firstName: undefined, lastName: null, metadata: null });
  assert.deepEqual([user.firstName, user.lastName, user.metadata], [null, null, {}]);
  const same = await users.updateUser(user.id, { firstName: null, emailVerified: undefined });
  assert.equal(same.emailVerified, false);
  assert.equal(await users.revokePasswordResets({ userId: undefined }), 0);
});

test('what a getter or a proxy throws reaches the caller, and each is read once', async () => {
  const users = await open();
  const thrown = new RangeError('mine');
  const getter = { get email() { throw thrown; } };
  const proxy = new Proxy({}, { ownKeys() { throw thrown; } });
  for (const given of [getter, proxy]) {
    await assert.rejects(users.createPasswordReset(given), (error) => error === thrown);
  }
  await assert.rejects(
    users.createUser({ email: EMAIL, metadata: { get a() { throw thrown; } } }),
    (error) => error === thrown,
  );
  let reads = 0;
  const counting = { get email() { reads += 1; return EMAIL; } };
  await users.createUser(counting);
  assert.equal(reads, 1);
  class Form { email = 'eve@example.com'; }
  assert.equal((await users.createUser(new Form())).email, 'eve@example.com');
});

test('nothing is done when a type is wrong', async () => {
  const { userManagement: users, user } = await openWithUser();
  const live = await token(users);
  await refuses(() => users.resetPassword({ token: live, newPassword: NEW_PASSWORD, extra: 1 }));
  await refuses(() => users.updateUser(user.id, { firstName: 'Eve', locale: 1 }));
  assert.deepEqual(await users.getUser(user.id), user);
  await users.authenticateWithPassword({ email: EMAIL, password: PASSWORD });
  assert.ok(await users.resetPassword({ token: live, newPassword: NEW_PASSWORD }));
});

test('a lone surrogate is refused as what it is', async () => {
  const { userManagement: users, user } = await openWithUser();
  const live = await token(users);
  for (const lone of ['\ud800', '\udc00\ud800', 'a\udfff', `${'x'.repeat(20)}\ud83d`]) {
    await assert.rejects(users.getUser(lone), { code: 'user_not_found' });
    await assert.rejects(users.createUser({ email: lone }), { code: 'input_invalid' });
    await assert.rejects(users.updateUser(user.id, { name: lone }), { code: 'input_invalid' });
    await assert.rejects(users.updateUser(user.id, { metadata: { [lone]: 'x' } }), {
      code: 'input_invalid',
    });
    await assert.rejects(open(':memory:', { resetUrl: lone }), { code: 'config_invalid' });
    const credentials = { email: EMAIL, password: lone };
    await assert.rejects(users.authenticateWithPassword(credentials), { code: 'invalid_credentials' });
    const refused = await users.resetPassword({ token: live, newPassword: lone }).catch((error) => error);
    assert.equal(refused.code, 'password_rejected');
    assert.equal(refused.errors[0].code, 'password_invalid_characters');
    const unknown = { token: `${live}${lone}`, newPassword: NEW_PASSWORD };
    await assert.rejects(users.resetPassword(unknown), { code: 'password_reset_token_not_found' });
  }
});

test('text of any script, and NUL, arrives and comes back as it is', async () => {
  const { userManagement: users, user } = await openWithUser();
  for (const name of ['Łukasz Ærø', 'שָׁלוֹם עולם', '\u{1F6A2}'.repeat(9), 'e\u0301', '\u00e9', '漢字']) {
    assert.equal((await users.updateUser(user.id, { name })).name, name);
  }
  const newPassword = 'caf\u00e9 au lait \u{1F6A2}\u{1F6A2}\u{1F6A2} \0 zero';
  await users.resetPassword({ token: await token(users), newPassword });
  const password = newPassword.normalize('NFD');
  assert.equal((await users.authenticateWithPassword({ email: EMAIL, password })).id, user.id);
  const cut = newPassword.slice(0, newPassword.indexOf('\0'));
  await assert.rejects(users.authenticateWithPassword({ email: EMAIL, password: cut }));
});

test('text of any length is refused or found, and never cut', async () => {
  const { userManagement: users, user } = await openWithUser();
  const huge = 'a'.repeat(5_000_000);
  await assert.rejects(users.getUser(huge), { code: 'user_not_found' });
  await assert.rejects(users.createUser({ email: `${huge}@example.com` }), { code: 'input_invalid' });
  await assert.rejects(users.updateUser(user.id, { name: huge }), { code: 'input_invalid' });
  const ships = '\u{1F6A2}'.repeat(80_001);
  for (const password of [huge, ships, `x${ships}`, `${'x'.repeat(69_999)}${ships}`]) {
    const { errors } = await users.checkPassword({ password });
    assert.deepEqual(errors.map((error) => error.code), ['password_too_long']);
  }
});
