// The same as a CommonJS module. It is compiled and not run.
import resetPassword = require('reset-password');
import { UserManagement, UserNotFoundError } from 'reset-password';

export async function find(id: string): Promise<resetPassword.User | null> {
  const userManagement: UserManagement = await resetPassword.UserManagement.open(':memory:');
  try {
    return await userManagement.getUser(id);
  } catch (error) {
    if (error instanceof UserNotFoundError) return null;
    throw error;
  } finally {
    await userManagement.close();
  }
}

// @ts-expect-error an id is a string
void find(7);
