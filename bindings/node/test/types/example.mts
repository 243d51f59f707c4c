// What an application in TypeScript writes. It is compiled, as an ECMAScript module, and not run.
import { PasswordRejectedError, ResetPasswordError, UserManagement } from 'reset-password';
import type { ErrorCode, OpenOptions, PasswordReset, User } from 'reset-password';

const options: OpenOptions = { tokenLifetime: 600, serviceNames: ['Watercress'] as const };
await using userManagement = await UserManagement.open('app.db', options);

const made: User = await userManagement.createUser({ email: 'ada@example.com', metadata: { a: 'b' } });
const lastSignInAt: string | null = made.lastSignInAt;
const reset: PasswordReset | null = await userManagement.requestPasswordReset({ email: made.email });

export async function redeem(token: string, newPassword: string): Promise<ErrorCode | string[]> {
  try {
    const { user } = await userManagement.resetPassword({ token, newPassword });
    return [user.id];
  } catch (error) {
    if (error instanceof PasswordRejectedError) {
      const code: 'password_rejected' = error.code;
      return [code, ...error.errors.map((reason) => reason.message)];
    }
    if (error instanceof ResetPasswordError && error.code !== 'internal') return error.code;
    throw error;
  }
}

const revoked: number = await userManagement.revokePasswordResets();
const next: string | null = (await userManagement.events({ limit: 100 })).listMetadata.after;
export const all = [lastSignInAt, reset, revoked, next];

// What must not compile.
// @ts-expect-error a handle is made by open
new UserManagement();
// @ts-expect-error a typo
await userManagement.resetPassword({ token: '', newPasswrd: '' });
// @ts-expect-error it is missing
await userManagement.resetPassword({ token: '' });
// @ts-expect-error it may be null
await userManagement.requestPasswordReset({ email: '' }).then((one) => one.id);
// @ts-expect-error results cannot be changed
made.email = '';
// @ts-expect-error there is no such order
await userManagement.listUsers({ order: 'up' });
// @ts-expect-error null clears nothing
await userManagement.updateUser(made.id, { firstName: null });
