<?php
// Counts with PDO and with the library in turn, in one process: count.php LIBRARY DATABASE SECONDS WITH
[, $library, $database, $seconds, $with] = $argv;
$ours = FFI::cdef('void ours_install(void); int ours_open(const char *name);
    int ours_run(int handle, const char *sql); void ours_close(int handle);', $library);
if ($with === 'with') {
    $ours->ours_install();
}
$counted = 0;
$errors = 0;
$end = microtime(true) + (float) $seconds;
while (microtime(true) < $end) {
    try {
        $host = new PDO("sqlite:$database", null, null, [PDO::ATTR_TIMEOUT => 60]);
        $host->exec('BEGIN IMMEDIATE');
        $value = (int) $host->query('SELECT v FROM n')->fetchColumn();
        // Ours reads and closes while the host is about to write.
        $handle = $ours->ours_open($database);
        $ours->ours_run($handle, 'SELECT v FROM n');
        $ours->ours_close($handle);
        usleep(1000);
        $host->exec('UPDATE n SET v = ' . ($value + 1));
        $host->exec('COMMIT');
        $counted++;
        $host = null;
    } catch (PDOException) {
        $errors++;
        $host = null;
    }
    $handle = $ours->ours_open($database);
    $code = $ours->ours_run($handle, 'PRAGMA busy_timeout = 60000; BEGIN IMMEDIATE; UPDATE n SET v = v + 1; COMMIT');
    $code === 0 ? $counted++ : $errors++;
    $ours->ours_close($handle);
    usleep(1000);
}
echo "$counted $errors\n";
