// The installed package, and its types against the real thing.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

import * as esm from 'reset-password';

import { EMAIL, NEW_PASSWORD, PASSWORD, openWithUser } from './database.mjs';

const require = createRequire(import.meta.url);
const installed = dirname(require.resolve('reset-password/package.json'));
const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
// verify says where the compiler is: it is no part of what is tested.
const ts = require(join(process.env.TYPESCRIPT, 'typescript'));

const source = ts.createSourceFile(
  'index.d.ts',
  readFileSync(join(installed, 'index.d.ts'), 'utf8'),
  ts.ScriptTarget.Latest,
);
const declared = new Map(
  source.statements.filter((node) => node.name).map((node) => [node.name.text, node]),
);
const written = (node) => node.getText(source);

/** The fields of an interface: name, whether it may be left out, type. */
function fields(name) {
  return declared.get(name).members.map((member) => {
    return { name: written(member.name), optional: Boolean(member.questionToken), type: written(member.type) };
  });
}

test('the tarball holds what it needs and nothing else', () => {
  const files = readdirSync(installed, { recursive: true }).filter((file) => /\w\.\w+$|LICENSE/.test(file));
  const native = `node_modules/${Object.keys(manifest.optionalDependencies)[0]}`;
  assert.deepEqual(files.sort(), [
    ...['LICENSE-APACHE', 'LICENSE-MIT', 'README.md', 'arguments.js', 'call.js', 'errors.js'],
    ...['index.d.mts', 'index.d.ts', 'index.js', 'index.mjs', 'native.js', 'parameters.js'],
    ...['LICENSE-APACHE', 'LICENSE-MIT', 'README.md', 'package.json', 'reset-password.node'].map(
      (file) => `${native}/${file}`,
    ),
    'package.json',
  ].sort());
  assert.equal(manifest.scripts, undefined);
  assert.equal(manifest.dependencies, undefined);
  const platform = JSON.parse(readFileSync(join(installed, native, 'package.json'), 'utf8'));
  const versions = [manifest.version, platform.version, ...Object.values(manifest.optionalDependencies)];
  assert.deepEqual(new Set(versions), new Set([process.env.VERSION]));
  assert.equal(platform.scripts, undefined);
  assert.ok(!existsSync(join(installed, 'Cargo.toml')));
});

test('import and require give the same classes, by the same names', () => {
  const cjs = require('reset-password');
  assert.deepEqual(Object.keys(cjs).sort(), Object.keys(esm).sort());
  for (const [name, value] of Object.entries(cjs)) assert.equal(esm[name], value);
});

const loader = readFileSync(join(installed, 'native.js'), 'utf8');

/** What the loader does on a platform where `find` is what `require` does. */
function load(find, platform = { platform: 'linux', arch: 'x64' }) {
  const module = { exports: {} };
  new Function('require', 'module', 'process', loader)(find, module, platform);
  return module.exports;
}

test('the loader asks for the package of this platform alone', () => {
  const asked = [];
  const native = load((name) => {
    asked.push(name);
    return 'the module';
  });
  assert.equal(native, 'the module');
  assert.deepEqual(asked, ['reset-password-linux-x64-gnu']);
  for (const platform of ['linux', 'darwin']) {
    for (const arch of ['x64', 'arm64']) {
      const name = `reset-password-${platform}-${arch}`;
      load((asked) => assert.ok(asked === name || asked === `${name}-gnu`, asked), { platform, arch });
    }
  }
  const never = () => assert.fail('no package is for this platform');
  for (const other of [{ platform: 'linux', arch: 'ia32' }, { platform: 'win32', arch: 'x64' }]) {
    const name = `${other.platform}-${other.arch}`;
    const message = `reset-password has no native module for ${name}, only for Linux and macOS on x64 and arm64`;
    assert.throws(() => load(never, other), { message });
  }
});

test('where the module of one C library is not there or cannot be loaded, that of the other is', () => {
  const absent = Object.assign(new Error('Cannot find module'), { code: 'MODULE_NOT_FOUND' });
  const foreign = Object.assign(new Error('Error loading shared library'), { code: 'ERR_DLOPEN_FAILED' });
  for (const arch of ['x64', 'arm64']) {
    const platform = { platform: 'linux', arch };
    for (const error of [absent, foreign]) {
      const native = load((name) => {
        if (name.endsWith('-gnu')) throw error;
        return name;
      }, platform);
      assert.equal(native, `reset-password-linux-${arch}-musl`);
    }
    // What could not be loaded says more than what is not there, whichever of the two it is.
    for (const broken of ['-gnu', '-musl']) {
      const find = (name) => { throw name.endsWith(broken) ? foreign : absent; };
      assert.throws(() => load(find, platform), (error) => error === foreign);
    }
  }
});

test('the loader names each package of a platform literally, for bundlers, and no other', () => {
  const required = [...loader.matchAll(/\brequire\((.*?)\)/g)].map(([, name]) => name);
  const platforms = ['linux-x64-gnu', 'linux-x64-musl', 'linux-arm64-gnu', 'linux-arm64-musl', 'darwin-x64', 'darwin-arm64'];
  assert.deepEqual(required, platforms.map((platform) => `'reset-password-${platform}'`));
  // A tarball that was built here brings one of them along.
  const [own, ...others] = Object.keys(manifest.optionalDependencies);
  assert.ok(required.includes(`'${own}'`) && others.length === 0, own);
});

