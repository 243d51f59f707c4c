<?php

declare(strict_types=1);

namespace ResetPassword\Tests;

use ResetPassword\ConfigInvalidException;
use ResetPassword\PasswordResetTokenNotFoundException;
use ResetPassword\UserManagement;

final class ProcessesTest extends TestCase
{
    public function testOpenedBeforeAForkUsedInParentAndChild(): void
    {
        $users = $this->open();
        $user = $users->createUser('ada@example.com', self::PASSWORD);
        $child = self::inChild(static fn() => [
            $users->getUser($user->id)->email,
            $users->authenticateWithPassword('ada@example.com', self::PASSWORD)->id,
            $users->createUser('child@example.com')->email,
        ]);
        self::assertSame(['ada@example.com', $user->id, 'child@example.com'], $child);
        self::assertSame('child@example.com', $users->getUserByEmail('child@example.com')->email);
    }

    public function testLoadedBeforeAForkOpenedAfter(): void
    {
        $opened = self::inChildren(array_fill(0, 4, fn() => $this->open()->listUsers()->data));
        self::assertSame([[], [], [], []], $opened);
    }

    public function testAChildThatEndsInPhpsOwnWayHarmsNobody(): void
    {
        $users = $this->open();
        $users->createUser('ada@example.com');
        $script = '$users = new ResetPassword\UserManagement($argv[1]); $users->listUsers();
            $child = pcntl_fork();
            if ($child === 0) { exit($users->listUsers()->data[0]->email === "ada@example.com" ? 7 : 1); }
            pcntl_waitpid($child, $status);
            exit(pcntl_wexitstatus($status) + count($users->listUsers()->data));';
        $process = proc_open([PHP_BINARY, '-r', $script, '--', "{$this->folder}/app.db"], [], $pipes);
        self::assertSame(8, proc_close($process));
    }

    public function testMemoryIsRefusedInAChild(): void
    {
        $users = self::inMemory();
        $users->createUser('ada@example.com');
        $child = self::inChild(static fn() => self::caught(static fn() => $users->listUsers())::class);
        self::assertSame(ConfigInvalidException::class, $child);
        self::assertCount(1, $users->listUsers()->data);
    }

    public function testOneOfManyProcessesWinsAToken(): void
    {
        $users = $this->open();
        $users->createUser('ada@example.com', self::PASSWORD);
        $token = $users->createPasswordReset('ada@example.com')->passwordResetToken;
        $answers = self::inChildren(array_map(static fn(int $number) => static function () use ($users, $token, $number) {
            try {
                return $users->resetPassword($token, self::NEW_PASSWORD . $number)->user->email;
            } catch (PasswordResetTokenNotFoundException) {
                return 'lost';
            }
        }, range(1, 8)));
        sort($answers);
        self::assertSame(['ada@example.com', ...array_fill(0, 7, 'lost')], $answers);
    }

    public function testOthersTickWhileAHashRuns(): void
    {
        $users = new UserManagement(':memory:', argon2MemoryKib: 262144, argon2Iterations: 6);
        $ends = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
        $clock = pcntl_fork();
        if ($clock === 0) {
            while (fwrite($ends[1], '.')) {
                usleep(1000);
            }
        }
        fread($ends[0], 1);
        $users->createUser('ada@example.com', self::PASSWORD);
        stream_set_blocking($ends[0], false);
        $ticks = strlen(stream_get_contents($ends[0]));
        posix_kill($clock, SIGKILL);
        pcntl_waitpid($clock, $status);
        self::assertGreaterThan(10, $ticks);
    }

    /** Another thread would end the process by a signal that this one holds back. */
    public function testSignalsStayWithPhp(): void
    {
        $users = $this->open();
        $users->createUser('ada@example.com', self::PASSWORD);
        $child = self::inChild(static function () use ($users): array {
            $users->authenticateWithPassword('ada@example.com', self::PASSWORD);
            pcntl_sigprocmask(SIG_BLOCK, [SIGUSR1]);
            posix_kill(posix_getpid(), SIGUSR1);
            $users->listUsers();
            return [pcntl_sigtimedwait([SIGUSR1], $info, 5), $users->listUsers()->data[0]->email];
        });
        self::assertSame([SIGUSR1, 'ada@example.com'], $child);
    }

