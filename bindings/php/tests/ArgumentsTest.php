<?php

declare(strict_types=1);

namespace ResetPassword\Tests;

use ResetPassword\ConfigInvalidException;
use ResetPassword\InputInvalidException;
use ResetPassword\InvalidCredentialsException;
use ResetPassword\InvalidPasswordHashException;
use ResetPassword\PasswordRejectedException;
use ResetPassword\PasswordResetTokenNotFoundException;
use ResetPassword\UserManagement;
use ResetPassword\UserNotFoundException;

final class ArgumentsTest extends TestCase
{
    public function testWrongTypesAreTypeErrorsBeforeAnythingIsDone(): void
    {
        $users = self::inMemory();
        $object = new class {};
        $class = 'ResetPassword\UserManagement';
        $last = (new \ReflectionClass($class))->getConstructor()->getNumberOfParameters();
        $wrong = [
            "$class::getUser(): Argument #1 (\$id) must be of type string, int given" => static fn() => $users->getUser(7),
            "$class::getUser(): Argument #1 (\$id) must be of type string, null given" => static fn() => $users->getUser(null),
            "$class::getUser(): Argument #1 (\$id) must be of type string, class@anonymous given"
                => static fn() => $users->getUser($object),
            "$class::getUser(): Argument #1 (\$id) must be of type string, array given" => static fn() => $users->getUser([]),
            "$class::createUser(): Argument #2 (\$password) must be of type ?string, bool given"
                => static fn() => $users->createUser('ada@example.com', false),
            "$class::createUser(): Argument #4 (\$emailVerified) must be of type ?bool, int given"
                => static fn() => $users->createUser('ada@example.com', emailVerified: 1),
            "$class::createUser(): Argument #9 (\$metadata) must be of type ?array, string given"
                => static fn() => $users->createUser('ada@example.com', metadata: 'plan'),
            "$class::createUser(): Argument #9 (\$metadata) must be an array of string, int given"
                => static fn() => $users->createUser('ada@example.com', metadata: ['plan' => 1]),
            "$class::listUsers(): Argument #2 (\$limit) must be of type ?int, string given"
                => static fn() => $users->listUsers(limit: '10'),
            "$class::listUsers(): Argument #2 (\$limit) must be of type ?int, float given"
                => static fn() => $users->listUsers(limit: 1.5),
            "$class::purge(): Argument #1 (\$limit) must be of type ?int, float given" => static fn() => $users->purge(1e30),
            "$class::events(): Argument #2 (\$limit) must be of type ?int, float given"
                => static fn() => $users->events(limit: NAN),
            "$class::__construct(): Argument #1 (\$databaseUrl) must be of type string, int given"
                => static fn() => new UserManagement(7),
            "$class::__construct(): Argument #4 (\$previousKeys) must be an array of string, null given"
                => static fn() => new UserManagement(':memory:', previousKeys: [null]),
            "$class::__construct(): Argument #{$last} (\$migrate) must be of type ?bool, string given"
                => static fn() => new UserManagement(':memory:', migrate: 'yes'),
        ];
        foreach ($wrong as $message => $call) {
            $thrown = self::caught($call);
            self::assertSame(\TypeError::class, $thrown::class, $message);
            self::assertSame($message, $thrown->getMessage());
        }
        self::assertSame([], $users->listUsers()->data);
    }

    public function testTooFewTooManyAndUnknownArguments(): void
    {
        $users = self::inMemory();
        foreach ([
            'expects exactly 2 arguments, 1 given' => static fn() => $users->resetPassword('x'),
            'expects exactly 1 argument, 2 given' => static fn() => $users->getUser('x', 'y'),
            'expects at least 1 argument, 0 given' => static fn() => new UserManagement(),
            'expects at most 1 argument, 2 given' => static fn() => $users->purge(1, 2),
            'not passed' => static fn() => $users->resetPassword(newPassword: 'x'),
        ] as $message => $call) {
            $thrown = self::caught($call);
            self::assertSame(\ArgumentCountError::class, $thrown::class, $message);
            self::assertStringContainsString($message, $thrown->getMessage());
        }
        $unknown = self::caught(static fn() => $users->createUser('x', phone: '1'));
        self::assertSame('Unknown named parameter $phone', $unknown->getMessage());
    }

