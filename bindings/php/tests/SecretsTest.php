<?php

declare(strict_types=1);

namespace ResetPassword\Tests;

use ResetPassword\UserManagement;

final class SecretsTest extends TestCase
{
    private const KEY = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff';
    private const EARLIER_KEY = 'ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100';
    private const TOKEN = 'a-token-that-must-never-be-shown-anywhere-xx';

    protected function setUp(): void
    {
        parent::setUp();
        ini_set('zend.exception_ignore_args', '0');
        ini_set('zend.exception_string_param_max_len', '1000');
    }

    protected function tearDown(): void
    {
        ini_restore('zend.exception_ignore_args');
        ini_restore('zend.exception_string_param_max_len');
        parent::tearDown();
    }

    public function testNoStackTraceShowsASecret(): void
    {
        $users = self::inMemory();
        $secrets = [self::KEY, self::TOKEN, self::PASSWORD, 'ada@example.com', '/nowhere/app.db'];
        $hash = '$argon2id$' . self::TOKEN;
        foreach ([
            static fn() => new UserManagement('/nowhere/app.db', key: self::KEY),
            static fn() => new UserManagement('/nowhere/app.db', self::KEY, null, [self::KEY]),
            static fn() => new UserManagement(':memory:', previousKeys: [self::KEY, 'short']),
            static fn() => $users->resetPassword(self::TOKEN, self::PASSWORD),
            static fn() => $users->resetPassword(newPassword: self::PASSWORD, token: self::TOKEN),
            static fn() => $users->resetPassword(self::TOKEN, 7),
            static fn() => $users->resetPassword(self::TOKEN, self::PASSWORD, 'one too many'),
            static fn() => $users->authenticateWithPassword('ada@example.com', self::PASSWORD),
            static fn() => $users->createUser('ada@example.com', self::PASSWORD, self::PASSWORD),
            static fn() => $users->createUser('ada@example.com', passwordHash: $hash),
            static fn() => $users->updateUser('user_x', 'ada@example.com', password: self::PASSWORD),
            static fn() => $users->updateUser('user_x', passwordHash: $hash),
            static fn() => $users->checkPassword(self::PASSWORD, 'user_x'),
            static fn() => $users->createPasswordReset('ada@example.com'),
            static fn() => $users->getUserByEmail('ada@example.com'),
        ] as $number => $call) {
            $thrown = self::caught($call);
            $arguments = $thrown->getTrace()[0]['args'] ?? [];
            self::assertNotSame([], $arguments, "call $number: the trace has arguments");
            // Whoever opened a file that is not there is told which.
            $shown = [(string) $thrown, print_r($arguments, true), var_export($arguments, true)];
            if ($number < 2) {
                $shown = [$thrown->getTraceAsString(), print_r($arguments, true)];
            }
            foreach ($secrets as $secret) {
                foreach ($shown as $text) {
                    self::assertStringNotContainsString($secret, $text, "call $number");
                }
            }
        }
    }

    public function testWhatIsNoSecretIsInTheTrace(): void
    {
        $users = self::inMemory();
        $thrown = self::caught(static fn() => $users->getUser('user_x'));
        self::assertStringContainsString("getUser('user_x')", $thrown->getTraceAsString());
    }

    public function testNoWayToShowAnObjectShowsASecret(): void
    {
        $users = new UserManagement("{$this->folder}/app.db", self::KEY, previousKeys: [self::EARLIER_KEY]);
        $users->createUser('ada@example.com');
        $reset = $users->createPasswordReset('ada@example.com');
        $token = $reset->passwordResetToken;
        self::assertSame(43, strlen($token));
        foreach ([$users, $reset, ['reset' => $reset, 'users' => $users]] as $value) {
            foreach ([
                'var_dump' => self::printed(static fn() => var_dump($value)),
                'print_r' => print_r($value, true),
                'var_export' => var_export($value, true),
                'debug_zval_dump' => self::printed(static fn() => debug_zval_dump($value)),
                'json_encode' => json_encode($value, JSON_THROW_ON_ERROR),
                'array' => self::printed(static fn() => var_dump((array) $value)),
            ] as $way => $shown) {
                foreach ([$token, self::KEY, self::EARLIER_KEY] as $secret) {
                    self::assertStringNotContainsString($secret, $shown, $way);
                }
            }
        }
        self::assertStringContainsString('[redacted]', print_r($reset, true));
        self::assertStringContainsString($reset->id, print_r($reset, true));
        self::assertStringContainsString('uncloneable', self::caught(static fn() => clone $reset)->getMessage());
    }

    public function testNeitherHandlesNorResetsAreSerialised(): void
    {
        $users = self::inMemory();
        $users->createUser('ada@example.com');
        $reset = $users->createPasswordReset('ada@example.com');
        foreach ([$users, $reset, [$reset]] as $value) {
            self::assertStringContainsString('is not allowed', self::caught(static fn() => serialize($value))->getMessage());
        }
        $class = 'ResetPassword\UserManagement';
        $made = self::caught(static fn() => unserialize('O:' . strlen($class) . ":\"$class\":0:{}"));
        self::assertStringContainsString('is not allowed', $made->getMessage());
        self::assertStringContainsString('uncloneable', self::caught(static fn() => clone $users)->getMessage());
    }

    private static function printed(callable $print): string
    {
        ob_start();
        $print();
        return ob_get_clean();
    }
}
