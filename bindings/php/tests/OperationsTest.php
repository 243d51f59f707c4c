<?php

declare(strict_types=1);

namespace ResetPassword\Tests;

use ResetPassword\Event;
use ResetPassword\EventList;
use ResetPassword\InvalidCredentialsException;
use ResetPassword\PasswordCheck;
use ResetPassword\PasswordRejectedException;
use ResetPassword\PasswordReset;
use ResetPassword\PasswordResetNotFoundException;
use ResetPassword\PasswordResetTokenNotFoundException;
use ResetPassword\Purged;
use ResetPassword\ResetPasswordResponse;
use ResetPassword\User;
use ResetPassword\UserList;
use ResetPassword\UserManagement;
use ResetPassword\UserNotFoundException;

final class OperationsTest extends TestCase
{
    public function testAWholeReset(): void
    {
        $users = $this->open();
        $user = $users->createUser('ada@example.com', self::PASSWORD, firstName: 'Ada', metadata: ['plan' => 'pro']);
        self::assertInstanceOf(User::class, $user);
        self::assertSame(['ada@example.com', false, 'Ada', null], [
            $user->email, $user->emailVerified, $user->firstName, $user->lastName,
        ]);
        self::assertSame(['plan' => 'pro'], $user->metadata);

        $reset = $users->createPasswordReset('ada@example.com');
        self::assertInstanceOf(PasswordReset::class, $reset);
        self::assertSame($user->id, $reset->userId);
        self::assertStringEndsWith("?token={$reset->passwordResetToken}", $reset->passwordResetUrl);
        self::assertEquals($reset, $users->getPasswordReset($reset->id));
        self::assertSame(1800, $reset->expiresAt->getTimestamp() - $reset->createdAt->getTimestamp());

        $response = $users->resetPassword($reset->passwordResetToken, self::NEW_PASSWORD);
        self::assertInstanceOf(ResetPasswordResponse::class, $response);
        self::assertSame($user->id, $response->user->id);
        self::assertTrue($response->user->emailVerified);
        self::assertInstanceOf(\DateTimeImmutable::class, $response->user->credentialsChangedAt);

        $signedIn = $users->authenticateWithPassword('ada@example.com', self::NEW_PASSWORD);
        self::assertInstanceOf(\DateTimeImmutable::class, $signedIn->lastSignInAt);
        $old = static fn() => $users->authenticateWithPassword('ada@example.com', self::PASSWORD);
        self::assertInstanceOf(InvalidCredentialsException::class, self::caught($old));
        $again = static fn() => $users->resetPassword($reset->passwordResetToken, self::NEW_PASSWORD);
        self::assertInstanceOf(PasswordResetTokenNotFoundException::class, self::caught($again));
        $gone = static fn() => $users->getPasswordReset($reset->id);
        self::assertInstanceOf(PasswordResetNotFoundException::class, self::caught($gone));
    }

    public function testArgumentsByName(): void
    {
        $users = self::inMemory();
        $user = $users->createUser(locale: 'en-GB', email: 'ada@example.com', externalId: 'crm-1');
        self::assertSame('en-GB', $user->locale);
        self::assertEquals($user, $users->getUserByExternalId(externalId: 'crm-1'));
        $users->createUser(email: 'bo@example.com', password: self::PASSWORD);
        $reset = $users->createPasswordReset(email: 'bo@example.com');
        $response = $users->resetPassword(newPassword: self::NEW_PASSWORD, token: $reset->passwordResetToken);
        self::assertSame('bo@example.com', $response->user->email);
    }

    public function testUsers(): void
    {
        $users = self::inMemory();
        $made = [];
        foreach (['a', 'b', 'c'] as $name) {
            $made[] = $users->createUser("$name@example.com");
        }
        self::assertEquals($made[1], $users->getUser($made[1]->id));
        self::assertEquals($made[1], $users->getUserByEmail('B@example.com'));

        $page = $users->listUsers(limit: 2, order: 'asc');
        self::assertInstanceOf(UserList::class, $page);
        self::assertEquals(array_slice($made, 0, 2), $page->data);
        self::assertNull($page->listMetadata->before);
        $next = $users->listUsers(limit: 2, after: $page->listMetadata->after, order: 'asc');
        self::assertEquals([$made[2]], $next->data);
        self::assertNull($next->listMetadata->after);
        self::assertSame($made[2]->id, $next->listMetadata->before);
        self::assertCount(1, $users->listUsers(email: 'a@example.com')->data);

        $changed = $users->updateUser($made[0]->id, firstName: 'Ada', metadata: ['7' => 'seven', 'é' => '']);
        self::assertSame(['Ada', [7 => 'seven', 'é' => '']], [$changed->firstName, $changed->metadata]);
        $changed = $users->updateUser($made[0]->id, firstName: '', metadata: []);
        self::assertSame([null, []], [$changed->firstName, $changed->metadata]);

        self::assertNull($users->deleteUser($made[0]->id));
        $gone = static fn() => $users->getUser($made[0]->id);
        self::assertInstanceOf(UserNotFoundException::class, self::caught($gone));
    }

    public function testAPublicForm(): void
    {
        $users = self::inMemory();
        $user = $users->createUser('ada@example.com', self::PASSWORD);
        self::assertNull($users->requestPasswordReset('nobody@example.com'));
        self::assertInstanceOf(PasswordReset::class, $users->requestPasswordReset('ada@example.com'));
        self::assertNull($users->requestPasswordReset('ada@example.com'));
        self::assertSame(1, $users->revokePasswordResets($user->id));
        self::assertSame(0, $users->revokePasswordResets());
    }

