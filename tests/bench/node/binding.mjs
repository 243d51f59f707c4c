// The package for Node. Arguments: memory in KiB, iterations, folder for the database.

import { join } from "node:path";

import { PasswordResetTokenNotFoundError, UserManagement } from "reset-password";

import { serve, timed, version } from "./protocol.mjs";

const [argon2MemoryKib, argon2Iterations] = process.argv.slice(2, 4).map(Number);
const database = join(process.argv[4], "node.db");
const email = "bench-1@example.com";
const users = await UserManagement.open(database, { argon2MemoryKib, argon2Iterations });
await users.createUser({ email });

const createReset = async () => (await users.createPasswordReset({ email })).passwordResetToken;

async function refuseEach(tokens) {
  for (const token of tokens) {
    try {
      await users.resetPassword({ token, newPassword: "never looked at, not one bit" });
    } catch (error) {
      if (error instanceof PasswordResetTokenNotFoundError) continue;
      throw error;
    }
    throw new Error("a token that nobody was given was accepted");
  }
}

const operations = {
  async reset({ password }) {
    const [create_ns, token] = await timed(createReset);
    const [ns] = await timed(() => users.resetPassword({ token, newPassword: password }));
    return { ns, create_ns };
  },

  // Well-formed tokens that nobody was given.
  async refuse({ count }) {
    const tokens = Array.from({ length: count }, (_, n) => `${String(n).padStart(42, "0")}A`);
    const [ns] = await timed(() => refuseEach(tokens));
    return { ns };
  },

  // The measured calls do what they are measured for: new password in, link dead.
  async check({ password }) {
    const token = await createReset();
    await users.resetPassword({ token, newPassword: password });
    await users.authenticateWithPassword({ email, password });
    await refuseEach([token]);
    return { database };
  },
};

await serve(
  {
    "reset-password": version("reset-password"),
    Node: process.versions.node,
    database: "a file with WAL and synchronous=FULL",
  },
  operations,
);
await users.close();
