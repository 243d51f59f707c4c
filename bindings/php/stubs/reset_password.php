<?php

/**
 * What the extension reset_password declares, for editors and static analysers. PHP itself never reads
 * this file. A test holds it against the loaded extension.
 *
 * Generated from bindings/api by scripts/update; changes here are lost.
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
     * @throws ConfigInvalidException the configuration cannot be used
     * @throws UnsupportedException this build does not support that
     * @throws Exception
     */
    public function __construct(
        #[\SensitiveParameter] string $databaseUrl,
        #[\SensitiveParameter] ?string $key = null,
        ?string $keyFile = null,
        #[\SensitiveParameter] ?array $previousKeys = null,
        ?string $resetUrl = null,
        ?int $tokenLifetime = null,
        ?int $firstPasswordLifetime = null,
        ?bool $sealTokens = null,
        ?int $passwordMinLength = null,
        ?array $serviceNames = null,
        #[\SensitiveParameter] ?string $pepper = null,
        ?string $pepperFile = null,
        ?int $argon2MemoryKib = null,
        ?int $argon2Iterations = null,
        ?bool $argon2Portable = null,
        ?int $memoryBudgetKib = null,
        ?int $requestsPerMinute = null,
        ?string $users = null,
        ?bool $messages = null,
        ?bool $migrate = null,
    ) {}

    /** Ends this process's connections, after the calls that are under way. A later call opens new ones. */
    public function close(): void {}

    /**
     * Makes a user. A password is held to the policy. A hash from another system is taken as it is, and replaced by a
     * current one when the user signs in.
     *
     * @param array<array-key, string>|null $metadata
     * @throws EmailNotAvailableException the e-mail address belongs to another user
     * @throws ExternalIdAlreadyUsedException the external id belongs to another user
     * @throws InputInvalidException the input is not valid
     * @throws InvalidPasswordHashException the password hash is damaged, too costly or of a kind that is not supported
     * @throws PasswordAndPasswordHashProvidedException give a password or a password hash, not both
     * @throws PasswordRejectedException the password does not meet the policy
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
        ?string $createdAt = null,
    ): User {}

    /**
     * Reads the user with an id.
     *
     * @throws UserNotFoundException there is no such user
     * @throws Exception
     */
    public function getUser(string $id): User {}

    /**
     * Reads the user with an address.
     *
     * @throws InputInvalidException the input is not valid
     * @throws UserNotFoundException there is no such user
     * @throws Exception
     */
    public function getUserByEmail(#[\SensitiveParameter] string $email): User {}

    /**
     * Reads the user whom another system knows by an id.
     *
     * @throws UserNotFoundException there is no such user
     * @throws Exception
     */
    public function getUserByExternalId(string $externalId): User {}

    /**
     * Reads a page of users. The newest come first, unless `order` says otherwise.
     *
     * @param 'asc'|'desc'|null $order
     * @throws InputInvalidException the input is not valid
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
     * Changes a user; what is left out stays as it is. An empty text clears a name, the locale or the external id.
     * Metadata that is given replaces all of it. A new address or password ends the user's live reset.
     *
     * @param array<array-key, string>|null $metadata
     * @throws EmailAlreadyVerifiedException a verified e-mail address cannot be marked unverified
     * @throws EmailNotAvailableException the e-mail address belongs to another user
     * @throws ExternalIdAlreadyUsedException the external id belongs to another user
     * @throws InputInvalidException the input is not valid
     * @throws InvalidPasswordHashException the password hash is damaged, too costly or of a kind that is not supported
     * @throws PasswordAndPasswordHashProvidedException give a password or a password hash, not both
     * @throws PasswordRejectedException the password does not meet the policy
     * @throws UserNotFoundException there is no such user
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
     * Deletes a user with their resets.
     *
     * @throws UserNotFoundException there is no such user
     * @throws Exception
     */
    public function deleteUser(string $id): void {}

    /**
     * Checks an address and a password. All that is wrong with either gets one answer. After many failures in a row
     * nothing is checked for a while. No session is issued.
     *
     * @throws InvalidCredentialsException the e-mail address or the password is wrong
     * @throws OverloadedException too many calls are under way; try again shortly
     * @throws RateLimitedException too many requests; try again later
     * @throws Exception
     */
    public function authenticateWithPassword(
        #[\SensitiveParameter] string $email,
        #[\SensitiveParameter] string $password,
    ): User {}

    /**
     * Makes a reset for a user, for the trusted server. It tells whether there is such a user. An earlier reset of
     * the user ends. For a user without a password, such as one who is invited, the token works for
     * `firstPasswordLifetime`.
     *
     * @throws InputInvalidException the input is not valid
     * @throws UserLockedException the account is locked since a change of it was reported; make sure of its e-mail address, then unlock it
     * @throws UserNotFoundException there is no such user
     * @throws Exception
     */
    public function createPasswordReset(#[\SensitiveParameter] string $email): PasswordReset {}

    /**
     * Makes a reset for whoever has an address, for a public form. Answer the form in the same way whatever comes of
     * it, and send the mail later. Nothing comes of it where there is no such user, or where it was asked for too
     * often.
     *
     * @throws InputInvalidException the input is not valid
     * @throws Exception
     */
    public function requestPasswordReset(#[\SensitiveParameter] string $email): ?PasswordReset {}

    /**
     * Reads a live reset with its link. Only while its token can be used.
     *
     * @throws PasswordResetNotFoundException there is no such password reset, or it is no longer usable
     * @throws Exception
     */
    public function getPasswordReset(string $id): PasswordReset {}

    /**
     * Says whether a token can be used, and until when; nothing is changed. For the page behind the link, before it
     * shows a form. It tells no more than `resetPassword` would.
     *
     * @throws Exception
     */
    public function checkPasswordResetToken(#[\SensitiveParameter] string $token): TokenCheck {}

    /**
     * Sets a new password with the token of a reset link. A token works once, and success verifies the user's e-mail.
     * A refused password leaves the token usable. End the sessions that began before the user's
     * `credentialsChangedAt`.
     *
     * @throws OverloadedException too many calls are under way; try again shortly
     * @throws PasswordRejectedException the password does not meet the policy
     * @throws PasswordResetTokenExpiredException the password reset token has expired
     * @throws PasswordResetTokenNotFoundException the password reset token is unknown or can no longer be used
     * @throws Exception
     */
    public function resetPassword(
        #[\SensitiveParameter] string $token,
        #[\SensitiveParameter] string $newPassword,
    ): ResetPasswordResponse {}

    /**
     * Ends the live resets of one user, or of all. Answers how many were ended.
     *
     * @throws UserNotFoundException there is no such user
     * @throws Exception
     */
    public function revokePasswordResets(?string $userId = null): int {}

    /**
     * Gives the policy's verdict on a password; nothing is set.
     *
     * @throws UserNotFoundException there is no such user
     * @throws Exception
     */
    public function checkPassword(#[\SensitiveParameter] string $password, ?string $userId = null): PasswordCheck {}

    /**
     * Reads what happened, oldest first. Begins after the event `after`, or with the oldest.
     *
     * @throws InputInvalidException the input is not valid
     * @throws Exception
     */
    public function events(?string $after = null, ?int $limit = null): EventList {}

    /**
     * Takes messages that are to be sent now, for a mailer. Needs the option `messages`. Each is held for 5 minutes
     * by whoever was given it: say what became of it by `messageSent` or `messageFailed`, or it is given out again.
     * Send each to its `to`, with a `Message-ID` made of its `messageId`, which stays the same.
     *
     * @throws ConfigInvalidException the configuration cannot be used
     * @throws InputInvalidException the input is not valid
     * @throws Exception
     */
    public function messages(?int $limit = null): MessageList {}

    /**
     * Removes a message that was sent. Refused with `idUnknown` when there is no such message any more, or another
     * holds it by now; there is nothing to be done about that.
     *
     * @throws ConfigInvalidException the configuration cannot be used
     * @throws InputInvalidException the input is not valid
     * @throws Exception
     */
    public function messageSent(string $id): void {}

    /**
     * Gives a message back that could not be sent. It is given out again after 10 seconds, 1, 5, 15 and 60 minutes,
     * then every 4 hours: a link until it stops working, a notice for a day.
     *
     * @throws ConfigInvalidException the configuration cannot be used
     * @throws InputInvalidException the input is not valid
     * @throws Exception
     */
    public function messageFailed(string $id): void {}

    /**
     * Says that a change was not the owner's, by the token of the notice that told of it. Nobody knows the password
     * any more, and links end; end the sessions that began before the user's `credentialsChangedAt`. A new link is
     * sent if the address is still the account's. If not, the account is locked: no link is made for it until
     * `unlockUser`, or until an address is set. A token works once, for 7 days.
     *
     * @throws InputInvalidException the input is not valid
     * @throws OverloadedException too many calls are under way; try again shortly
     * @throws Exception
     */
    public function reportChange(#[\SensitiveParameter] string $token, #[\SensitiveParameter] string $email): User {}

    /**
     * Has links made again for a user who was locked out by `reportChange`. Make sure first that the account's
     * address is its owner's.
     *
     * @throws UserNotFoundException there is no such user
     * @throws Exception
     */
    public function unlockUser(string $id): void {}

    /**
     * Removes what is dead and old. Of each kind go at most `limit` rows; call it again while it removes as many.
     *
     * @throws InputInvalidException the input is not valid
     * @throws Exception
     */
    public function purge(?int $limit = null): Purged {}
}

/** One reason why a password or an input is refused. */
final readonly class Detail implements \JsonSerializable
{
    /** Which reason, such as `passwordTooShort`. */
    public string $code;
    /** The same in English, to show to whoever typed it. */
    public string $message;
    /** The argument that it is about. */
    public ?string $field;
    /** With `passwordTooShort`. */
    public ?int $minimumLength;
    /** With `passwordTooLong`. */
    public ?int $maximumLength;

    private function __construct() {}

    /** @return array<string, mixed> moments as texts, secrets as `[redacted]` */
    public function jsonSerialize(): array {}
}

/** Something that happened. */
final readonly class Event implements \JsonSerializable
{
    /** `event` and a ULID. */
    public string $id;
    /** What happened, such as `password_reset.succeeded`. */
    public string $event;
    /** @var array<string, mixed> The user, or the reset without token and url. */
    public array $data;
    /** When. */
    public \DateTimeImmutable $createdAt;

    private function __construct() {}

    /** @return array<string, mixed> moments as texts, secrets as `[redacted]` */
    public function jsonSerialize(): array {}
}

/** Where a page of events ends. */
final readonly class EventCursor implements \JsonSerializable
{
    /** The id to give as `after` for the next page. */
    public ?string $after;

    private function __construct() {}

    /** @return array<string, mixed> moments as texts, secrets as `[redacted]` */
    public function jsonSerialize(): array {}
}

/** A page of events. */
final readonly class EventList implements \JsonSerializable
{
    /** @var list<Event> The events, oldest first. */
    public array $data;
    /** Where the page ends. */
    public EventCursor $listMetadata;

    private function __construct() {}

    /** @return array<string, mixed> moments as texts, secrets as `[redacted]` */
    public function jsonSerialize(): array {}
}

/**
 * A message that is to be sent now. Whatever shows all its properties at once, such as `var_dump` and `json_encode`, shows
 * `[redacted]` for its secrets; each is there to be read by its name. It can be neither cloned nor serialised.
 */
final readonly class Message implements \JsonSerializable
{
    /** What `messageSent` and `messageFailed` take; another one each time. */
    public string $id;
    /** `message` and a ULID, the same each time: what to make the mail's `Message-ID` of. */
    public string $messageId;
    /** `passwordReset`, `passwordChanged` or `emailChanged`. */
    public string $kind;
    /** The address to send it to, as stored. */
    public string $to;
    /** The user whose account it is about. */
    public string $userId;
    /** Given name. */
    public ?string $firstName;
    /** Full name. */
    public ?string $name;
    /** Language tag, such as `de` or `pt-BR`. */
    public ?string $locale;
    /** The link, of `passwordReset`. A secret. */
    public ?string $url;
    /** When the link stops working. */
    public ?\DateTimeImmutable $expiresAt;
    /** Of a notice: what `reportChange` takes. A secret. */
    public ?string $reportToken;
    /** When what it tells of happened. */
    public \DateTimeImmutable $createdAt;
    /** How often it was given out, this time included. */
    public int $attempt;

    private function __construct() {}

    /** @return array<string, mixed> moments as texts, secrets as `[redacted]` */
    public function jsonSerialize(): array {}
}

/** Messages that are to be sent now. */
final readonly class MessageList implements \JsonSerializable
{
    /** @var list<Message> The messages, those first that have waited for longest. */
    public array $data;

    private function __construct() {}

    /** @return array<string, mixed> moments as texts, secrets as `[redacted]` */
    public function jsonSerialize(): array {}
}

/** The policy's verdict on a password. */
final readonly class PasswordCheck implements \JsonSerializable
{
    /** Whether it may be chosen. */
    public bool $acceptable;
    /** @var list<Detail> Every rule that it breaks. */
    public array $errors;

    private function __construct() {}

    /** @return array<string, mixed> moments as texts, secrets as `[redacted]` */
    public function jsonSerialize(): array {}
}

/**
 * A password reset with its token and url. Whatever shows all its properties at once, such as `var_dump` and `json_encode`, shows
 * `[redacted]` for its secrets; each is there to be read by its name. It can be neither cloned nor serialised.
 */
final readonly class PasswordReset implements \JsonSerializable
{
    /** `passwordReset` and a ULID. */
    public string $id;
    /** The user whose password it resets. */
    public string $userId;
    /** The user's address, as stored: the only recipient. */
    public string $email;
    /** The token: 43 characters of base64url. A secret. */
    public string $passwordResetToken;
    /** The link: `resetUrl` with the token. A secret. */
    public string $passwordResetUrl;
    /** When the token stops working. */
    public \DateTimeImmutable $expiresAt;
    /** When it was made. */
    public \DateTimeImmutable $createdAt;

    private function __construct() {}

    /** @return array<string, mixed> moments as texts, secrets as `[redacted]` */
    public function jsonSerialize(): array {}
}

/** How many rows were removed. */
final readonly class Purged implements \JsonSerializable
{
    /** Resets removed. */
    public int $passwordResets;
    /** Events removed. */
    public int $events;
    /** Counted requests and failed logins removed. */
    public int $requests;

    private function __construct() {}

    /** @return array<string, mixed> moments as texts, secrets as `[redacted]` */
    public function jsonSerialize(): array {}
}

/** Whether a token can be used, and until when. */
final readonly class TokenCheck implements \JsonSerializable
{
    /** Whether `resetPassword` would take it now. */
    public bool $usable;
    /** When it stops working, where it is usable. */
    public ?\DateTimeImmutable $expiresAt;
    /** The error that `resetPassword` would answer, where it is not. */
    public ?string $errorCode;

    private function __construct() {}

    /** @return array<string, mixed> moments as texts, secrets as `[redacted]` */
    public function jsonSerialize(): array {}
}

/** A user. */
final readonly class User implements \JsonSerializable
{
    /** `user` and a ULID. */
    public string $id;
    /** The address as typed; the only recipient of mail. */
    public string $email;
    /** Whether the user has shown that the address is theirs, for instance by a reset. */
    public bool $emailVerified;
    /** Given name. */
    public ?string $firstName;
    /** Family name. */
    public ?string $lastName;
    /** Full name. */
    public ?string $name;
    /** A picture. Nothing sets it yet. */
    public ?string $profilePictureUrl;
    /** The last good login through the engine. */
    public ?\DateTimeImmutable $lastSignInAt;
    /** The id that another system knows the user by. */
    public ?string $externalId;
    /** @var array<array-key, string> Free text by key. */
    public array $metadata;
    /** Language tag, such as `de` or `pt-BR`. */
    public ?string $locale;
    /** When the password was set. Refuse sessions that began before it. */
    public ?\DateTimeImmutable $credentialsChangedAt;
    /** When the user was created. */
    public \DateTimeImmutable $createdAt;
    /** When the user was last changed. */
    public \DateTimeImmutable $updatedAt;

    private function __construct() {}

    /** @return array<string, mixed> moments as texts, secrets as `[redacted]` */
    public function jsonSerialize(): array {}
}

/** Where the neighbouring pages of a list of users begin. */
final readonly class UserCursors implements \JsonSerializable
{
    /** The id to give as `before` for the page before. */
    public ?string $before;
    /** The id to give as `after` for the page after. */
    public ?string $after;

    private function __construct() {}

    /** @return array<string, mixed> moments as texts, secrets as `[redacted]` */
    public function jsonSerialize(): array {}
}

/** A page of users. */
final readonly class UserList implements \JsonSerializable
{
    /** @var list<User> The users. */
    public array $data;
    /** Where the neighbouring pages begin. */
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
