// A database of its own for each test, with hashes as cheap as they may be.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { UserManagement } from 'reset-password';

export const CHEAP = { argon2MemoryKib: 19_456, argon2Iterations: 2 };
export const EMAIL = 'ada@example.com';
export const PASSWORD = 'a long walk by the sea';
export const NEW_PASSWORD = 'three boats in a bottle';

/** A folder that is removed when the test ends. */
export function folder(t) {
  const path = mkdtempSync(join(tmpdir(), 'reset-password-node-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** The path of a database that is removed when the test ends. */
export function path(t) {
  return join(folder(t), 'test.db');
}

export function open(url = ':memory:', options = {}) {
  return UserManagement.open(url, { ...CHEAP, ...options });
}

/** A handle with one user. */
export async function openWithUser(url, options) {
  const userManagement = await open(url, options);
  const user = await userManagement.createUser({ email: EMAIL, password: PASSWORD });
  return { userManagement, user };
}

export async function token(userManagement) {
  return (await userManagement.createPasswordReset({ email: EMAIL })).passwordResetToken;
}
