// Counts with better-sqlite3 and with the library in turn, in one process:
// count.cjs LIBRARY DATABASE SECONDS WITH
const koffi = require("koffi");
const Database = require("better-sqlite3");

const [library, database, seconds, wanted] = process.argv.slice(2);
const dl = koffi.load(library);
const install = dl.func("void ours_install()");
const open = dl.func("int ours_open(const char *name)");
const run = dl.func("int ours_run(int handle, const char *sql)");
const close = dl.func("void ours_close(int handle)");
if (wanted === "with") install();

const pause = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
let counted = 0;
let errors = 0;
const end = Date.now() + seconds * 1000;
while (Date.now() < end) {
  let host;
  try {
    host = new Database(database, { timeout: 60000 });
    host.exec("BEGIN IMMEDIATE");
    const { v } = host.prepare("SELECT v FROM n").get();
    // Ours reads and closes while the host is about to write.
    const reader = open(database);
    run(reader, "SELECT v FROM n");
    close(reader);
    pause();
    host.prepare("UPDATE n SET v = ?").run(v + 1);
    host.exec("COMMIT");
    counted += 1;
  } catch {
    errors += 1;
  }
  try {
    host?.close();
  } catch {
    errors += 1;
  }
  const handle = open(database);
  const code = run(handle, "PRAGMA busy_timeout = 60000; BEGIN IMMEDIATE; UPDATE n SET v = v + 1; COMMIT");
  if (code === 0) counted += 1;
  else errors += 1;
  close(handle);
  pause();
}
console.log(`${counted} ${errors}`);
