<?php

/**
 * What the extension reset_password declares, for editors and static analysers. PHP itself never reads
 * this file. A test holds it against the loaded extension.
 */

declare(strict_types=1);

namespace ResetPassword;

/** Users and their password resets, on a database. It can be neither cloned nor serialised. */
class UserManagement
{
    /**
     * Opens a database: a path, `sqlite:path`, `sqlite:///absolute/path` or `:memory:`; `postgres://…`;
     * `mysql://…` or `mariadb://…`. The options are those of the reference. Objects of one process with the same
     * settings share one engine, across requests too.
     *
     * @param list<string>|null $previousKeys
     * @param list<string>|null $serviceNames
     * @throws ConfigInvalidException
     * @throws StorageUnavailableException
     */
    public function __construct(
        #[\SensitiveParameter] string $databaseUrl,
        #[\SensitiveParameter] ?string $key = null,
        ?string $keyFile = null,
        #[\SensitiveParameter] ?array $previousKeys = null,
        ?string $resetUrl = null,
        ?int $tokenLifetime = null,
        ?bool $sealTokens = null,
        ?int $passwordMinLength = null,
        ?array $serviceNames = null,
        ?int $argon2MemoryKib = null,
        ?int $argon2Iterations = null,
        ?int $memoryBudgetKib = null,
        ?bool $migrate = null,
    ) {}

    /** Ends this process's connections, after the calls that are under way. A later call opens new ones. */
    public function close(): void {}

    /**
     * Makes a user.
     *
     * @param array<array-key, string>|null $metadata
     * @throws Exception
     */
    public function createUser(
        #[\SensitiveParameter] string $email,
        #[\SensitiveParameter] ?string $password = null,
        #[\SensitiveParameter] ?string $passwordHash = null,
        ?bool $emailVerified = null,
        ?string $firstName = null,
        ?string $lastName = null,
        ?string $name = null,
        ?string $externalId = null,
        ?array $metadata = null,
        ?string $locale = null,
    ): User {}

    /**
     * The user with that id.
     *
     * @throws UserNotFoundException
     * @throws Exception
     */
    public function getUser(string $id): User {}

