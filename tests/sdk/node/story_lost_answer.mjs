// What the SDK sends with a request, and what happens when the answer is lost on the way.

import { equal, expect, refused } from './expect.mjs';
import { eventsOf } from './feed.mjs';
import { LossyProxy } from './proxy.mjs';
import { FIRST_PASSWORD, SECOND_PASSWORD } from './words.mjs';

const CONFIRM = '/user_management/password_reset/confirm';
const DEAD_TOKEN = { status: 404, code: 'password_reset_token_not_found' };

/** Runs `body` with a client whose requests go through a proxy. */
async function throughProxy(client, service, body) {
  const proxy = await LossyProxy.open(service.baseUrl);
  try {
    await body(client.at({ baseUrl: proxy.url }).users, proxy);
    return proxy.exchanges;
  } finally {
    proxy.close();
  }
}

async function userAndReset(client) {
  const user = await client.users.createUser({ email: client.address(), password: FIRST_PASSWORD });
  const { passwordResetToken: token } = await client.users.createPasswordReset({ email: user.email });
  return { user, token };
}

async function passwordWasSetOnce(client, service, user) {
  const told = (await eventsOf(client, user.id)).map((event) => event.event);
  equal(told, ['password_reset.created', 'password_reset.succeeded'], 'what the feed tells');
  expect(!service.accepts(user.email, FIRST_PASSWORD), 'the old password is refused');
  expect(service.accepts(user.email, SECOND_PASSWORD), 'the new password is in force');
}

const summary = (exchanges) => exchanges.map(({ path, status, delivered }) => ({ path, status, delivered }));

export async function the_idempotency_key_that_the_sdk_sends_is_accepted(client, service) {
  const sent = await throughProxy(client, service, async (users) => {
    const user = await users.createUser({ email: client.address(), password: FIRST_PASSWORD });
    const { passwordResetToken: token } = await users.createPasswordReset({ email: user.email });
    await users.resetPassword({ token, newPassword: SECOND_PASSWORD });
    await users.updateUser({ userId: user.id, firstName: 'Ada' });
    await users.getUser(user.id);
    await users.deleteUser(user.id);
  });
  const methods = sent.map(({ method, status }) => `${method} ${status}`);
  equal(methods, ['POST 201', 'POST 201', 'POST 200', 'PUT 200', 'GET 200', 'DELETE 202'], 'what was sent');
  const posts = client.generation.retries ? 3 : 0;
  const keys = sent.map((exchange) => exchange.idempotencyKey);
  expect(keys.slice(0, posts).every(Boolean), 'every POST has a key');
  equal(new Set(keys.slice(0, posts)).size, posts, 'number of different keys');
  equal(keys.slice(posts).filter(Boolean), [], 'keys of the other requests');
}

export async function a_confirmation_whose_answer_is_lost_is_sent_again_and_succeeds(client, service) {
  const { user, token } = await userAndReset(client);
  let confirmed;
  const sent = await throughProxy(client, service, async (users, proxy) => {
    proxy.loseNextAnswerTo(CONFIRM);
    confirmed = (await users.resetPassword({ token, newPassword: SECOND_PASSWORD })).user;
  });
  equal(summary(sent), [
    { path: CONFIRM, status: 200, delivered: false },
    { path: CONFIRM, status: 200, delivered: true },
  ], 'what was sent and answered');
  const [lost, delivered] = sent;
  expect(lost.idempotencyKey && lost.idempotencyKey === delivered.idempotencyKey, 'one key for both');
  equal(confirmed, await client.users.getUser(user.id), 'the user in the second answer');
  equal(confirmed.emailVerified, true, 'emailVerified');
  await passwordWasSetOnce(client, service, user);
  const again = () => client.users.resetPassword({ token, newPassword: SECOND_PASSWORD });
  await refused(client, again, DEAD_TOKEN, [token]);
}

a_confirmation_whose_answer_is_lost_is_sent_again_and_succeeds.where = ({ retries }) => retries;

export async function a_confirmation_whose_answer_is_lost_is_an_error_and_has_set_the_password(client, service) {
  const { user, token } = await userAndReset(client);
  let error;
  const sent = await throughProxy(client, service, async (users, proxy) => {
    proxy.loseNextAnswerTo(CONFIRM);
    error = await users.resetPassword({ token, newPassword: SECOND_PASSWORD }).catch((thrown) => thrown);
  });
  equal([error.constructor, error.cause?.constructor], [Error, TypeError], 'class of the error and of its cause');
  equal(summary(sent), [{ path: CONFIRM, status: 200, delivered: false }], 'what was sent and answered');
  await passwordWasSetOnce(client, service, user);
  const again = () => client.users.resetPassword({ token, newPassword: SECOND_PASSWORD });
  await refused(client, again, DEAD_TOKEN, [token]);
}

a_confirmation_whose_answer_is_lost_is_an_error_and_has_set_the_password.where = ({ retries }) => !retries;
