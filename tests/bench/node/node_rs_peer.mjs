// Bare Argon2id through @node-rs/argon2. Arguments: memory in KiB, iterations, `sync` or `async`.
//
// `sync` is the bare computation; `async` is what a server calls, with the trip to a worker thread
// and back and with that thread's own memory.

import { Algorithm, hashRaw, hashRawSync } from "@node-rs/argon2";

import { serve, timed, version } from "./protocol.mjs";

const [memoryCost, timeCost] = process.argv.slice(2, 4).map(Number);
const compute = process.argv[4] === "async" ? hashRaw : hashRawSync;

const operations = {
  async hash({ password, salt }) {
    const options = {
      memoryCost,
      timeCost,
      parallelism: 1,
      outputLen: 32,
      algorithm: Algorithm.Argon2id,
      salt: Buffer.from(salt),
    };
    const [ns, tag] = await timed(() => compute(password, options));
    return { ns, tag: tag.toString("base64").replaceAll("=", "") };
  },
};

await serve(
  { "@node-rs/argon2": version("@node-rs/argon2"), Node: process.versions.node },
  operations,
);
