'use strict';

const PARAMETERS = require('./parameters.js');

// What each operation takes, and of which types. Whether a value is acceptable is for the engine to say.

function text(value, name) {
  if (typeof value !== 'string') throw new TypeError(`${name} must be a string`);
  return value;
}

function flag(value, name) {
  if (typeof value !== 'boolean') throw new TypeError(`${name} must be true or false`);
  return value;
}

function whole(value, name) {
  if (typeof value !== 'bigint' && !Number.isInteger(value)) {
    throw new TypeError(`${name} must be a whole number`);
  }
  // What is beyond the safe integers is beyond every bound of the engine too.
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, Number(value)));
}

function texts(value, name) {
  if (!Array.isArray(value)) throw new TypeError(`${name} must be an array of strings`);
  return Array.from(value, (item, index) => text(item, `${name}[${index}]`));
}

/** Keys and values, one after the other in one list. */
function pairs(value, name) {
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new TypeError(`${name} must be an object of strings`);
  }
  return Reflect.ownKeys(value).flatMap((key) => {
    if (typeof key === 'symbol') throw new TypeError(`${name} must have no symbol as a key`);
    return [key, text(value[key], `each value of ${name}`)];
  });
}

const CONVERTERS = { flag, number: whole, pairs, text, texts };

const OPERATIONS = Object.fromEntries(
  Object.entries(PARAMETERS).map(([operation, all]) => {
    const parameters = all.map(([name, kind, isRequired]) => ({ name, convert: CONVERTERS[kind], isRequired }));
    return [operation, { parameters, names: new Set(parameters.map(({ name }) => name)) }];
  }),
);

/**
 * The arguments of an operation in the order of its parameters, each read once. What is null or undefined
 * counts as left out. Throws a TypeError for a wrong type and for a property that the operation does not have.
 */
function read(operation, given) {
  const { parameters, names } = OPERATIONS[operation];
  const source = given ?? {};
  if (typeof source !== 'object') {
    throw new TypeError(`${operation} takes an object of named arguments`);
  }
  for (const key of Reflect.ownKeys(source)) {
    if (!names.has(key)) {
      throw new TypeError(`${operation} does not take a property called ${String(key)}`);
    }
  }
  return parameters.map(({ name, convert, isRequired }) => {
    const value = source[name];
    return isRequired || (value !== undefined && value !== null) ? convert(value, name) : undefined;
  });
}

module.exports = { read, text };