    /**
     * The user with that address.
     *
     * @throws UserNotFoundException
     * @throws Exception
     */
    public function getUserByEmail(#[\SensitiveParameter] string $email): User {}

    /**
     * The user whom another system knows by that id.
     *
     * @throws UserNotFoundException
     * @throws Exception
     */
    public function getUserByExternalId(string $externalId): User {}

    /**
     * A page of users, newest first unless `$order` is `asc`.
     *
     * @param 'asc'|'desc'|null $order
     * @throws Exception
     */
    public function listUsers(
        #[\SensitiveParameter] ?string $email = null,
        ?int $limit = null,
        ?string $before = null,
        ?string $after = null,
        ?string $order = null,
    ): UserList {}

    /**
     * Changes a user. What is left out, or null, stays as it is; an empty text or array clears.
     *
     * @param array<array-key, string>|null $metadata
     * @throws Exception
     */
    public function updateUser(
        string $id,
        #[\SensitiveParameter] ?string $email = null,
        #[\SensitiveParameter] ?string $password = null,
        #[\SensitiveParameter] ?string $passwordHash = null,
        ?bool $emailVerified = null,
        ?string $firstName = null,
        ?string $lastName = null,
        ?string $name = null,
        ?string $externalId = null,
        ?array $metadata = null,
        ?string $locale = null,
    ): User {}

    /**
     * Deletes a user and its resets.
     *
     * @throws UserNotFoundException
     * @throws Exception
     */
    public function deleteUser(string $id): void {}

    /**
     * Checks an address and a password. After many failures in a row nothing is checked for a while.
     *
     * @throws InvalidCredentialsException
     * @throws RateLimitedException
     * @throws OverloadedException
     * @throws Exception
     */
    public function authenticateWithPassword(
        #[\SensitiveParameter] string $email,
        #[\SensitiveParameter] string $password,
    ): User {}

    /**
     * Makes a reset for a user. For the trusted server: it tells whether there is such a user.
     *
     * @throws UserNotFoundException
     * @throws Exception
     */
    public function createPasswordReset(#[\SensitiveParameter] string $email): PasswordReset {}

    /**
     * Makes a reset if the address belongs to a user and it is not too soon. For a public form: answer it the
     * same way in every case.
     *
     * @throws Exception
     */
    public function requestPasswordReset(#[\SensitiveParameter] string $email): ?PasswordReset {}

    /**
     * A live reset with its link. For the trusted server.
     *
     * @throws PasswordResetNotFoundException
     * @throws Exception
     */
    public function getPasswordReset(string $id): PasswordReset {}

    /**
     * Sets a new password using the `token` query parameter from the link that the user received. Successfully
     * resetting the password verifies the user's e-mail, if it hasn't been verified yet.
     *
     * @throws PasswordResetTokenNotFoundException
     * @throws PasswordResetTokenExpiredException
     * @throws PasswordRejectedException the token stays usable
     * @throws OverloadedException the token stays usable
     * @throws Exception
     */
    public function resetPassword(
        #[\SensitiveParameter] string $token,
        #[\SensitiveParameter] string $newPassword,
    ): ResetPasswordResponse {}

    /**
     * Ends the live resets of one user, or of all. Answers how many.
     *
     * @throws UserNotFoundException
     * @throws Exception
     */
    public function revokePasswordResets(?string $userId = null): int {}

    /**
     * The policy's verdict on a password. Nothing is set and nothing is hashed.
     *
     * @throws UserNotFoundException
     * @throws Exception
     */
    public function checkPassword(#[\SensitiveParameter] string $password, ?string $userId = null): PasswordCheck {}

    /**
     * What happened since the event `$after`, or from the beginning, oldest first.
     *
     * @throws Exception
     */
    public function events(?string $after = null, ?int $limit = null): EventList {}

    /**
     * Removes what is dead and old: at most `$limit` rows of each kind.
     *
     * @throws Exception
     */
    public function purge(?int $limit = null): Purged {}
}

/** One reason among several: a rule that a password breaks, or a field that cannot be used. */
final readonly class Detail implements \JsonSerializable
{
    /** Such as `password_too_short` or `email_invalid`. */
    public string $code;
    /** In English, fit to show to the person who typed. */
    public string $message;
    /** The input field, where the reason is about one. */
    public ?string $field;
    /** The least number of code points, with `password_too_short`. */
    public ?int $minimumLength;
    /** The greatest number of code points, with `password_too_long`. */
    public ?int $maximumLength;

    private function __construct() {}

    /** @return array<string, mixed> moments as texts, secrets as `[redacted]` */
    public function jsonSerialize(): array {}
}

/** Something that happened. It holds no secret. */
final readonly class Event implements \JsonSerializable
{
    public string $id;
    /** Such as `password_reset.succeeded`. */
    public string $event;
    /** @var array<string, mixed> As on the wire: keys in snake case, moments as texts. */
    public array $data;
    public \DateTimeImmutable $createdAt;

    private function __construct() {}

    /** @return array<string, mixed> moments as texts, secrets as `[redacted]` */
    public function jsonSerialize(): array {}
}

/** Where a page of the feed ends. */
final readonly class EventCursor implements \JsonSerializable
{
    /** To be given as `after` for the next page; null on the last. */
    public ?string $after;

    private function __construct() {}

    /** @return array<string, mixed> moments as texts, secrets as `[redacted]` */
    public function jsonSerialize(): array {}
}

/** A page of the feed. */
final readonly class EventList implements \JsonSerializable
{
    /** @var list<Event> */
    public array $data;
    public EventCursor $listMetadata;

    private function __construct() {}

    /** @return array<string, mixed> moments as texts, secrets as `[redacted]` */
    public function jsonSerialize(): array {}
}

/** The policy's verdict on a password. */
final readonly class PasswordCheck implements \JsonSerializable
{
    public bool $acceptable;
    /** @var list<Detail> Every rule that it breaks. */
    public array $errors;

    private function __construct() {}

    /** @return array<string, mixed> moments as texts, secrets as `[redacted]` */
    public function jsonSerialize(): array {}
}

/**
 * A reset and its link. Whatever shows all its properties at once, such as `var_dump` and `json_encode`,
 * shows `[redacted]` for token and url; each is there to be read by its name. It can be neither cloned nor serialised.
 */
final readonly class PasswordReset implements \JsonSerializable
{
    public string $id;
    public string $userId;
    /** Where to send the link. */
    public string $email;
    public string $passwordResetToken;
    public string $passwordResetUrl;
    public \DateTimeImmutable $expiresAt;
    public \DateTimeImmutable $createdAt;

    private function __construct() {}

    /** @return array<string, mixed> moments as texts, secrets as `[redacted]` */
    public function jsonSerialize(): array {}
}

/** How many rows a purge removed. */
final readonly class Purged implements \JsonSerializable
{
    public int $passwordResets;
    public int $events;
    public int $requests;

    private function __construct() {}

    /** @return array<string, mixed> moments as texts, secrets as `[redacted]` */
    public function jsonSerialize(): array {}
}

/** A user. */
final readonly class User implements \JsonSerializable
{
    public string $id;
    public string $email;
    public bool $emailVerified;
    public ?string $firstName;
    public ?string $lastName;
    public ?string $name;
    public ?string $profilePictureUrl;
    public ?\DateTimeImmutable $lastSignInAt;
    /** The id that another system knows the user by. */
    public ?string $externalId;
    /** @var array<array-key, string> PHP makes whole numbers of keys such as `7`. */
    public array $metadata;
    public ?string $locale;
    /** Sessions that began before it should end. */
    public ?\DateTimeImmutable $credentialsChangedAt;
    public \DateTimeImmutable $createdAt;
    public \DateTimeImmutable $updatedAt;

    private function __construct() {}

    /** @return array<string, mixed> moments as texts, secrets as `[redacted]` */
    public function jsonSerialize(): array {}
}

/** Where the neighbouring pages begin; null where there is none. */
final readonly class UserCursors implements \JsonSerializable
{
    public ?string $before;
    public ?string $after;

    private function __construct() {}

    /** @return array<string, mixed> moments as texts, secrets as `[redacted]` */
    public function jsonSerialize(): array {}
}

/** A page of users. */
final readonly class UserList implements \JsonSerializable
{
    /** @var list<User> */
    public array $data;
    public UserCursors $listMetadata;

    private function __construct() {}

    /** @return array<string, mixed> moments as texts, secrets as `[redacted]` */
    public function jsonSerialize(): array {}
}

/** The answer of `resetPassword`. */
final readonly class ResetPasswordResponse implements \JsonSerializable
{
    public User $user;

    private function __construct() {}

    /** @return array<string, mixed> moments as texts, secrets as `[redacted]` */
    public function jsonSerialize(): array {}
}
