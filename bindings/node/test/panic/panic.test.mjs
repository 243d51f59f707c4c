// Runs with a native module that panics when it is told to; verify puts it in place of the package's own.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { InternalError } from 'reset-password';

import { EMAIL, NEW_PASSWORD, open, openWithUser, token } from '../database.mjs';

test('a panic becomes an internal error, and the process lives', async () => {
  const { userManagement: users, user } = await openWithUser();
  const live = await token(users);
  const calls = [
    () => users.getUser('panic'),
    () => users.getUserByEmail('panic'),
    () => users.getUserByExternalId('panic'),
    () => users.deleteUser('panic'),
    () => users.updateUser('panic', {}),
    () => users.createUser({ email: 'panic' }),
    () => users.createPasswordReset({ email: 'panic' }),
    () => users.requestPasswordReset({ email: 'panic' }),
    () => users.getPasswordReset('panic'),
    () => users.resetPassword({ token: 'panic', newPassword: NEW_PASSWORD }),
    () => users.revokePasswordResets({ userId: 'panic' }),
    () => users.checkPassword({ password: NEW_PASSWORD, userId: 'panic' }),
    () => users.authenticateWithPassword({ email: 'panic', password: NEW_PASSWORD }),
    () => users.listUsers({ email: 'panic' }),
    () => users.events({ after: 'panic' }),
  ];
  for (const call of calls) {
    const error = await call().then(() => assert.fail(String(call)), (failed) => failed);
    assert.ok(error instanceof InternalError, String(call));
    assert.equal(error.message, 'something went wrong inside the engine; the log has the details');
    assert.equal(error.retryable, false);
  }
  const many = await Promise.allSettled(Array.from({ length: 50 }, () => users.getUser('panic')));
  assert.ok(many.every(({ reason }) => reason.code === 'internal'));
  assert.equal((await users.getUser(user.id)).email, EMAIL);
  assert.ok(await users.resetPassword({ token: live, newPassword: NEW_PASSWORD }));
  assert.ok(await open());
});
