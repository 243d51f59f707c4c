// The service under test, and what a test does behind the back of the HTTP API.

import { spawnSync } from 'node:child_process';

import { Disagreement } from './expect.mjs';

const TIMEOUT = 30_000;

export class Service {
  constructor(environment = process.env) {
    this.baseUrl = environment.SDK_BASE_URL;
    this.apiKey = environment.SDK_API_KEY;
    this.readingKey = environment.SDK_READING_KEY;
    this.resetUrl = environment.SDK_RESET_URL;
    this.database = environment.SDK_DATABASE;
    this.command = JSON.parse(environment.SDK_RESET_PASSWORD);
    this.ageReset = environment.SDK_AGE_RESET;
  }

  /** Moves a reset into the past. */
  makeOlder(resetId, seconds) {
    const options = ['--database', this.database, '--id', resetId, '--seconds', String(seconds)];
    const { status, stderr } = spawnSync(this.ageReset, options, { timeout: TIMEOUT, encoding: 'utf8' });
    if (status !== 0) throw new Disagreement(`the reset could not be made older: ${stderr}`);
  }

  /** Whether a login with this password succeeds. The HTTP API has no login yet. */
  accepts(email, password) {
    const [program, ...options] = this.command;
    options.push('--json', 'user', 'authenticate', '--email', email, '--password-stdin');
    const done = spawnSync(program, options, { input: `${password}\n`, timeout: TIMEOUT, encoding: 'utf8' });
    if (done.status === 0) return true;
    const { code } = JSON.parse(done.stderr).error;
    if (done.status !== 1 || code !== 'invalid_credentials') {
      throw new Disagreement(`the login ended with exit code ${done.status}, ${code}`);
    }
    return false;
  }
}