    public function testCallsDoNotGrowMemory(): void
    {
        $users = $this->open();
        $user = $users->createUser('ada@example.com', metadata: ['plan' => 'pro']);
        foreach ([
            'an unknown token' => static fn() => self::caught(static fn() => $users->resetPassword(str_repeat('x', 43), self::PASSWORD)),
            'a user' => static fn() => $users->getUser($user->id),
            'no user' => static fn() => self::caught(static fn() => $users->getUser('user_x')),
            'a refused type' => static fn() => self::caught(static fn() => $users->getUser([])),
            'a refused password' => static fn() => self::caught(static fn() => $users->createUser('bo@example.com', 'short')),
            'a verdict' => static fn() => $users->checkPassword('short')->jsonSerialize(),
            'an engine' => fn() => $this->open(),
        ] as $kind => $call) {
            for ($i = 0; $i < 1_000; $i++) {
                $call();
            }
            [$before, $used] = [self::kibibytes('VmRSS'), memory_get_usage()];
            for ($i = 0; $i < 10_000; $i++) {
                $call();
            }
            self::assertLessThan(5 * 1024, self::kibibytes('VmRSS') - $before, $kind);
            self::assertLessThan(64 * 1024, memory_get_usage() - $used, $kind);
        }
    }

    public function testOneEngineForTheSameSettings(): void
    {
        $one = $this->open();
        $one->createUser('ada@example.com');
        $one->listUsers();
        $files = fn() => count(array_filter(
            glob('/proc/self/fd/*'),
            fn(string $file) => str_starts_with((string) @readlink($file), $this->folder),
        ));
        $open = $files();
        self::assertGreaterThan(0, $open);
        for ($i = 0; $i < 50; $i++) {
            self::assertCount(1, $this->open()->listUsers()->data);
        }
        self::assertSame($open, $files());
        // Descriptors of a database are kept for its next connection, because to close one would end the locks
        // that PHP's own SQLite has on the file.
        for ($i = 0; $i < 50; $i++) {
            $one->close();
            self::assertLessThanOrEqual($open, $files());
            self::assertCount(1, $one->listUsers()->data);
        }
        self::assertLessThanOrEqual($open, $files());
    }

    public function testADatabaseThatWasReplacedIsOpenedAnew(): void
    {
        $this->open()->createUser('ada@example.com');
        $this->open()->close();
        array_map(unlink(...), glob("{$this->folder}/*"));
        self::assertSame([], $this->open()->listUsers()->data);
    }

    public function testAKeyThatWasReplacedIsReadAnew(): void
    {
        $users = $this->open();
        $users->close();
        rename("{$this->folder}/app.db.key", "{$this->folder}/kept");
        file_put_contents("{$this->folder}/app.db.key", bin2hex(random_bytes(32)));
        chmod("{$this->folder}/app.db.key", 0600);
        self::assertInstanceOf(ConfigInvalidException::class, self::caught(fn() => $this->open()));
        rename("{$this->folder}/kept", "{$this->folder}/app.db.key");
        self::assertSame([], $this->open()->listUsers()->data);
    }

    public function testRelativePathsFollowTheFolder(): void
    {
        $before = getcwd();
        try {
            chdir($this->folder);
            (new UserManagement('app.db'))->createUser('ada@example.com');
            mkdir('inner');
            chdir('inner');
            self::assertSame([], (new UserManagement('app.db'))->listUsers()->data);
            array_map(unlink(...), glob('app.db*'));
        } finally {
            chdir($before);
            @rmdir("{$this->folder}/inner");
        }
    }

    public function testTheNumberOfEnginesIsBounded(): void
    {
        $kept = [];
        for ($number = 0; $number < 40; $number++) {
            $kept[] = $this->open("$number.db");
            $kept[$number]->createUser("user$number@example.com");
        }
        ob_start();
        (new \ReflectionExtension('reset_password'))->info();
        self::assertMatchesRegularExpression('/Engines kept in this process => 16\n/', ob_get_clean());
        foreach ($kept as $number => $users) {
            self::assertSame("user$number@example.com", $users->listUsers()->data[0]->email);
            $users->close();
        }
    }

    public function testRunningOutOfMemoryEndsTheRequestAlone(): void
    {
        $script = '
            $users = new ResetPassword\UserManagement(":memory:");
            $metadata = array_fill_keys(array_map(fn($n) => "key$n", range(1, 50)), str_repeat("x", 600));
            for ($n = 0; $n < 100; $n++) {
                $users->createUser("user$n@example.com", metadata: $metadata);
            }
            register_shutdown_function(function () use ($users): void {
                ini_set("memory_limit", -1);
                echo count($users->listUsers(limit: 100)->data);
            });
            ini_set("memory_limit", memory_get_usage(true) + 2 ** 21);
            $users->listUsers(limit: 100);
            echo "not reached";
        ';
        $process = proc_open([PHP_BINARY, '-d', 'display_errors=0', '-r', $script], [1 => ['pipe', 'w'], 2 => ['pipe', 'w']], $pipes);
        $printed = stream_get_contents($pipes[1]);
        $log = stream_get_contents($pipes[2]);
        self::assertSame([255, '100'], [proc_close($process), $printed], $log);
    }
}
