<?php

// PDO beside the extension: beside.php DATABASE SECONDS USER

declare(strict_types=1);

[, $database, $seconds, $number] = $argv;

/** Reads a number and writes the next one, in one transaction of the application's own. */
function addOne(string $database, callable $meanwhile): void
{
    $connection = new PDO("sqlite:$database", null, null, [PDO::ATTR_TIMEOUT => 60]);
    $connection->exec('BEGIN IMMEDIATE');
    $value = (int) $connection->query('SELECT logins FROM users WHERE id = 1')->fetchColumn();
    $meanwhile();
    $connection->exec('UPDATE users SET logins = ' . ($value + 1) . ' WHERE id = 1');
    $connection->exec('COMMIT');
}

function descriptors(): int
{
    return count(scandir('/proc/self/fd'));
}

$users = new ResetPassword\UserManagement($database, argon2MemoryKib: 19456, argon2Iterations: 2, users: 'own');
$user = $users->getUser($number);
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
