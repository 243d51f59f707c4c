// Assertions that say what was expected. None of them prints a password or a token.

import { inspect, isDeepStrictEqual } from 'node:util';

export class Disagreement extends Error {}

export function expect(condition, what) {
  if (!condition) throw new Disagreement(what);
}

export function equal(actual, expected, what) {
  if (!isDeepStrictEqual(actual, expected)) {
    throw new Disagreement(`${what}: ${inspect(actual)}, expected ${inspect(expected)}`);
  }
}

/** Reads a timestamp, which every generation hands over as it came. */
export function moment(value) {
  const form = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
  expect(typeof value === 'string' && form.test(value), `${inspect(value)} is no timestamp of the API`);
  return Date.parse(value);
}

/**
 * Makes a call that must be refused, and compares all that the SDK tells of it. A refusal is
 * `{ status, code, errors }`, the errors without their messages. `never` are secrets that no part of the
 * exception may repeat.
 */
export async function refused(client, call, refusal, never = []) {
  let error;
  try {
    await call();
  } catch (thrown) {
    error = thrown;
  }
  expect(error, `the call was accepted, expected ${refusal.status} ${refusal.code}`);
  checkRefusal(client, error, refusal);
  for (const secret of never) {
    const told = inspect([error.message, { ...error }], { depth: 9 });
    expect(!told.includes(secret), 'the exception repeats a secret');
  }
}

function checkRefusal({ generation, sdk }, error, refusal) {
  const name = generation.exceptions[refusal.status];
  equal(error.constructor, sdk[name], 'class of the exception');
  // Every field that the class sets, `message` among them; an undefined one is one that is not told.
  const told = Object.fromEntries(
    Object.entries({ ...error, message: error.message }).filter(([, value]) => value !== undefined),
  );

  const { requestID, message } = told;
  delete told.requestID;
  delete told.message;
  if (generation.tellsRequestId) {
    const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
    expect(uuid.test(requestID), 'the request id is a UUID');
  } else {
    equal(requestID, '', 'request id, which this generation does not find');
  }
  checkMessage(message, refusal);

  const { status, code, errors } = refusal;
  const expected = { status, name };
  if (status === 400) {
    told.errors = told.errors.map(withoutMessage);
    Object.assign(expected, { code, errors });
  } else if (status === 403) {
    expected.rawData = { code, message };
    if (generation.tellsCodeOf403) expected.code = code;
  } else if (status !== 401) {
    expected.code = code;
  }
  equal(told, expected, 'the exception');
}

function checkMessage(message, { status, errors }) {
  if (status === 401) {
    equal(message, 'Could not authorize the request. Maybe your API key is invalid?', 'message');
  } else if (status === 422) {
    // The class replaces the message by the codes, and keeps no `errors`.
    const codes = errors.map((entry) => `\t${entry.code}\n`).join('');
    equal(message, `The following requirement must be met:\n${codes}`, 'message');
  } else {
    expect(typeof message === 'string' && message, 'the exception has a message');
    expect(!message.startsWith('The requested path'), 'the message is the service’s own');
  }
}

function withoutMessage({ message, ...entry }) {
  expect(typeof message === 'string' && message, `${inspect(entry)} has a message`);
  return entry;
}
