// Verifies what was sent with a generation of the vendor's SDK, or with standardwebhooks.
//
//     verify.mjs PACKAGE VERSION FOLDER DELIVERIES
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [name, version, folder, path] = process.argv.slice(2);
const require = createRequire(join(folder, 'package.json'));
const deliveries = JSON.parse(readFileSync(path, 'utf8'));
const isStandard = name === 'standardwebhooks';
const generation = Number.parseInt(version, 10);

async function checkStandard({ body, headers, secrets, secret }) {
  const { Webhook } = require('standardwebhooks');
  const verify = (text, given, key) => new Webhook(key).verify(text, given);
  for (const key of secrets) {
    assert.equal(verify(body, headers, key).id, headers['webhook-id']);
  }
  assert.throws(() => verify(`${body} `, headers, secret), /signature/i, 'a changed byte');
  const other = `whsec_${Buffer.alloc(32).toString('base64')}`;
  assert.throws(() => verify(body, headers, other), /signature/i, 'another secret');
  const old = new Date(Date.now() - 600_000);
  const stale = {
    ...headers,
    'webhook-timestamp': String(Math.floor(old / 1000)),
    'webhook-signature': new Webhook(secret).sign(headers['webhook-id'], old, body),
  };
  assert.throws(() => verify(body, stale, secret), /too old/i, 'ten minutes old');
}

async function checkVendor({ body, headers, vendor_secret: secret, stale_signature: stale }) {
  const { WorkOS } = require('@workos-inc/node');
  const { webhooks } = new WorkOS('sk_test');
  // Before 11 the SDK takes what was parsed, and writes it again.
  const payload = generation >= 11 ? body : JSON.parse(body);
  const believe = (given, sigHeader, key) => webhooks.constructEvent({ payload: given, sigHeader, secret: key });
  const signature = headers['workos-signature'];
  const { id, event: kind } = JSON.parse(body);
  const event = await believe(payload, signature, secret);
  // Before 11 the SDK believes a kind that it does not know, and answers nothing.
  const isUnknown = generation < 11 && kind.startsWith('webhook');
  assert.deepEqual([event?.id, event?.event], isUnknown ? [undefined, undefined] : [id, kind]);
  assert.equal(id, headers['webhook-id']);
  const changed = generation >= 11 ? `${body} ` : { ...payload, id: 'event_1' };
  await assert.rejects(believe(changed, signature, secret), 'a changed byte');
  await assert.rejects(believe(payload, signature, `${secret}x`), 'another secret');
  await assert.rejects(believe(payload, stale, secret), 'ten minutes old');
}

async function manage() {
  const { WorkOS } = require('@workos-inc/node');
  const { hostname: apiHostname, port } = new URL(process.env.WEBHOOKS_BASE_URL);
  const client = new WorkOS(process.env.WEBHOOKS_API_KEY, { apiHostname, https: false, port: Number(port) });
  const { webhooks } = client;
  const endpointUrl = 'https://example.com/hooks';
  const made = await webhooks.createWebhookEndpoint({ endpointUrl, events: ['user.created'] });
  assert.match(made.secret, /^whsec_/);
  assert.equal(made.status, 'enabled');
  const ids = async () => (await webhooks.listWebhookEndpoints()).data.map(({ id }) => id);
  assert.ok((await ids()).includes(made.id));
  const changed = await webhooks.updateWebhookEndpoint({ id: made.id, status: 'disabled' });
  assert.equal(changed.status, 'disabled');
  await webhooks.deleteWebhookEndpoint({ id: made.id });
  assert.ok(!(await ids()).includes(made.id));
}

const tests = deliveries
  // What an SDK parses and writes again, it writes with keys that are numbers first.
  .filter(({ body }) => isStandard || generation >= 11 || JSON.stringify(JSON.parse(body)) === body)
  .map((delivery) => [`verifies: ${delivery.name}`, () => (isStandard ? checkStandard : checkVendor)(delivery)]);
if (!isStandard && generation >= 11) tests.push(['makes, lists, changes and removes an endpoint', manage]);
let failed = tests.length < 5;
for (const [what, prove] of tests) {
  try {
    await prove();
    console.log(`ok     ${name} ${version} (Node) ${what}`);
  } catch (error) {
    failed = true;
    console.log(`FAILED ${name} ${version} (Node) ${what}\n       ${error.stack}`);
  }
}
process.exit(failed ? 1 : 0);
