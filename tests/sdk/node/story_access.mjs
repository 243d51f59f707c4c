// What an API key opens, and what the feed of events tells.

import { equal, expect, moment, refused } from './expect.mjs';
import { KINDS, eventsOf, wholeFeed } from './feed.mjs';
import { FIRST_PASSWORD, SECOND_PASSWORD, UNKNOWN_TOKEN } from './words.mjs';

export async function a_wrong_key_is_401(client) {
  // One call: the service answers 429 to a client that goes on presenting wrong keys.
  const stranger = client.at({ apiKey: `rpk_${'A'.repeat(43)}` });
  const confirm = () => stranger.users.resetPassword({ token: UNKNOWN_TOKEN, newPassword: SECOND_PASSWORD });
  await refused(stranger, confirm, { status: 401 }, [stranger.apiKey, UNKNOWN_TOKEN, SECOND_PASSWORD]);
}

export async function a_key_without_the_scope_is_403(client, service) {
  const reader = client.at({ apiKey: service.readingKey });
  const user = await client.users.createUser({ email: client.address(), password: FIRST_PASSWORD });
  equal(await reader.users.getUser(user.id), user, 'the user, read with a key that may read users');
  const { id, passwordResetToken: token } = await client.users.createPasswordReset({ email: user.email });
  for (const call of [
    () => reader.users.updateUser({ userId: user.id, firstName: 'Ada' }),
    () => reader.users.createPasswordReset({ email: user.email }),
    () => reader.users.getPasswordReset(id),
    () => reader.users.resetPassword({ token, newPassword: SECOND_PASSWORD }),
    () => reader.events.listEvents({ events: KINDS }),
    () => reader.users.deleteUser(user.id),
  ]) {
    await refused(reader, call, { status: 403, code: 'forbidden' }, [reader.apiKey, token]);
  }
  equal(await client.users.getUser(user.id), user, 'the user after all this');
}

export async function the_feed_tells_of_a_reset_and_holds_no_secret(client) {
  const user = await client.users.createUser({ email: client.address(), password: FIRST_PASSWORD });
  const reset = await client.users.createPasswordReset({ email: user.email });
  const { passwordResetToken: token, passwordResetUrl, ...data } = reset;
  await client.users.resetPassword({ token, newPassword: SECOND_PASSWORD });
  const told = await eventsOf(client, user.id);
  equal(told.map((event) => event.event), KINDS, 'what the feed tells');
  for (const event of told) {
    expect(/^event_[0-9A-Z]{26}$/.test(event.id), 'an id is event_ and a ULID');
    moment(event.createdAt);
    equal(event.data, data, 'data of an event');
  }
}

export async function the_feed_is_read_in_pages(client) {
  let token;
  for (let n = 0; n < 3; n += 1) {
    const { email } = await client.users.createUser({ email: client.address() });
    token = (await client.users.createPasswordReset({ email })).passwordResetToken;
  }
  await client.users.resetPassword({ token, newPassword: FIRST_PASSWORD });
  const newest = (await wholeFeed(client)).slice(-4);
  equal(newest.map((event) => event.event), [KINDS[0], KINDS[0], KINDS[0], KINDS[1]], 'the newest events');
  const ids = newest.map((event) => event.id);
  const list = async (options) => {
    const page = await client.events.listEvents({ events: KINDS, limit: 2, ...options });
    return { ids: page.data.map((event) => event.id), after: page.listMetadata.after };
  };
  equal(await list({ after: ids[0] }), { ids: ids.slice(1, 3), after: ids[2] }, 'a page');
  equal(await list({ after: ids[2] }), { ids: ids.slice(3), after: null }, 'the last page');
  const oneKind = await list({ events: KINDS.slice(1), after: ids[0] });
  equal(oneKind, { ids: ids.slice(3), after: null }, 'events of one kind');
}
