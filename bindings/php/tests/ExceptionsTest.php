<?php

declare(strict_types=1);

namespace ResetPassword\Tests;

use ResetPassword\Detail;
use ResetPassword\Exception;
use ResetPassword\InputInvalidException;
use ResetPassword\ResetPasswordException;
use ResetPassword\UserNotFoundException;

final class ExceptionsTest extends TestCase
{
    /** The codes as the reference lists them. */
    private static function reference(): array
    {
        $page = file_get_contents(getenv('ERRORS_PAGE') ?: __DIR__ . '/../../../docs/reference/errors.md');
        preg_match_all('/^\| `([a-z_]+)` \| (.+) \| (yes|no) \|$/m', $page, $rows, PREG_SET_ORDER);
        return $rows;
    }

    public function testOneClassForEachCodeAndNoOther(): void
    {
        $reference = self::reference();
        self::assertCount(27, $reference);
        $classes = [];
        foreach ($reference as [, $code, $message, $retryable]) {
            $class = 'ResetPassword\\' . str_replace('_', '', ucwords($code, '_')) . 'Exception';
            $classes[] = $class;
            $exception = new $class();
            self::assertInstanceOf(ResetPasswordException::class, $exception);
            self::assertInstanceOf(Exception::class, $exception);
            self::assertInstanceOf(\RuntimeException::class, $exception);
            self::assertSame(
                [$code, $message, $retryable === 'yes', [], null],
                [
                    $exception->getErrorCode(), $exception->getMessage(), $exception->isRetryable(),
                    $exception->getErrors(), $exception->getRetryAfter(),
                ],
            );
        }
        $loaded = array_filter(
            (new \ReflectionExtension('reset_password'))->getClassNames(),
            static fn(string $class) => is_subclass_of($class, ResetPasswordException::class),
        );
        sort($classes);
        sort($loaded);
        self::assertSame($classes, $loaded);
    }

    public function testWhatAThrownOneHolds(): void
    {
        $users = self::inMemory();
        $thrown = self::caught(static fn() => $users->getUser('user_x'));
        self::assertSame(UserNotFoundException::class, $thrown::class);
        self::assertSame(['user_not_found', 'there is no such user', 0], [
            $thrown->getErrorCode(), $thrown->getMessage(), $thrown->getCode(),
        ]);
        self::assertSame(__FILE__, $thrown->getFile());
        self::assertNull($thrown->getPrevious());

        $thrown = self::caught(static fn() => $users->createUser('nobody'));
        self::assertSame(InputInvalidException::class, $thrown::class);
        self::assertContainsOnlyInstancesOf(Detail::class, $thrown->getErrors());
        self::assertSame(['email_invalid', 'email'], [$thrown->getErrors()[0]->code, $thrown->getErrors()[0]->field]);
        self::assertSame($thrown->getErrors()[0]->message, $thrown->getMessage());
    }

    public function testADatabaseThatFailsCanBeTriedAgain(): void
    {
        $users = $this->open();
        $users->close();
        foreach (['app.db', 'app.db-wal', 'app.db-shm'] as $file) {
            @unlink("{$this->folder}/$file");
        }
        mkdir("{$this->folder}/app.db");
        $thrown = self::caught(static fn() => $users->getUser('user_x'));
        rmdir("{$this->folder}/app.db");
        self::assertSame(['storage_unavailable', true, 1], [
            $thrown->getErrorCode(), $thrown->isRetryable(), $thrown->getRetryAfter(),
        ]);
    }

    public function testAnExceptionIsCaughtByTheInterface(): void
    {
        try {
            self::inMemory()->getUser('user_x');
            self::fail('nothing was thrown');
        } catch (Exception $caught) {
            self::assertSame('user_not_found', $caught->getErrorCode());
        }
    }
}
