// What every Node contender shares: one JSON request a line in, one JSON answer a line out.

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

/** The installed version of a package; read as a file, since `exports` may hide it. */
export function version(name) {
  const path = new URL(`./node_modules/${name}/package.json`, import.meta.url);
  return JSON.parse(readFileSync(path, "utf8")).version;
}

/** Runs `work` once and answers its own duration in ns with its result. */
export async function timed(work) {
  const start = process.hrtime.bigint();
  const result = await work();
  return [Number(process.hrtime.bigint() - start), result];
}

/** Greets with the versions measured, then answers requests until standard input ends. */
export async function serve(versions, operations) {
  answer({ versions });
  for await (const line of createInterface({ input: process.stdin })) {
    const { op, ...request } = JSON.parse(line);
    try {
      answer(await operations[op](request));
    } catch (error) {
      answer({ error: String(error) }); // the orchestrator reports it and stops the run
    }
  }
}

function answer(record) {
  process.stdout.write(`${JSON.stringify(record)}\n`);
}
