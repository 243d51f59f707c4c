'use strict';

// better-sqlite3 beside the package: beside.cjs DATABASE SECONDS USER

const { readdirSync } = require('node:fs');
const Database = require('better-sqlite3');
const { UserManagement } = require('reset-password');

const [database, seconds, number] = process.argv.slice(2);
const descriptors = () => readdirSync('/proc/self/fd').length;

// Reads a number and writes the next one, in one transaction of the application's own.
function addOne() {
  const connection = new Database(database, { timeout: 60_000 });
  connection.exec('BEGIN IMMEDIATE');
  const { logins } = connection.prepare('SELECT logins FROM users WHERE id = 1').get();
  connection.prepare('UPDATE users SET logins = ? WHERE id = 1').run(logins + 1);
  connection.exec('COMMIT');
  connection.close();
}

async function main() {
  const users = await UserManagement.open(database, { argon2MemoryKib: 19_456, argon2Iterations: 2, users: 'own' });
  const { email } = await users.getUser(number);
  let increments = 0;
  let resets = 0;
  let atFirst;
  const end = Date.now() + Number(seconds) * 1_000;
  while (Date.now() < end) {
    const made = users.createPasswordReset({ email });
    // The engine's threads are at work while the application writes.
    addOne();
    increments += 1;
    const { passwordResetToken } = await made;
    const reset = users.resetPassword({ token: passwordResetToken, newPassword: 'a long walk by the sea' });
    addOne();
    increments += 1;
    await reset;
    resets += 1;
    atFirst ??= descriptors();
  }
  await users.close();
  console.log(
    JSON.stringify({ increments, resets, descriptors: descriptors(), descriptors_at_first: atFirst }),
  );
}

main();
