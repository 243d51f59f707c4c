// Tells every story with an installed SDK: `main.mjs FOLDER VERSION`, the folder being the one that holds
// node_modules. Prints one line for each test.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

import { Client } from './client.mjs';
import { Disagreement } from './expect.mjs';
import { Service } from './service.mjs';
import * as access from './story_access.mjs';
import * as lostAnswer from './story_lost_answer.mjs';
import * as resets from './story_resets.mjs';
import * as users from './story_users.mjs';

const [folder, version] = process.argv.slice(2);
const installed = path.resolve(folder, 'node_modules/@workos-inc/node/package.json');
const found = JSON.parse(readFileSync(installed, 'utf8')).version;
if (found !== version) {
  console.error(`@workos-inc/node ${found} is installed, not ${version}`);
  process.exit(1);
}
const sdk = createRequire(path.resolve(folder, 'package.json'))('@workos-inc/node');

const service = new Service();
const client = new Client(sdk, version, service.baseUrl, service.apiKey);
let failed = 0;
for (const story of [users, resets, access, lostAnswer]) {
  for (const [name, test] of Object.entries(story)) {
    if (test.where && !test.where(client.generation)) continue;
    const line = `${client.label}: ${name.replaceAll('_', ' ')}`;
    try {
      await test(client, service);
      console.log(`ok     ${line}`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED ${line}\n       ${explain(error)}`);
    }
  }
}
process.exitCode = failed ? 1 : 0;

/** What went wrong and where; of an exception only the class, for its text may hold what was sent. */
function explain(error) {
  const what = error instanceof Disagreement
    ? error.message
    : [error.name, error.status, error.code].filter(Boolean).join(' ');
  const places = (error.stack ?? '').match(/story_\w+\.mjs:\d+/g) ?? [];
  return [what, ...new Set(places)].join('\n       ');
}
