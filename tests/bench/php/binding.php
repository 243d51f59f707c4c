<?php

declare(strict_types=1);

// The package for PHP. Arguments: memory in KiB, iterations, folder for the database.

require __DIR__ . '/protocol.php';

use ResetPassword\PasswordResetTokenNotFoundException;
use ResetPassword\UserManagement;

const EMAIL = 'bench-1@example.com';

[, $memory, $iterations, $folder] = $argv;
$database = "$folder/php.db";
$users = new UserManagement(
    $database,
    argon2MemoryKib: (int) $memory,
    argon2Iterations: (int) $iterations,
);
$users->createUser(EMAIL);

function create_reset(UserManagement $users): string
{
    return $users->createPasswordReset(EMAIL)->passwordResetToken;
}

function refuse_each(UserManagement $users, array $tokens): void
{
    foreach ($tokens as $token) {
        try {
            $users->resetPassword($token, 'never looked at, not one bit');
        } catch (PasswordResetTokenNotFoundException) {
            continue;
        }
        throw new RuntimeException('a token that nobody was given was accepted');
    }
}

$reset = function (string $password) use ($users): array {
    [$created, $token] = Bench\timed(fn() => create_reset($users));
    [$ns] = Bench\timed(fn() => $users->resetPassword($token, $password));
    return ['ns' => $ns, 'create_ns' => $created];
};

// Well-formed tokens that nobody was given.
$refuse = function (int $count) use ($users): array {
    $tokens = array_map(fn(int $n): string => sprintf('%042dA', $n), range(0, $count - 1));
    [$ns] = Bench\timed(fn() => refuse_each($users, $tokens));
    return ['ns' => $ns];
};

// The measured calls do what they are measured for: new password in, link dead.
$check = function (string $password) use ($users, $database): array {
    $token = create_reset($users);
    $users->resetPassword($token, $password);
    $users->authenticateWithPassword(EMAIL, $password);
    refuse_each($users, [$token]);
    return ['database' => $database];
};

Bench\serve(
    [
        'reset-password' => phpversion('reset_password'),
        'PHP' => PHP_VERSION,
        'database' => 'a file with WAL and synchronous=FULL',
    ],
    ['reset' => $reset, 'refuse' => $refuse, 'check' => $check],
);