test('a module that is not there is an error that says what to do, and a broken one speaks for itself', () => {
  const absent = Object.assign(new Error('Cannot find module'), { code: 'MODULE_NOT_FOUND' });
  const raised = (error) => () => load(() => { throw error; });
  assert.throws(raised(absent), (error) => {
    assert.equal(error.cause, absent);
    assert.match(error.message, /^reset-password has no native module here, though there is one for linux-x64: /);
    assert.match(error.message, /its package was not installed \(optional dependencies were left out/);
    assert.match(error.message, /a bundler left it behind: keep reset-password out of the bundle/);
    return true;
  });
  const damaged = new Error('invalid ELF header');
  assert.throws(raised(damaged), (error) => error === damaged);
});

test('every export is declared, and every declared class is exported', () => {
  const classes = [...declared].filter(([, node]) => ts.isClassDeclaration(node)).map(([name]) => name);
  assert.deepEqual(classes.sort(), Object.keys(esm).sort());
  for (const name of classes.filter((one) => one.endsWith('Error') && one !== 'ResetPasswordError')) {
    const [constant, property] = declared.get(name).members;
    assert.equal(written(constant), `static readonly code: '${esm[name].code}';`);
    assert.equal(written(property), `readonly code: '${esm[name].code}';`);
  }
  const codes = written(declared.get('ErrorCode').type).match(/\w+/g);
  assert.deepEqual(codes, Object.values(esm).map((type) => type.code).filter(Boolean));
});

test('the methods are those that are declared, with their parameters', () => {
  const { UserManagement } = esm;
  const members = declared.get('UserManagement').members.filter(ts.isMethodDeclaration);
  const isStatic = (member) => member.modifiers?.some((one) => one.kind === ts.SyntaxKind.StaticKeyword);
  const names = (list) => list.map((member) => written(member.name)).sort();
  const methods = members.filter((member) => !isStatic(member));
  assert.deepEqual(names(members.filter(isStatic)), ['open']);
  const real = Object.getOwnPropertyNames(UserManagement.prototype).filter((name) => name !== 'constructor');
  assert.deepEqual(names(methods), [...real, '[Symbol.asyncDispose]'].sort());
  for (const member of members) {
    const name = written(member.name);
    if (name.startsWith('[')) continue;
    const real = (isStatic(member) ? UserManagement : UserManagement.prototype)[name];
    const parameters = /\((.*?)\)/.exec(real.toString())[1];
    assert.equal(parameters, member.parameters.map((parameter) => written(parameter.name)).join(', '), name);
    assert.match(written(member.type), /^Promise</);
  }
});

test('named arguments are those that are declared', () => {
  const { read } = require(join(installed, 'arguments.js'));
  const parameters = require(join(installed, 'parameters.js'));
  const values = {
    string: 'x',
    boolean: true,
    number: 1,
    "'asc' | 'desc'": 'asc',
    'readonly string[]': ['x'],
    'Readonly<Record<string, string>>': { a: 'b' },
  };
  const operations = [...declared.keys()].filter((name) => /[a-z]Options$/.test(name));
  assert.ok(operations.length > 10, String(operations));
  for (const type of operations) {
    const operation = type[0].toLowerCase() + type.slice(1, -'Options'.length);
    const declaredFields = fields(type);
    const given = Object.fromEntries(declaredFields.map(({ name, type }) => [name, values[type]]));
    assert.deepEqual(parameters[operation].map(([name]) => name), declaredFields.map(({ name }) => name));
    assert.equal(read(operation, given).length, declaredFields.length);
    for (const field of declaredFields) {
      const { [field.name]: left, ...rest } = given;
      assert.notEqual(left, undefined, field.type);
      if (field.optional) assert.ok(read(operation, rest));
      else assert.throws(() => read(operation, rest), TypeError);
    }
    assert.throws(() => read(operation, { ...given, other: 1 }), TypeError);
  }
});

test('results have the fields that are declared, in order and of their types', async () => {
  const { userManagement: users, user } = await openWithUser(undefined, { messages: true });
  const reset = await users.createPasswordReset({ email: EMAIL });
  const list = await users.listUsers();
  const feed = await users.events();
  const check = await users.checkPassword({ password: 'x' });
  const token = reset.passwordResetToken;
  const answer = await users.resetPassword({ token, newPassword: NEW_PASSWORD });
  await users.authenticateWithPassword({ email: EMAIL, password: NEW_PASSWORD });
  assert.notEqual(NEW_PASSWORD, PASSWORD);
  const messages = await users.messages();
  const results = {
    User: [user, await users.getUser(user.id)],
    UserList: [list],
    UserCursors: [list.listMetadata],
    PasswordReset: [reset],
    ResetPasswordResponse: [answer],
    PasswordCheck: [check],
    Detail: check.errors,
    Event: feed.data,
    EventList: [feed],
    EventCursor: [feed.listMetadata],
    Purged: [await users.purge()],
    TokenCheck: [await users.checkPasswordResetToken({ token })],
    MessageList: [messages],
    Message: messages.data,
  };
  const fits = {
    string: (value) => typeof value === 'string',
    'string | null': (value) => value === null || typeof value === 'string',
    'number | null': (value) => value === null || typeof value === 'number',
    boolean: (value) => typeof value === 'boolean',
    number: (value) => typeof value === 'number',
  };
  for (const [type, values] of Object.entries(results)) {
    assert.ok(values.length > 0, type);
    for (const value of values) {
      assert.deepEqual(Object.keys(value), fields(type).map(({ name }) => name), type);
      for (const field of fields(type)) {
        const fit = fits[field.type] ?? ((one) => typeof one === 'object' && one !== null);
        assert.ok(fit(value[field.name]), `${type}.${field.name}`);
      }
    }
  }
});
