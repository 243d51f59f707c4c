// Starts what was bundled, and answers what it told.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

// Only what hangs takes so long.
const PATIENCE_MS = 180_000;
// What is shown of what a program wrote: a line of a bundle may be all of it.
const LAST = 2_000;

/** Runs a program to its end. Answers its exit code and what it wrote. */
export async function run(program, args, { cwd, env = process.env }) {
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: PATIENCE_MS });
  const written = { output: '', errors: '' };
  child.stdout.on('data', (data) => { written.output += data; });
  child.stderr.on('data', (data) => { written.errors += data; });
  const [code] = await once(child, 'close');
  return { code, ...written };
}

/** What a program without arguments tells, in JSON. */
export async function told(main, place) {
  const { code, output, errors } = await run(process.execPath, [main], place);
  if (code !== 0) throw new Error(`${main} ended with ${code}\n${errors.slice(-LAST)}`);
  return JSON.parse(output);
}

/** What a server answers to a POST, in JSON. It is stopped then. */
export async function answered(main, path, { cwd, env }) {
  const port = await freePort();
  const server = spawn(process.execPath, [main], {
    cwd,
    env: { ...env, PORT: String(port), HOSTNAME: '127.0.0.1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(server, 'close');
  try {
    const log = await ready(server);
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', signal });
    if (!response.ok) throw new Error(`${path} answers ${response.status}\n${log.join('')}`);
    return await response.json();
  } finally {
    server.kill();
    await ended;
  }
}

/** Waits until the server says that it is ready. Answers what it writes, which goes on. */
function ready(server) {
  const log = [];
  return new Promise((resolve, reject) => {
    const read = (data) => {
      log.push(String(data));
      if (log.join('').includes('Ready')) resolve(log);
    };
    server.stdout.on('data', read);
    server.stderr.on('data', read);
    server.on('close', (code) => reject(new Error(`the server ended with ${code}\n${log.join('')}`)));
  });
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