    public function testWithoutStrictTypesPhpConvertsAsItDoesForItsOwnFunctions(): void
    {
        $users = self::inMemory();
        eval('$answers = (static function ($users) {
            $caught = static function (callable $call): string {
                try {
                    $call();
                    return "";
                } catch (\Throwable $thrown) {
                    return $thrown::class;
                }
            };
            return [
                $caught(static fn() => $users->getUser(7)),
                $caught(static fn() => $users->getUser([])),
                $caught(static fn() => $users->listUsers(limit: "many")),
                count($users->listUsers(limit: "10")->data),
                $users->createUser("ada@example.com", emailVerified: 1)->emailVerified,
                $caught(static fn() => $users->updateUser("x", metadata: ["a" => 1])),
                $caught(static fn() => $users->getUser(new class { public function __toString(): string { return "x"; } })),
                $caught(static fn() => $users->getUser(new class { public function __toString(): string { throw new \LogicException(); } })),
            ];
        })($users);');
        self::assertSame([
            UserNotFoundException::class, \TypeError::class, \TypeError::class, 0, true, \TypeError::class,
            UserNotFoundException::class, \LogicException::class,
        ], $answers);
    }

    public function testBytesThatAreNotUnicodeAreRefusedByWhoeverReadsThem(): void
    {
        $users = self::inMemory();
        foreach (["a\xFF", "\xED\xA0\x80", "\xC0\xAF"] as $bytes) {
            foreach ([
                InputInvalidException::class => static fn() => $users->createUser($bytes),
                UserNotFoundException::class => static fn() => $users->getUser($bytes),
                PasswordResetTokenNotFoundException::class => static fn() => $users->resetPassword($bytes, self::PASSWORD),
                PasswordRejectedException::class => static fn() => $users->createUser('ada@example.com', $bytes),
                InvalidPasswordHashException::class => static fn() => $users->createUser('ada@example.com', passwordHash: $bytes),
                InvalidCredentialsException::class => static fn() => $users->authenticateWithPassword('ada@example.com', $bytes),
                ConfigInvalidException::class => static fn() => new UserManagement($bytes),
            ] as $class => $call) {
                self::assertSame($class, self::caught($call)::class);
            }
            foreach ([[$bytes => 'x'], ['x' => $bytes]] as $metadata) {
                $refused = self::caught(static fn() => $users->createUser('ada@example.com', metadata: $metadata));
                self::assertSame('metadata_invalid', $refused->getErrors()[0]->code);
            }
        }
    }

    public function testTextsAreKeptAsTheyAre(): void
    {
        $users = self::inMemory();
        $name = "e\u{301}\u{1F6A2} \u{5E9}";
        $user = $users->createUser('ada@example.com', "nul \0 within a password", firstName: $name, metadata: [$name => $name]);
        self::assertSame([$name, [$name => $name]], [$user->firstName, $user->metadata]);
        $users->authenticateWithPassword('ada@example.com', "nul \0 within a password");
        $cut = static fn() => $users->authenticateWithPassword('ada@example.com', 'nul ');
        self::assertInstanceOf(InvalidCredentialsException::class, self::caught($cut));
    }

    public function testNumbersOutOfRangeAreInput(): void
    {
        $users = self::inMemory();
        foreach ([0, -1, 101, PHP_INT_MAX, PHP_INT_MIN] as $limit) {
            $refused = self::caught(static fn() => $users->listUsers(limit: $limit));
            self::assertSame(['input_invalid', 'limit_invalid', 'limit'], [
                $refused->getErrorCode(), $refused->getErrors()[0]->code, $refused->getErrors()[0]->field,
            ]);
        }
        $refused = self::caught(static fn() => new UserManagement(':memory:', tokenLifetime: -1));
        self::assertSame('config_invalid', $refused->getErrorCode());
        self::assertStringStartsWith('token_lifetime', $refused->getMessage());
    }

    public function testEveryOptionReachesTheEngine(): void
    {
        $key = str_repeat('0123456789abcdef', 4);
        $other = str_repeat('fedcba9876543210', 4);
        file_put_contents("{$this->folder}/key", $key);
        chmod("{$this->folder}/key", 0600);
        foreach ([
            ['key' => 'short'], ['keyFile' => '/nowhere'], ['key' => $key, 'keyFile' => "{$this->folder}/key"],
            ['previousKeys' => ['short']], ['resetUrl' => 'ftp://x'], ['tokenLifetime' => 1],
            ['passwordMinLength' => 7], ['argon2MemoryKib' => 1], ['argon2Iterations' => 0],
        ] as $options) {
            $refused = self::caught(static fn() => new UserManagement(':memory:', ...$options));
            self::assertInstanceOf(ConfigInvalidException::class, $refused, json_encode($options));
        }
        $absent = self::caught(fn() => new UserManagement("{$this->folder}/none.db", migrate: false));
        self::assertInstanceOf(ConfigInvalidException::class, $absent);

        $users = new UserManagement(
            "{$this->folder}/app.db",
            keyFile: "{$this->folder}/key",
            previousKeys: [$other],
            resetUrl: 'https://example.com/reset?from=mail',
            tokenLifetime: 600,
            sealTokens: false,
            passwordMinLength: 8,
            serviceNames: ['Zephyrion'],
            argon2MemoryKib: 19456,
            argon2Iterations: 2,
            memoryBudgetKib: 40_000,
            migrate: true,
        );
        $users->createUser('ada@example.com', 'eightlet');
        $reset = $users->createPasswordReset('ada@example.com');
        self::assertStringStartsWith('https://example.com/reset?from=mail&token=', $reset->passwordResetUrl);
        self::assertSame(600, $reset->expiresAt->getTimestamp() - $reset->createdAt->getTimestamp());
        self::assertSame('password_reset_not_found', self::caught(static fn() => $users->getPasswordReset($reset->id))->getErrorCode());
        self::assertSame('password_too_similar', $users->checkPassword('zephyrion')->errors[0]->code);
        self::assertTrue((new UserManagement("{$this->folder}/app.db", key: $key))->getUserByEmail('ada@example.com')->id !== '');
    }

    public function testAnObjectWhoseConstructorNeverRan(): void
    {
        $class = new class extends UserManagement {
            public function __construct() {}
        };
        self::assertSame(\Error::class, self::caught(static fn() => $class->getUser('x'))::class);
        $failed = (new \ReflectionClass(UserManagement::class))->newInstanceWithoutConstructor();
        self::assertSame(\Error::class, self::caught(static fn() => $failed->close())::class);
    }
}
