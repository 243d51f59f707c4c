// better-auth's whole reset, `auth.api.resetPassword`, hashing with @node-rs/argon2.
// Arguments: memory in KiB, iterations, folder for the database; after them the URL of a PostgreSQL
// database to use instead.

import { join } from "node:path";

import { Algorithm, hash, verify } from "@node-rs/argon2";
import { betterAuth } from "better-auth";

import { serve, timed, version } from "./protocol.mjs";

const [memoryCost, timeCost] = process.argv.slice(2, 4).map(Number);
const file = join(process.argv[4], "better-auth.db");
const url = process.argv[5];
const argon2 = { memoryCost, timeCost, parallelism: 1, algorithm: Algorithm.Argon2id };

/** The best database that this machine offers, and what to call it in the table. */
async function openDatabase() {
  if (url) {
    const { default: pg } = await import("pg");
    const pool = new pg.Pool({ connectionString: url });
    return { database: pool, name: `pg ${version("pg")}`, file: null };
  }
  const durable = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL";
  try {
    const { default: Database } = await import("better-sqlite3");
    const database = new Database(file);
    database.exec(durable);
    const driver = `better-sqlite3 ${version("better-sqlite3")}`;
    return { database, name: `a file with WAL and synchronous=FULL, ${driver}`, file };
  } catch {
    // Not compiled for this machine; Node's own module is as durable.
  }
  try {
    const { DatabaseSync } = await import("node:sqlite");
    const database = new DatabaseSync(file);
    database.exec(durable);
    return { database, name: "a file with WAL and synchronous=FULL, node:sqlite", file };
  } catch {
    // Before Node 22 there is none.
  }
  const { memoryAdapter } = await import("better-auth/adapters/memory");
  const database = memoryAdapter({ user: [], account: [], session: [], verification: [] });
  const name = "a database IN MEMORY, never written to disk, which is generous to it";
  return { database, name, file: null };
}

const { database, name: databaseName, file: databaseFile } = await openDatabase();

const sent = new Map(); // e-mail → token of the last link "sent"
const auth = betterAuth({
  baseURL: "http://localhost:3000",
  secret: "only-for-this-measurement-0123456789-0123456789",
  database,
  logger: { disabled: true },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  emailAndPassword: {
    enabled: true,
    password: {
      hash: (password) => hash(password, argon2),
      verify: ({ hash: stored, password }) => verify(stored, password),
    },
    sendResetPassword: async ({ user, token }) => void sent.set(user.email, token),
  },
});
const context = await auth.$context;
if (databaseFile || url) await context.runMigrations();

let users = 0;

/** New users with a credential, whose one placeholder hash is computed only once. */
async function createUsers(count) {
  const password = await hash("the password before any reset", argon2);
  const emails = [];
  for (let i = 0; i < count; i += 1) {
    const email = `bench-${(users += 1)}@example.com`;
    const { id } = await context.internalAdapter.createUser({ email, name: email });
    const account = { userId: id, providerId: "credential", accountId: id, password };
    await context.internalAdapter.createAccount(account);
    emails.push(email);
  }
  return emails;
}

async function createReset(email) {
  await auth.api.requestPasswordReset({ body: { email } });
  const token = sent.get(email);
  sent.delete(email);
  return token;
}

const resetPassword = (token, newPassword) =>
  auth.api.resetPassword({ body: { newPassword, token } });

/** Resolves when the token is refused, and only then. */
async function refused(token, password) {
  try {
    await resetPassword(token, password);
  } catch (error) {
    if (error?.body?.code === "INVALID_TOKEN") return;
    throw error;
  }
  throw new Error("a dead token was accepted");
}

const operations = {
  async reset({ password }) {
    const [create_ns, token] = await timed(() => createReset(email));
    const [ns] = await timed(() => resetPassword(token, password));
    return { ns, create_ns };
  },

  // Well-formed tokens that nobody was given.
  async refuse({ count }) {
    const tokens = Array.from({ length: count }, (_, n) => String(n).padStart(24, "0"));
    const [ns] = await timed(async () => {
      for (const token of tokens) await refused(token, "never looked at, not one bit");
    });
    return { ns };
  },

  // `callers` concurrent promises redeem `resets` links, one user each.
  async throughput({ callers, resets, password }) {
    const tokens = [];
    for (const email of await createUsers(resets)) tokens.push(await createReset(email));
    const caller = async () => {
      for (let token = tokens.pop(); token; token = tokens.pop()) {
        await resetPassword(token, password);
      }
    };
    const [ns] = await timed(() => Promise.all(Array.from({ length: callers }, caller)));
    return { ns, overloaded: 0 };
  },

  // The measured call does what it is measured for: new password in, link dead.
  async check({ password }) {
    const token = await createReset(email);
    await resetPassword(token, password);
    await auth.api.signInEmail({ body: { email, password } });
    await refused(token, password);
    const { user, accounts } = await context.internalAdapter.findUserByEmail(email, {
      includeAccounts: true,
    });
    if (!user.id) throw new Error("the account is gone");
    return { database: databaseFile, stored: accounts[0].password };
  },
};

const [email] = await createUsers(1);
await serve(
  {
    "better-auth": version("better-auth"),
    Node: process.versions.node,
    hash: `Argon2id of @node-rs/argon2 ${version("@node-rs/argon2")}`,
    database: databaseName,
    callers: "concurrent promises of one process",
  },
  operations,
);
