// What the application does, whatever it is bundled with.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { PasswordResetTokenNotFoundError, UserManagement } from 'reset-password';

const email = 'ada@example.com';
const oldPassword = 'a long walk by the sea';
const newPassword = 'three boats in a bottle';

/** Resets a password in a new database. Answers who logged in with it, and how the spent token was refused. */
export async function story() {
  const folder = mkdtempSync(join(tmpdir(), 'reset-password-bundlers-'));
  try {
    const cheap = { argon2MemoryKib: 19_456, argon2Iterations: 2 };
    const users = await UserManagement.open(`${folder}/app.db`, cheap);
    await users.createUser({ email, password: oldPassword });
    const { passwordResetToken: token } = await users.createPasswordReset({ email });
    await users.resetPassword({ token, newPassword });
    const user = await users.authenticateWithPassword({ email, password: newPassword });
    const refused = await refusal(users.resetPassword({ token, newPassword: oldPassword }));
    await users.close();
    return { loggedIn: user.email, refused };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function refusal(call) {
  try {
    await call;
    return 'nothing';
  } catch (error) {
    if (!(error instanceof PasswordResetTokenNotFoundError)) throw error;
    return `${error.name}: ${error.code}`;
  }
}