    public function testThePolicysVerdict(): void
    {
        $users = self::inMemory();
        $verdict = $users->checkPassword(self::PASSWORD);
        self::assertInstanceOf(PasswordCheck::class, $verdict);
        self::assertSame([true, []], [$verdict->acceptable, $verdict->errors]);
        $verdict = $users->checkPassword('short');
        self::assertFalse($verdict->acceptable);
        self::assertSame(['password_too_short', 15, null, null], [
            $verdict->errors[0]->code, $verdict->errors[0]->minimumLength,
            $verdict->errors[0]->maximumLength, $verdict->errors[0]->field,
        ]);
        $refused = self::caught(static fn() => $users->createUser('ada@example.com', 'short'));
        self::assertInstanceOf(PasswordRejectedException::class, $refused);
        self::assertEquals($verdict->errors, $refused->getErrors());
    }

    public function testEventsAndPurge(): void
    {
        $users = self::inMemory();
        $user = $users->createUser('ada@example.com', metadata: ['plan' => 'pro']);
        $users->deleteUser($user->id);
        $page = $users->events(limit: 1);
        self::assertInstanceOf(EventList::class, $page);
        self::assertInstanceOf(Event::class, $page->data[0]);
        self::assertSame('user.created', $page->data[0]->event);
        self::assertSame($user->id, $page->data[0]->data['id']);
        self::assertSame(['plan' => 'pro'], $page->data[0]->data['metadata']);
        self::assertFalse($page->data[0]->data['email_verified']);
        self::assertSame($user->jsonSerialize()['createdAt'], $page->data[0]->data['created_at']);
        $next = $users->events(after: $page->listMetadata->after);
        self::assertSame(['user.deleted'], array_map(static fn(Event $event) => $event->event, $next->data));
        self::assertNull($next->listMetadata->after);

        $purged = $users->purge();
        self::assertInstanceOf(Purged::class, $purged);
        self::assertSame([0, 0, 0], [$purged->passwordResets, $purged->events, $purged->requests]);
    }

    public function testMomentsAreUtcToTheMillisecond(): void
    {
        $before = microtime(true);
        $user = self::inMemory()->createUser('ada@example.com');
        $after = microtime(true);
        self::assertSame(\DateTimeImmutable::class, $user->createdAt::class);
        self::assertSame('UTC', $user->createdAt->getTimezone()->getName());
        self::assertSame('000', substr($user->createdAt->format('u'), 3));
        $made = (float) $user->createdAt->format('U.u');
        self::assertGreaterThanOrEqual(floor($before * 1000) / 1000, $made);
        self::assertLessThanOrEqual($after, $made);
        self::assertSame($user->createdAt->format('Y-m-d\TH:i:s.v\Z'), $user->jsonSerialize()['createdAt']);
    }

    public function testResultsAreReadonlyAndFinal(): void
    {
        $users = self::inMemory();
        $user = $users->createUser('ada@example.com');
        $write = static function () use ($user): void {
            $user->email = 'eve@example.com';
        };
        self::assertSame('Cannot modify readonly property ResetPassword\User::$email', self::caught($write)->getMessage());
        $add = static function () use ($user): void {
            $user->more = 1;
        };
        self::assertInstanceOf(\Error::class, self::caught($add));
        $remove = static function () use ($user): void {
            unset($user->email);
        };
        self::assertInstanceOf(\Error::class, self::caught($remove));
        self::assertInstanceOf(\Error::class, self::caught(static fn() => new User()));
        self::assertSame('ada@example.com', (clone $user)->email);
        self::assertEquals($user, unserialize(serialize($user)));
        self::assertSame('ada@example.com', json_decode(json_encode($user))->email);
        self::assertStringContainsString('"metadata":{}', json_encode($user));
        self::assertStringContainsString('"metadata":{}', json_encode($users->events()->data[0]));
    }

    public function testCloseAndUseAfter(): void
    {
        $users = $this->open();
        $user = $users->createUser('ada@example.com');
        $users->close();
        $users->close();
        self::assertEquals($user, $users->getUser($user->id));
        $memory = self::inMemory();
        $user = $memory->createUser('ada@example.com');
        $memory->close();
        self::assertEquals($user, $memory->getUser($user->id));
    }

    public function testTwoHandlesOnOneFileAndTwoInMemory(): void
    {
        $one = $this->open();
        $other = new UserManagement("sqlite:{$this->folder}/app.db", passwordMinLength: 20);
        $user = $one->createUser('ada@example.com');
        self::assertEquals($user, $other->getUser($user->id));
        $memory = self::inMemory();
        $user = $memory->createUser('ada@example.com');
        self::assertInstanceOf(UserNotFoundException::class, self::caught(static fn() => self::inMemory()->getUser($user->id)));
    }

    public function testTheHandleCanBeMockedAndExtended(): void
    {
        $mock = $this->createMock(UserManagement::class);
        $mock->method('revokePasswordResets')->willReturn(7);
        self::assertSame(7, $mock->revokePasswordResets('user_x'));
        $own = new class (':memory:') extends UserManagement {
            public function known(): int
            {
                return count($this->listUsers()->data);
            }
        };
        $own->createUser('ada@example.com');
        self::assertSame(1, $own->known());
    }
}
