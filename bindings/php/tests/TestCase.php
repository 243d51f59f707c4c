<?php

declare(strict_types=1);

namespace ResetPassword\Tests;

use ResetPassword\UserManagement;

require_once __DIR__ . '/FastCgi.php';

/** Gives each test a folder of its own and users that are cheap to hash. */
abstract class TestCase extends \PHPUnit\Framework\TestCase
{
    protected const PASSWORD = 'a long walk by the sea';
    protected const NEW_PASSWORD = 'seven green boats at dusk';

    protected string $folder;

    protected function setUp(): void
    {
        $this->folder = sys_get_temp_dir() . '/reset-password-' . bin2hex(random_bytes(8));
        mkdir($this->folder, 0700);
    }

    protected function tearDown(): void
    {
        foreach (new \FilesystemIterator($this->folder) as $file) {
            unlink($file->getPathname());
        }
        rmdir($this->folder);
    }

    protected function open(string $name = 'app.db'): UserManagement
    {
        return new UserManagement("{$this->folder}/$name", argon2MemoryKib: 19456, argon2Iterations: 2);
    }

    protected static function inMemory(): UserManagement
    {
        return new UserManagement(':memory:', argon2MemoryKib: 19456, argon2Iterations: 2);
    }

    /** The exception that a call ends with. */
    protected static function caught(callable $call): \Throwable
    {
        try {
            $call();
        } catch (\Throwable $thrown) {
            return $thrown;
        }
        self::fail('nothing was thrown');
    }

    /**
     * What a forked child answers. It ends by a signal, so that nothing of the parent's is ended in it.
     */
    protected static function inChild(callable $work): mixed
    {
        return self::inChildren([$work])[0];
    }

    /**
     * The same for several at once.
     *
     * @param list<callable> $works
     * @return list<mixed>
     */
    protected static function inChildren(array $works): array
    {
        $children = [];
        foreach ($works as $work) {
            $ends = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
            $process = pcntl_fork();
            if ($process === 0) {
                fclose($ends[0]);
                try {
                    $answer = $work($ends[1]);
                } catch (\Throwable $thrown) {
                    $answer = $thrown::class . ': ' . $thrown->getMessage();
                }
                fwrite($ends[1], serialize($answer));
                fclose($ends[1]);
                posix_kill(posix_getpid(), SIGKILL);
            }
            fclose($ends[1]);
            $children[] = [$process, $ends[0]];
        }
        return array_map(static function (array $child): mixed {
            $answer = unserialize(stream_get_contents($child[1]));
            pcntl_waitpid($child[0], $status);
            return $answer;
        }, $children);
    }

    /** A field of this process's status in KiB, such as VmRSS. */
    protected static function kibibytes(string $field): int
    {
        preg_match("/^$field:\s+(\d+) kB/m", file_get_contents('/proc/self/status'), $found);
        return (int) $found[1];
    }
}
