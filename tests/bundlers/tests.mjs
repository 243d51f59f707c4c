// Bundles the application with each tool, takes the package away, and starts what came out somewhere else.
import assert from 'node:assert/strict';
import { cpSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { BUNDLERS } from './bundlers.mjs';
import { answered, run, told } from './started.mjs';

const [application, work] = process.argv.slice(2);
const require = createRequire(join(application, 'package.json'));
const installed = join(application, 'node_modules/reset-password');
const readme = readFileSync(join(installed, 'README.md'), 'utf8');

const STORY = {
  loggedIn: 'ada@example.com',
  refused: 'PasswordResetTokenNotFoundError: password_reset_token_not_found',
};

const results = { passed: 0, failed: 0 };

async function test(name, prove) {
  const began = performance.now();
  try {
    await prove();
    results.passed += 1;
    console.log(`ok     ${name} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  } catch (error) {
    results.failed += 1;
    console.log(`FAILED ${name}\n${error.message}`);
  }
}

/** Where the output of a tool is moved. */
const moved = (bundler) => join(work, String(BUNDLERS.indexOf(bundler)));

function move(from, to) {
  cpSync(from, to, { recursive: true, verbatimSymlinks: true });
  rmSync(from, { recursive: true });
}

async function bundle(bundler) {
  const [program, ...args] = bundler.command(moved(bundler));
  const path = join(application, 'node_modules/.bin', program);
  const { code, output, errors } = await run(path, args, { cwd: application });
  assert.equal(code, 0, `${program} ended with ${code}\n${output}${errors}`);
  assert.doesNotMatch(output + errors, /warning/i);
  if (bundler.output) move(join(application, bundler.output), moved(bundler));
}

/** The environment of what is started: where programs and temporary files are, and nothing else. */
const env = { PATH: process.env.PATH, TMPDIR: work };

function tell(bundler) {
  const place = { cwd: moved(bundler), env };
  return bundler.serves ? answered(bundler.main, bundler.serves, place) : told(bundler.main, place);
}

/** What an application says that is started without what `lost` chooses from its files. */
async function complaint(name, lost) {
  const cwd = moved(BUNDLERS.find((bundler) => bundler.name === name));
  const files = readdirSync(cwd, { recursive: true }).filter((file) => file.endsWith(lost));
  assert.equal(files.length, 1, files.join());
  rmSync(join(cwd, files[0]), { recursive: true });
  const [main] = readdirSync(cwd).filter((file) => file.startsWith('main.'));
  const { code, errors } = await run(process.execPath, [main], { cwd, env });
  assert.equal(code, 1, errors);
  return errors;
}

for (const bundler of BUNDLERS) {
  const { version } = require(`${bundler.tool}/package.json`);
  await test(`${bundler.name}: version ${version} bundles the application without a warning`, () => bundle(bundler));
}

// What an application left out it brings along; for all others the package is gone.
const away = join(work, 'reset-password');
move(installed, away);
for (const bundler of BUNDLERS) {
  await test(`${bundler.name}: what came out resets a password, away from the package`, async () => {
    if (bundler.leftOut) cpSync(away, join(moved(bundler), 'node_modules/reset-password'), { recursive: true });
    assert.deepEqual(await tell(bundler), STORY);
  });
}

const settings = new Set(BUNDLERS.flatMap((bundler) => bundler.settings));
for (const [name, lost] of [['@vercel/nft', 'reset-password-linux-x64-gnu'], ['esbuild', '.node']]) {
  await test(`${name}: without ${lost} the error says what a bundler needs`, async () => {
    const said = await complaint(name, lost);
    assert.match(said, /^Error: reset-password has no native module here, though there is one for linux-x64: /m);
    assert.match(said, /, or a bundler left it behind: keep reset-password out of the bundle /);
    for (const setting of settings) assert.ok(said.includes(setting), setting);
  });
}

await test('the README names each setting', () => {
  for (const setting of settings) assert.ok(readme.includes(setting), setting);
});

const { passed, failed } = results;
console.log(`test result: ${failed === 0 ? 'ok' : 'FAILED'}. ${passed} passed; ${failed} failed; 0 ignored;`);
process.exitCode = failed === 0 ? 0 : 1;
