'use strict';

const { inspect } = require('node:util');
const { errorOf } = require('./errors.js');
const native = require('./native.js');

// The number of each operation, by its name.
const operations = Object.fromEntries(native.operations().map((name, number) => [name, number]));

// What settles the promises of the calls under way, by ticket.
const settlers = new Map();
let tickets = 0;

const inbox = new native.Inbox((ticket, answer) => {
  const settle = settlers.get(ticket);
  settlers.delete(ticket);
  if (settlers.size === 0) inbox.keepAlive(false);
  settle(answer);
});

/**
 * Starts a native operation and waits for it; meanwhile the event loop stays alive. The native module
 * answers a result, or a list where it failed. The error is made here, after an `await`, so that its stack
 * leads to whoever awaits the call.
 */
async function outcome(start, shape) {
  const answer = await new Promise((settle) => {
    const ticket = (tickets += 1);
    start(ticket);
    if (settlers.size === 0) inbox.keepAlive(true);
    settlers.set(ticket, settle);
  });
  if (Array.isArray(answer)) throw errorOf(answer);
  return shape === undefined ? answer : shape(answer);
}

/** Opens a database with what `given` answers, and answers what `made` makes of the handle. */
function open(given, made) {
  return outcome((ticket) => native.open(inbox, ticket, given()), made);
}

/** Does the operation of that number with what `given` answers, and gives the answer its shape. */
function call(handle, operation, given, shape) {
  return outcome((ticket) => handle.call(ticket, operation, given()), shape);
}

function close(handle) {
  return outcome((ticket) => handle.close(ticket), nothing);
}

function nothing() {}

function response(user) {
  return Object.freeze({ user });
}

/** A reset whose token can be read, and is not shown by `console.log` and `util.inspect`. */
function quiet(reset) {
  if (reset === null) return null;
  return Object.freeze(Object.defineProperty(reset, inspect.custom, { value: withoutSecrets }));
}

function withoutSecrets(depth, options) {
  const shown = { ...this, passwordResetToken: '[redacted]', passwordResetUrl: '[redacted]' };
  return inspect(shown, { ...options, depth });
}

module.exports = { call, close, nothing, open, operations, quiet, response };
