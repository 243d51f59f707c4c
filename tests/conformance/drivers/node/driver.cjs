'use strict';

// The conformance driver of Node: one JSON request a line in, one JSON answer a line out. It uses the
// installed package as an application does.
const { createInterface } = require('node:readline');
const resetPassword = require('reset-password');

const { OPERATIONS, RECORDS } = require('./described.cjs');
const { signatures } = require('./signatures.cjs');

const { ResetPasswordError, UserManagement } = resetPassword;

const camel = (name) => name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());

/** A record with the names that every language has. */
function canonical(name, value) {
  if (value === null) return null;
  const field = ([own, property, of, count]) => {
    const held = value[property];
    if (of === undefined) return [own, held];
    return [own, count === 'many' ? held.map((one) => canonical(of, one)) : canonical(of, held)];
  };
  return Object.fromEntries(RECORDS[name].map(field));
}

/** An argument as it is meant. */
function meant(value) {
  if (Array.isArray(value)) return value.map(meant);
  if (value === null || typeof value !== 'object') return value;
  const keys = Object.keys(value);
  const given = keys.length === 1 ? value[keys[0]] : undefined;
  switch (keys.length === 1 ? keys[0] : '') {
    case '$utf16': return String.fromCharCode(...given);
    case '$bytes': return Uint8Array.from(Buffer.from(given, 'hex'));
    case '$undefined': return undefined;
    case '$symbol': return Symbol(given);
    case '$float': return { nan: NaN, inf: Infinity }[given] ?? Number(given);
    case '$big': return BigInt(given);
    case '$repeat': return meant(given[0]).repeat(given[1]);
    default: return Object.fromEntries(keys.map((key) => [key, meant(value[key])]));
  }
}

const handles = new Map();

async function operate({ handle, call, arguments: given = {} }) {
  const values = Object.fromEntries(Object.keys(given).map((name) => [name, meant(given[name])]));
  const alone = [];
  const take = (name) => {
    alone.push(values[name]);
    delete values[name];
  };
  const named = () =>
    Object.fromEntries(Object.keys(values).map((name) => [camel(name), values[name]]));
  if (call === 'open') {
    take('database_url');
    handles.set(handle, await UserManagement.open(...alone, named()));
    return null;
  }
  if (!Object.hasOwn(OPERATIONS, call)) throw new Error(`no such call: ${call}`);
  const userManagement = handles.get(handle);
  if (userManagement === undefined) throw new Error(`no such handle: ${handle}`);
  const [first, record] = OPERATIONS[call];
  first.forEach(take);
  const rest = named();
  if (Object.keys(rest).length > 0 || first.length === 0) alone.push(rest);
  else if (call === 'update_user') alone.push({});
  const answered = await userManagement[camel(call)](...(call === 'close' ? [] : alone));
  try {
    if (record === null) return answered ?? null;
    return canonical(record, call === 'reset_password' ? answered.user : answered);
  } catch (error) {
    // Not the package's, so not a refusal.
    throw new Error(`the answer to ${call} has another form: ${error.message}`);
  }
}

function failure(error) {
  if (error instanceof ResetPasswordError) {
    const { code, message, retryable, retryAfter } = error;
    const errors = error.errors.map((detail) => canonical('Detail', detail));
    for (const detail of errors) {
      for (const name of Object.keys(detail)) if (detail[name] === null) delete detail[name];
    }
    return { code, message, errors, retryable, retry_after: retryAfter, class: error.constructor.name };
  }
  if (error instanceof TypeError) {
    const unknown = { message: '', errors: [], retryable: false, retry_after: null };
    return { code: 'input_invalid', ...unknown, class: 'TypeError' };
  }
  return { code: 'driver_failed', message: String(error) };
}

/** Every code and its class, as the package exports them. */
function codes() {
  const types = Object.values(resetPassword).filter((type) => type.prototype instanceof ResetPasswordError);
  return Object.fromEntries(types.map((type) => [type.code, type.name]));
}

function concurrently(calls) {
  return Promise.all(calls.map((call) => settled(() => operate(call))));
}

async function at({ unix_millis: moment, calls }) {
  const left = () => moment - (performance.timeOrigin + performance.now());
  if (left() > 1) await new Promise((resolve) => setTimeout(resolve, left() - 1));
  while (left() > 0);
  return concurrently(calls);
}

async function drop({ handle }) {
  await handles.get(handle)?.close();
  handles.delete(handle);
  return null;
}

async function answer(request) {
  switch (request.call) {
    case 'at': return at(request.arguments);
    case 'codes': return codes();
    case 'concurrently': return concurrently(request.arguments.calls);
    case 'drop': return drop(request);
    case 'signatures': return signatures();
    case 'version': {
      const { version } = require('reset-password/package.json');
      return { package: version, runtime: `Node ${process.version}` };
    }
    default: return operate(request);
  }
}

async function settled(work) {
  try {
    return { ok: await work() };
  } catch (error) {
    return { error: failure(error) };
  }
}

async function main() {
  for await (const line of createInterface({ input: process.stdin })) {
    let request = null;
    const outcome = await settled(() => {
      try {
        request = JSON.parse(line);
      } catch {
        throw new Error('a line that is not JSON');
      }
      return answer(request);
    });
    process.stdout.write(`${JSON.stringify({ id: request?.id ?? null, ...outcome })}\n`);
  }
}

main();
