<?php

// PDO beside the extension: beside.php DATABASE SECONDS

declare(strict_types=1);

[, $database, $seconds] = $argv;

/** Reads a number and writes the next one, in one transaction of the application's own. */
function addOne(string $database, callable $meanwhile): void
{
    $connection = new PDO("sqlite:$database", null, null, [PDO::ATTR_TIMEOUT => 60]);
    $connection->exec('BEGIN IMMEDIATE');
    $value = (int) $connection->query('SELECT v FROM n')->fetchColumn();
    $meanwhile();
    $connection->exec('UPDATE n SET v = ' . ($value + 1));
    $connection->exec('COMMIT');
}

function descriptors(): int
{
    return count(scandir('/proc/self/fd'));
}

$users = new ResetPassword\UserManagement($database, argon2MemoryKib: 19456, argon2Iterations: 2);
$user = $users->createUser(email: 'process' . getmypid() . '@example.com');
$increments = $resets = 0;
$atFirst = null;
$end = microtime(true) + (float) $seconds;
while (microtime(true) < $end) {
    addOne($database, fn () => $users->getUser($user->id));
    $increments++;
    $made = $users->createPasswordReset($user->email);
    $users->resetPassword($made->passwordResetToken, 'a long walk by the sea');
    $resets++;
    $atFirst ??= descriptors();
}
$users->close();
echo json_encode([
    'increments' => $increments,
    'resets' => $resets,
    'descriptors' => descriptors(),
    'descriptors_at_first' => $atFirst,
]), "\n";
