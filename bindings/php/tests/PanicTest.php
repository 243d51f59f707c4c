<?php

declare(strict_types=1);

namespace ResetPassword\Tests;

/** With the extension that panics when it is told to; see verify. */
final class PanicTest extends TestCase
{
    public function testAPanicIsAnErrorAndTheProcessLives(): void
    {
        $script = '
            $users = new ResetPassword\UserManagement(":memory:", argon2MemoryKib: 19456, argon2Iterations: 2);
            $user = $users->createUser("ada@example.com", "a long walk by the sea");
            foreach ([
                fn() => $users->getUser("panic"),
                fn() => $users->resetPassword("panic", "a long walk by the sea"),
                fn() => $users->updateUser("panic"),
                fn() => $users->listUsers(after: "panic"),
            ] as $call) {
                try {
                    $call();
                } catch (ResetPassword\InternalException $caught) {
                    echo $caught->getErrorCode(), " ", $caught->getMessage(), "\n";
                }
            }
            $users->authenticateWithPassword("ada@example.com", "a long walk by the sea");
            echo $users->getUser($user->id)->email, "\n";
        ';
        $settings = getenv('HOOKS');
        self::assertFileExists("$settings/reset_password.ini");
        $process = proc_open(
            [PHP_BINARY, '-r', $script],
            [1 => ['pipe', 'w'], 2 => ['pipe', 'w']],
            $pipes,
            null,
            ['PHP_INI_SCAN_DIR' => ":$settings"] + getenv(),
        );
        $printed = stream_get_contents($pipes[1]);
        $log = stream_get_contents($pipes[2]);
        self::assertSame(0, proc_close($process), $log);
        $line = "internal something went wrong inside the engine; the log has the details\n";
        self::assertSame(str_repeat($line, 4) . "ada@example.com\n", $printed);
        self::assertSame(4, substr_count($log, 'a panic that a test asked for'));
    }
}
