// Users: create, get, list, update, delete.

import { equal, expect, moment, refused } from './expect.mjs';
import {
  FIRST_PASSWORD, SECOND_PASSWORD, TOO_SHORT, UNKNOWN_USER, WEAK_PASSWORD, missing,
} from './words.mjs';

const NOBODY = { status: 404, code: 'entity_not_found' };

export async function a_user_is_created_read_changed_and_deleted(client, service) {
  const { users, generation } = client;
  const email = client.address();
  const created = await users.createUser({
    email, password: FIRST_PASSWORD, firstName: 'Ada', lastName: 'Lovelace',
  });
  equal(Object.keys(created).sort(), generation.userFields.toSorted(), 'fields of a user');
  const { id, createdAt, updatedAt, name = null, ...rest } = created;
  equal(rest, {
    object: 'user',
    email,
    emailVerified: false,
    firstName: 'Ada',
    lastName: 'Lovelace',
    profilePictureUrl: null,
    lastSignInAt: null,
    externalId: null,
    metadata: {},
    locale: null,
  }, 'the user');
  equal(name, null, 'name');
  expect(/^user_[0-9A-Z]{26}$/.test(id), 'an id is user_ and a ULID');
  equal(await users.getUser(id), created, 'the user, read');

  const changed = await users.updateUser({ userId: id, firstName: 'Augusta' });
  expect(moment(changed.updatedAt) >= moment(updatedAt), 'updatedAt moves on');
  expect(moment(createdAt) === moment(updatedAt), 'updatedAt of a new user');
  equal(changed, { ...created, firstName: 'Augusta', updatedAt: changed.updatedAt }, 'the user, changed');
  equal(await users.getUser(id), changed, 'the changed user, read');
  expect(service.accepts(email, FIRST_PASSWORD), 'the password is in force');

  equal(await users.deleteUser(id), undefined, 'answer to the deletion');
  await refused(client, () => users.getUser(id), NOBODY);
}

export async function a_password_is_changed_by_an_update(client, service) {
  const email = client.address();
  const user = await client.users.createUser({ email, password: FIRST_PASSWORD });
  await client.users.updateUser({ userId: user.id, password: SECOND_PASSWORD });
  expect(!service.accepts(email, FIRST_PASSWORD), 'the old password is refused');
  expect(service.accepts(email, SECOND_PASSWORD), 'the new password is in force');
}

export async function users_are_listed_by_address(client) {
  const email = client.address();
  const user = await client.users.createUser({ email });
  await client.users.createUser({ email: client.address() });
  const page = await client.users.listUsers({ email: email.toUpperCase() });
  equal(page.data, [user], 'the users of an address');
  equal(page.listMetadata, { before: null, after: null }, 'cursors of the only page');
  equal((await client.users.listUsers({ email: client.address() })).data, [], 'users of an unknown address');
}

export async function users_are_listed_in_pages(client) {
  const ids = [];
  for (let n = 0; n < 3; n += 1) ids.push((await client.users.createUser({ email: client.address() })).id);
  const [first, second, third] = ids;
  const list = async (options) => {
    const page = await client.users.listUsers({ limit: 2, ...options });
    return { ids: page.data.map((user) => user.id), ...page.listMetadata };
  };
  equal(await list({}), { ids: [third, second], before: null, after: second }, 'the first page, newest first');
  const next = await list({ after: second });
  equal([next.ids[0], next.before], [first, first], 'start of the second page');
  equal((await list({ before: first })).ids, [third, second], 'the page before the second');
  const last = await list({ after: first, order: 'asc' });
  equal([last.ids, last.after], [[second, third], null], 'the last page, oldest first');
}

export async function the_sdk_walks_through_all_pages(client) {
  const ids = [];
  for (let n = 0; n < 3; n += 1) ids.unshift((await client.users.createUser({ email: client.address() })).id);
  const walked = (await (await client.users.listUsers()).autoPagination()).map((user) => user.id);
  equal(walked.slice(0, 3), ids, 'the newest users');
  const listed = [];
  let after;
  do {
    const page = await client.users.listUsers({ limit: 20, after });
    listed.push(...page.data.map((user) => user.id));
    after = page.listMetadata.after;
  } while (after);
  equal(walked, listed, 'all users');
}

export async function a_user_is_found_by_the_id_of_another_system(client) {
  const externalId = `crm-${client.address()}`;
  const created = await client.users.createUser({
    email: client.address(), externalId, metadata: { plan: 'free' },
  });
  equal([created.externalId, created.metadata], [externalId, { plan: 'free' }], 'what was given');
  equal(await client.users.getUserByExternalId(externalId), created, 'the user, found');
  await refused(client, () => client.users.getUserByExternalId(`crm-${client.address()}`), NOBODY);
}

export async function an_unknown_user_is_404(client) {
  const { users } = client;
  await refused(client, () => users.getUser(UNKNOWN_USER), NOBODY);
  await refused(client, () => users.updateUser({ userId: UNKNOWN_USER, firstName: 'Ada' }), NOBODY);
  await refused(client, () => users.deleteUser(UNKNOWN_USER), NOBODY);
}

export async function a_taken_address_is_400(client) {
  const email = client.address();
  await client.users.createUser({ email });
  const taken = { status: 400, code: 'user_creation_error', errors: [{ code: 'email_not_available' }] };
  await refused(client, () => client.users.createUser({ email: email.toUpperCase() }), taken);
}

export async function a_weak_password_of_a_user_is_400(client, service) {
  const { users } = client;
  const email = client.address();
  const weak = { status: 400, code: 'password_strength_error', errors: [TOO_SHORT] };
  await refused(client, () => users.createUser({ email, password: WEAK_PASSWORD }), weak, [WEAK_PASSWORD]);
  equal((await users.listUsers({ email })).data, [], 'users that the refusal has left');
  const { id: userId } = await users.createUser({ email, password: FIRST_PASSWORD });
  await refused(client, () => users.updateUser({ userId, password: WEAK_PASSWORD }), weak, [WEAK_PASSWORD]);
  expect(service.accepts(email, FIRST_PASSWORD), 'the password is still in force');
}

export async function a_missing_address_is_422(client) {
  const needed = { status: 422, code: 'invalid_request_parameters', errors: [missing('email')] };
  await refused(client, () => client.users.createUser({}), needed);
  await refused(client, () => client.users.createUser({ email: '' }), needed);
}
