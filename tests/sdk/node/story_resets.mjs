// Resets: create, read back, confirm, and every way in which a confirmation is refused.

import { RESET_FIELDS } from './client.mjs';
import { equal, expect, moment, refused } from './expect.mjs';
import {
  FIRST_PASSWORD, SECOND_PASSWORD, THIRD_PASSWORD, TOO_SHORT, UNKNOWN_RESET, UNKNOWN_TOKEN, WEAK_PASSWORD,
  missing,
} from './words.mjs';

const LIFETIME_SECONDS = 30 * 60;
const NOT_FOUND = { status: 404, code: 'entity_not_found' };
const DEAD_TOKEN = { status: 404, code: 'password_reset_token_not_found' };
const TOO_WEAK = { status: 400, code: 'password_reset_error', errors: [TOO_SHORT] };
const EXPIRED = {
  status: 400, code: 'password_reset_error', errors: [{ code: 'password_reset_token_expired' }],
};

async function userAndReset(client) {
  const email = client.address();
  const user = await client.users.createUser({ email, password: FIRST_PASSWORD });
  return { user, reset: await client.users.createPasswordReset({ email }) };
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

export async function a_reset_is_created_and_read_back(client, service) {
  const { user, reset } = await userAndReset(client);
  equal(Object.keys(reset).sort(), RESET_FIELDS.toSorted(), 'fields of a reset');
  equal([reset.object, reset.userId, reset.email], ['password_reset', user.id, user.email], 'whose reset it is');
  expect(/^password_reset_[0-9A-Z]{26}$/.test(reset.id), 'an id is password_reset_ and a ULID');
  expect(/^[\w-]{43}$/.test(reset.passwordResetToken), 'the token has 43 characters');
  const url = `${service.resetUrl}?token=${reset.passwordResetToken}`;
  expect(reset.passwordResetUrl === url, 'the url is the configured page and the token');
  const lifetime = moment(reset.expiresAt) - moment(reset.createdAt);
  equal(lifetime, LIFETIME_SECONDS * 1000, 'lifetime');
  expect(same(await client.users.getPasswordReset(reset.id), reset), 'the reset, read, is the one created');
}

export async function confirming_sets_the_password_and_verifies_the_address(client, service) {
  const { user, reset } = await userAndReset(client);
  equal(user.emailVerified, false, 'emailVerified before');
  const answer = await client.users.resetPassword({
    token: reset.passwordResetToken, newPassword: SECOND_PASSWORD,
  });
  equal(Object.keys(answer), ['user'], 'fields of the answer');
  const { updatedAt } = answer.user;
  equal(answer.user, { ...user, emailVerified: true, updatedAt }, 'the user, confirmed');
  expect(moment(updatedAt) >= moment(user.updatedAt), 'updatedAt moves on');
  equal(await client.users.getUser(user.id), answer.user, 'the user, read');
  expect(!service.accepts(user.email, FIRST_PASSWORD), 'the old password is refused');
  expect(service.accepts(user.email, SECOND_PASSWORD), 'the new password is in force');
}

export async function a_user_without_a_password_gets_the_first_by_a_reset(client, service) {
  const email = client.address();
  await client.users.createUser({ email });
  const { passwordResetToken: token } = await client.users.createPasswordReset({ email });
  await client.users.resetPassword({ token, newPassword: FIRST_PASSWORD });
  expect(service.accepts(email, FIRST_PASSWORD), 'the password is in force');
}

export async function a_reset_for_an_unknown_address_is_404(client) {
  await refused(client, () => client.users.createPasswordReset({ email: client.address() }), NOT_FOUND);
}

export async function an_unknown_reset_is_404(client) {
  await refused(client, () => client.users.getPasswordReset(UNKNOWN_RESET), NOT_FOUND);
}

export async function an_unknown_token_is_404(client) {
  for (const token of [UNKNOWN_TOKEN, 'no-token-at-all']) {
    const confirm = () => client.users.resetPassword({ token, newPassword: SECOND_PASSWORD });
    await refused(client, confirm, DEAD_TOKEN, [token, SECOND_PASSWORD]);
  }
}

export async function a_weak_password_is_400_and_leaves_the_token_usable(client, service) {
  const { user, reset } = await userAndReset(client);
  const token = reset.passwordResetToken;
  const confirm = (newPassword) => client.users.resetPassword({ token, newPassword });
  await refused(client, () => confirm(WEAK_PASSWORD), TOO_WEAK, [token, WEAK_PASSWORD]);
  expect(service.accepts(user.email, FIRST_PASSWORD), 'the old password is still in force');
  expect(same(await client.users.getPasswordReset(reset.id), reset), 'the reset can still be read');
  equal((await confirm(SECOND_PASSWORD)).user.id, user.id, 'the user of the same token');
  expect(service.accepts(user.email, SECOND_PASSWORD), 'the new password is in force');
}

export async function a_used_token_is_404(client, service) {
  const { user, reset } = await userAndReset(client);
  const token = reset.passwordResetToken;
  const confirm = (newPassword) => client.users.resetPassword({ token, newPassword });
  await confirm(SECOND_PASSWORD);
  await refused(client, () => confirm(THIRD_PASSWORD), DEAD_TOKEN, [token, THIRD_PASSWORD]);
  // Word for word the same, and still another request: only a retry of the request is answered again.
  await refused(client, () => confirm(SECOND_PASSWORD), DEAD_TOKEN, [token]);
  await refused(client, () => client.users.getPasswordReset(reset.id), NOT_FOUND);
  expect(service.accepts(user.email, SECOND_PASSWORD), 'the password of the first confirmation is in force');
}

export async function an_expired_token_is_400(client, service) {
  const { user, reset } = await userAndReset(client);
  const token = reset.passwordResetToken;
  service.makeOlder(reset.id, LIFETIME_SECONDS);
  const confirm = () => client.users.resetPassword({ token, newPassword: SECOND_PASSWORD });
  await refused(client, confirm, EXPIRED, [token, SECOND_PASSWORD]);
  await refused(client, () => client.users.getPasswordReset(reset.id), NOT_FOUND);
  expect(service.accepts(user.email, FIRST_PASSWORD), 'the old password is still in force');
}

export async function a_token_works_until_it_expires(client, service) {
  const { user, reset } = await userAndReset(client);
  service.makeOlder(reset.id, LIFETIME_SECONDS - 60);
  const token = reset.passwordResetToken;
  const answer = await client.users.resetPassword({ token, newPassword: SECOND_PASSWORD });
  equal(answer.user.id, user.id, 'the user');
}

export async function only_the_newest_token_works(client) {
  const { user, reset: older } = await userAndReset(client);
  const newer = await client.users.createPasswordReset({ email: user.email });
  expect(older.passwordResetToken !== newer.passwordResetToken, 'two resets have two tokens');
  const confirm = (token) => client.users.resetPassword({ token, newPassword: SECOND_PASSWORD });
  await refused(client, () => confirm(older.passwordResetToken), DEAD_TOKEN);
  equal((await confirm(newer.passwordResetToken)).user.id, user.id, 'the user');
}

export async function a_change_of_the_password_ends_the_reset(client, service) {
  const { user, reset } = await userAndReset(client);
  const token = reset.passwordResetToken;
  await client.users.updateUser({ userId: user.id, password: SECOND_PASSWORD });
  await refused(client, () => client.users.resetPassword({ token, newPassword: THIRD_PASSWORD }), DEAD_TOKEN);
  expect(service.accepts(user.email, SECOND_PASSWORD), 'the password of the change is in force');
}

export async function a_missing_field_is_422(client) {
  const needed = (field) => ({ status: 422, code: 'invalid_request_parameters', errors: [missing(field)] });
  const { users } = client;
  const { reset } = await userAndReset(client);
  const token = reset.passwordResetToken;
  const newPassword = SECOND_PASSWORD;
  for (const absent of ['', undefined]) {
    await refused(client, () => users.createPasswordReset({ email: absent }), needed('email'));
    const without = [{ token: absent, newPassword }, { token, newPassword: absent }];
    await refused(client, () => users.resetPassword(without[0]), needed('token'), [newPassword]);
    await refused(client, () => users.resetPassword(without[1]), needed('new_password'), [token]);
  }
  await users.resetPassword({ token, newPassword });
}
