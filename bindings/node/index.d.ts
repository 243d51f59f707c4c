// Generated from bindings/api by scripts/update; changes here are lost.

/// <reference lib="esnext.disposable" />

// Every moment is text in ISO 8601, UTC, such as `2024-05-23T18:08:51.024Z`. Every result is frozen.
// An argument that is undefined or null counts as left out. A wrong type, and a property that is not
// below, rejects with a TypeError before anything is done.

/** One reason why a password or an input is refused. */
export interface Detail {
  /** Which reason, such as `passwordTooShort`. */
  readonly code: string;
  /** The same in English, to show to whoever typed it. */
  readonly message: string;
  /** The argument that it is about. */
  readonly field: string | null;
  /** With `passwordTooShort`. */
  readonly minimumLength: number | null;
  /** With `passwordTooLong`. */
  readonly maximumLength: number | null;
}

/** Something that happened. */
export interface Event {
  /** `event` and a ULID. */
  readonly id: string;
  /** What happened, such as `password_reset.succeeded`. */
  readonly event: string;
  /** The user, or the reset without token and url. */
  readonly data: Readonly<Record<string, unknown>>;
  /** When. */
  readonly createdAt: string;
}

/** Where a page of events ends. */
export interface EventCursor {
  /** The id to give as `after` for the next page. */
  readonly after: string | null;
}

/** A page of events. */
export interface EventList {
  /** The events, oldest first. */
  readonly data: readonly Event[];
  /** Where the page ends. */
  readonly listMetadata: EventCursor;
}

/** A message that is to be sent now. `console.log` and `util.inspect` show `[redacted]` for its secrets. */
export interface Message {
  /** What `messageSent` and `messageFailed` take; another one each time. */
  readonly id: string;
  /** `message` and a ULID, the same each time: what to make the mail's `Message-ID` of. */
  readonly messageId: string;
  /** `passwordReset`, `passwordChanged` or `emailChanged`. */
  readonly kind: string;
  /** The address to send it to, as stored. */
  readonly to: string;
  /** The user whose account it is about. */
  readonly userId: string;
  /** Given name. */
  readonly firstName: string | null;
  /** Full name. */
  readonly name: string | null;
  /** Language tag, such as `de` or `pt-BR`. */
  readonly locale: string | null;
  /** The link, of `passwordReset`. A secret. */
  readonly url: string | null;
  /** When the link stops working. */
  readonly expiresAt: string | null;
  /** Of a notice: what `reportChange` takes. A secret. */
  readonly reportToken: string | null;
  /** When what it tells of happened. */
  readonly createdAt: string;
  /** How often it was given out, this time included. */
  readonly attempt: number;
}

/** Messages that are to be sent now. */
export interface MessageList {
  /** The messages, those first that have waited for longest. */
  readonly data: readonly Message[];
}

/** The policy's verdict on a password. */
export interface PasswordCheck {
  /** Whether it may be chosen. */
  readonly acceptable: boolean;
  /** Every rule that it breaks. */
  readonly errors: readonly Detail[];
}

/** A password reset with its token and url. `console.log` and `util.inspect` show `[redacted]` for its secrets. */
export interface PasswordReset {
  /** `passwordReset` and a ULID. */
  readonly id: string;
  /** The user whose password it resets. */
  readonly userId: string;
  /** The user's address, as stored: the only recipient. */
  readonly email: string;
  /** The token: 43 characters of base64url. A secret. */
  readonly passwordResetToken: string;
  /** The link: `resetUrl` with the token. A secret. */
  readonly passwordResetUrl: string;
  /** When the token stops working. */
  readonly expiresAt: string;
  /** When it was made. */
  readonly createdAt: string;
}

/** How many rows were removed. */
export interface Purged {
  /** Resets removed. */
  readonly passwordResets: number;
  /** Events removed. */
  readonly events: number;
  /** Counted requests and failed logins removed. */
  readonly requests: number;
}

/** Whether a token can be used, and until when. */
export interface TokenCheck {
  /** Whether `resetPassword` would take it now. */
  readonly usable: boolean;
  /** When it stops working, where it is usable. */
  readonly expiresAt: string | null;
  /** The error that `resetPassword` would answer, where it is not. */
  readonly errorCode: string | null;
}

/** A user. */
export interface User {
  /** `user` and a ULID. */
  readonly id: string;
  /** The address as typed; the only recipient of mail. */
  readonly email: string;
  /** Whether the user has shown that the address is theirs, for instance by a reset. */
  readonly emailVerified: boolean;
  /** Given name. */
  readonly firstName: string | null;
  /** Family name. */
  readonly lastName: string | null;
  /** Full name. */
  readonly name: string | null;
  /** A picture. Nothing sets it yet. */
  readonly profilePictureUrl: string | null;
  /** The last good login through the engine. */
  readonly lastSignInAt: string | null;
  /** The id that another system knows the user by. */
  readonly externalId: string | null;
  /** Free text by key. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Language tag, such as `de` or `pt-BR`. */
  readonly locale: string | null;
  /** When the password was set. Refuse sessions that began before it. */
  readonly credentialsChangedAt: string | null;
  /** When the user was created. */
  readonly createdAt: string;
  /** When the user was last changed. */
  readonly updatedAt: string;
}

/** Where the neighbouring pages of a list of users begin. */
export interface UserCursors {
  /** The id to give as `before` for the page before. */
  readonly before: string | null;
  /** The id to give as `after` for the page after. */
  readonly after: string | null;
}

/** A page of users. */
export interface UserList {
  /** The users. */
  readonly data: readonly User[];
  /** Where the neighbouring pages begin. */
  readonly listMetadata: UserCursors;
}

/** What `resetPassword` answers. */
export interface ResetPasswordResponse {
  readonly user: User;
}

/** How the engine behaves; every option has a default. */
export interface OpenOptions {
  /** The secret key: 64 hexadecimal characters. */
  key?: string;
  /** The file that the secret key is in; `<database>.key` by default. */
  keyFile?: string;
  /** Earlier keys, at most 3; links made with them go on working. */
  previousKeys?: readonly string[];
  /** The page that links lead to. */
  resetUrl?: string;
  /** How long a token works, in seconds: 300 to 86,400, 1,800 by default. */
  tokenLifetime?: number;
  /** How long a token works that `createPasswordReset` makes for a user without a password, in seconds: 300 to
   * 604,800, `tokenLifetime` by default. */
  firstPasswordLifetime?: number;
  /** Whether an encrypted copy of each token is kept while it lives. True by default. */
  sealTokens?: boolean;
  /** Least length of a password in code points: 8 to 64, 15 by default. */
  passwordMinLength?: number;
  /** Names of the service, which no password may be a version of. */
  serviceNames?: readonly string[];
  /** What another system appended to passwords before it hashed them, for hashes imported as `peppered$…`. */
  pepper?: string;
  /** The file that the pepper is in. */
  pepperFile?: string;
  /** Memory of one hash, in KiB; 65,536 by default. */
  argon2MemoryKib?: number;
  /** Passes of one hash over its memory; 3 by default. */
  argon2Iterations?: number;
  /** Whether hashes are computed by the portable code alone, in about twice the time. False by default. */
  argon2Portable?: boolean;
  /** Memory of all hashes at work in this process, in KiB; 262,144 by default. */
  memoryBudgetKib?: number;
  /** Requests of public forms that this process answers a minute: 1 to 1,000,000, 6,000 by default. */
  requestsPerMinute?: number;
  /** The users' table that is there already: a preset's name, such as `django`, a file of a mapping, or the mapping
   * in TOML. */
  users?: string;
  /** Whether links that are asked for, and notices of changes, wait for a mailer, which takes them by `messages`.
   * False by default. */
  messages?: boolean;
  /** Whether the tables are made or brought up to date. True by default. */
  migrate?: boolean;
}

/** What `createUser` takes. */
export interface CreateUserOptions {
  /** The address: at most 254 octets, 64 before the `@`. */
  email: string;
  /** A password, held to the policy. */
  password?: string;
  /** Or the hash of one, from another system; not both. */
  passwordHash?: string;
  /** Whether the address is known to be the user's. False by default. */
  emailVerified?: boolean;
  /** Given name: at most 256 characters. */
  firstName?: string;
  /** Family name: at most 256 characters. */
  lastName?: string;
  /** Full name: at most 256 characters. */
  name?: string;
  /** The id that another system knows the user by: at most 128 visible ASCII characters, unique. */
  externalId?: string;
  /** At most 50 keys of at most 40 characters, values of at most 600. */
  metadata?: Readonly<Record<string, string>>;
  /** Language tag of at most 35 characters. */
  locale?: string;
  /** When the user came to be, where another system knows: RFC 3339, 1970 to now. Now by default. */
  createdAt?: string;
}

/** What `listUsers` takes. */
export interface ListUsersOptions {
  /** Only the user with this address. */
  email?: string;
  /** Users on a page: 1 to 100, 10 by default. */
  limit?: number;
  /** The page that ends before this user. */
  before?: string;
  /** The page that begins after this user. */
  after?: string;
  /** By creation: `asc` oldest first, `desc` newest first, which is the default. */
  order?: 'asc' | 'desc';
}

/** What `updateUser` takes. */
export interface UpdateUserOptions {
  /** A new address. It counts as unverified unless `emailVerified` is given true with it. */
  email?: string;
  /** A new password, held to the policy. */
  password?: string;
  /** Or the hash of one; not both. */
  passwordHash?: string;
  /** True marks the address verified; false is allowed only while it is not, or with a new address. */
  emailVerified?: boolean;
  /** Given name; an empty text clears it. */
  firstName?: string;
  /** Family name; an empty text clears it. */
  lastName?: string;
  /** Full name; an empty text clears it. */
  name?: string;
  /** The id that another system knows the user by; an empty text clears it. */
  externalId?: string;
  /** All of the metadata; empty clears it. */
  metadata?: Readonly<Record<string, string>>;
  /** Language tag; an empty text clears it. */
  locale?: string;
}

/** What `authenticateWithPassword` takes. */
export interface AuthenticateWithPasswordOptions {
  /** The address, compared in its look-up form. */
  email: string;
  /** The password: at most 4,096 bytes. */
  password: string;
}

/** What `createPasswordReset` takes. */
export interface CreatePasswordResetOptions {
  /** The address of the user, compared in its look-up form. */
  email: string;
}

/** What `requestPasswordReset` takes. */
export interface RequestPasswordResetOptions {
  /** What was typed into the form. */
  email: string;
}

/** What `checkPasswordResetToken` takes. */
export interface CheckPasswordResetTokenOptions {
  /** The `token` query parameter from the password reset URL. */
  token: string;
}

/** What `resetPassword` takes. */
export interface ResetPasswordOptions {
  /** The `token` query parameter from the password reset URL. */
  token: string;
  /** The new password to set for the user. */
  newPassword: string;
}

/** What `revokePasswordResets` takes. */
export interface RevokePasswordResetsOptions {
  /** The user, or nothing for all users. */
  userId?: string;
}

/** What `checkPassword` takes. */
export interface CheckPasswordOptions {
  /** The password to judge. */
  password: string;
  /** Whose it would be: it is then also held against their address and names. */
  userId?: string;
}

/** What `events` takes. */
export interface EventsOptions {
  /** The id of the event to begin after. */
  after?: string;
  /** Events on a page: 1 to 100. */
  limit?: number;
}

/** What `messages` takes. */
export interface MessagesOptions {
  /** Most messages that are taken: 1 to 100, 10 by default. */
  limit?: number;
}

/** What `reportChange` takes. */
export interface ReportChangeOptions {
  /** The notice's `reportToken`. */
  token: string;
  /** The address that the notice was sent to, typed by its reader. */
  email: string;
}

/** What `purge` takes. */
export interface PurgeOptions {
  /** Most rows of each kind that go: 1 to 10,000. */
  limit?: number;
}

/** Users and their password resets, on a database. One handle serves any number of calls at once. */
export class UserManagement {
  private constructor();

  /**
   * Opens a database: a bare path, `sqlite:path` or `sqlite://path` (relative), `sqlite:///absolute/path`,
   * `sqlite::memory:` or `:memory:`; `postgres://…`; `mysql://…` or `mariadb://…`.
   */
  static open(databaseUrl: string, options?: OpenOptions): Promise<UserManagement>;

  /** Ends this process's connections, after the calls under way. A later call opens new ones. */
  close(): Promise<void>;

  /**
   * Makes a user. A password is held to the policy. A hash from another system is taken as it is, and
   * replaced by a current one when the user signs in.
   * Rejects with `EmailNotAvailableError`, `ExternalIdAlreadyUsedError`, `InputInvalidError`,
   * `InvalidPasswordHashError`, `PasswordAndPasswordHashProvidedError`, `PasswordRejectedError`.
   */
  createUser(options: CreateUserOptions): Promise<User>;

  /**
   * Reads the user with an id.
   * Rejects with `UserNotFoundError`.
   */
  getUser(id: string): Promise<User>;

  /**
   * Reads the user with an address.
   * Rejects with `InputInvalidError`, `UserNotFoundError`.
   */
  getUserByEmail(email: string): Promise<User>;

  /**
   * Reads the user whom another system knows by an id.
   * Rejects with `UserNotFoundError`.
   */
  getUserByExternalId(externalId: string): Promise<User>;

  /**
   * Reads a page of users. The newest come first, unless `order` says otherwise.
   * Rejects with `InputInvalidError`.
   */
  listUsers(options?: ListUsersOptions): Promise<UserList>;

  /**
   * Changes a user; what is left out stays as it is. An empty text clears a name, the locale or the external
   * id. Metadata that is given replaces all of it. A new address or password ends the user's live reset.
   * Rejects with `EmailAlreadyVerifiedError`, `EmailNotAvailableError`, `ExternalIdAlreadyUsedError`,
   * `InputInvalidError`, `InvalidPasswordHashError`, `PasswordAndPasswordHashProvidedError`,
   * `PasswordRejectedError`, `UserNotFoundError`.
   */
  updateUser(id: string, options: UpdateUserOptions): Promise<User>;

  /**
   * Deletes a user with their resets.
   * Rejects with `UserNotFoundError`.
   */
  deleteUser(id: string): Promise<void>;

  /**
   * Checks an address and a password. All that is wrong with either gets one answer. After many failures in a
   * row nothing is checked for a while. No session is issued.
   * Rejects with `InvalidCredentialsError`, `OverloadedError`, `RateLimitedError`.
   */
  authenticateWithPassword(options: AuthenticateWithPasswordOptions): Promise<User>;

  /**
   * Makes a reset for a user, for the trusted server. It tells whether there is such a user. An earlier reset
   * of the user ends. For a user without a password, such as one who is invited, the token works for
   * `firstPasswordLifetime`.
   * Rejects with `InputInvalidError`, `UserLockedError`, `UserNotFoundError`.
   */
  createPasswordReset(options: CreatePasswordResetOptions): Promise<PasswordReset>;

  /**
   * Makes a reset for whoever has an address, for a public form. Answer the form in the same way whatever
   * comes of it, and send the mail later. Nothing comes of it where there is no such user, or where it was
   * asked for too often.
   * Rejects with `InputInvalidError`.
   */
  requestPasswordReset(options: RequestPasswordResetOptions): Promise<PasswordReset | null>;

  /**
   * Reads a live reset with its link. Only while its token can be used.
   * Rejects with `PasswordResetNotFoundError`.
   */
  getPasswordReset(id: string): Promise<PasswordReset>;

  /**
   * Says whether a token can be used, and until when; nothing is changed. For the page behind the link,
   * before it shows a form. It tells no more than `resetPassword` would.
   */
  checkPasswordResetToken(options: CheckPasswordResetTokenOptions): Promise<TokenCheck>;

  /**
   * Sets a new password with the token of a reset link. A token works once, and success verifies the user's
   * e-mail. A refused password leaves the token usable. End the sessions that began before the user's
   * `credentialsChangedAt`.
   * Rejects with `OverloadedError`, `PasswordRejectedError`, `PasswordResetTokenExpiredError`,
   * `PasswordResetTokenNotFoundError`.
   */
  resetPassword(options: ResetPasswordOptions): Promise<ResetPasswordResponse>;

  /**
   * Ends the live resets of one user, or of all. Answers how many were ended.
   * Rejects with `UserNotFoundError`.
   */
  revokePasswordResets(options?: RevokePasswordResetsOptions): Promise<number>;

  /**
   * Gives the policy's verdict on a password; nothing is set.
   * Rejects with `UserNotFoundError`.
   */
  checkPassword(options: CheckPasswordOptions): Promise<PasswordCheck>;

  /**
   * Reads what happened, oldest first. Begins after the event `after`, or with the oldest.
   * Rejects with `InputInvalidError`.
   */
  events(options?: EventsOptions): Promise<EventList>;

  /**
   * Takes messages that are to be sent now, for a mailer. Needs the option `messages`. Each is held for 5
   * minutes by whoever was given it: say what became of it by `messageSent` or `messageFailed`, or it is
   * given out again. Send each to its `to`, with a `Message-ID` made of its `messageId`, which stays the
   * same.
   * Rejects with `ConfigInvalidError`, `InputInvalidError`.
   */
  messages(options?: MessagesOptions): Promise<MessageList>;

  /**
   * Removes a message that was sent. Refused with `idUnknown` when there is no such message any more, or
   * another holds it by now; there is nothing to be done about that.
   * Rejects with `ConfigInvalidError`, `InputInvalidError`.
   */
  messageSent(id: string): Promise<void>;

  /**
   * Gives a message back that could not be sent. It is given out again after 10 seconds, 1, 5, 15 and 60
   * minutes, then every 4 hours: a link until it stops working, a notice for a day.
   * Rejects with `ConfigInvalidError`, `InputInvalidError`.
   */
  messageFailed(id: string): Promise<void>;

  /**
   * Says that a change was not the owner's, by the token of the notice that told of it. Nobody knows the
   * password any more, and links end; end the sessions that began before the user's `credentialsChangedAt`. A
   * new link is sent if the address is still the account's. If not, the account is locked: no link is made
   * for it until `unlockUser`, or until an address is set. A token works once, for 7 days.
   * Rejects with `InputInvalidError`, `OverloadedError`.
   */
  reportChange(options: ReportChangeOptions): Promise<User>;

  /**
   * Has links made again for a user who was locked out by `reportChange`. Make sure first that the account's
   * address is its owner's.
   * Rejects with `UserNotFoundError`.
   */
  unlockUser(id: string): Promise<void>;

  /**
   * Removes what is dead and old. Of each kind go at most `limit` rows; call it again while it removes as
   * many.
   * Rejects with `InputInvalidError`.
   */
  purge(options?: PurgeOptions): Promise<Purged>;

  /** The same as `close`, for `await using`. Only where the runtime has `Symbol.asyncDispose`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** The codes of errors; see `docs/reference/errors.md`. */
export type ErrorCode =
  | 'config_invalid'
  | 'email_already_verified'
  | 'email_not_available'
  | 'external_id_already_used'
  | 'forbidden'
  | 'headers_too_large'
  | 'input_invalid'
  | 'internal'
  | 'invalid_credentials'
  | 'invalid_password_hash'
  | 'method_not_allowed'
  | 'not_found'
  | 'overloaded'
  | 'password_and_password_hash_provided'
  | 'password_rejected'
  | 'password_reset_not_found'
  | 'password_reset_token_expired'
  | 'password_reset_token_not_found'
  | 'payload_too_large'
  | 'rate_limited'
  | 'request_timeout'
  | 'storage_unavailable'
  | 'unauthorized'
  | 'unsupported'
  | 'unsupported_media_type'
  | 'user_locked'
  | 'user_not_found';

export interface ErrorDetails {
  errors?: readonly Detail[];
  retryable?: boolean;
  retryAfter?: number | null;
}

/** The root of every error. Every error that is thrown is one of the classes below. */
export class ResetPasswordError extends Error {
  constructor(message?: string, details?: ErrorDetails);
  readonly code: ErrorCode;
  /** The reasons, with `password_rejected` and `input_invalid`. */
  readonly errors: readonly Detail[];
  /** Whether the same call may succeed later without any change to it. */
  readonly retryable: boolean;
  /** Whole seconds to wait before that, where it is known. */
  readonly retryAfter: number | null;
}

/** The configuration cannot be used. */
export class ConfigInvalidError extends ResetPasswordError {
  static readonly code: 'config_invalid';
  readonly code: 'config_invalid';
}

/** A verified e-mail address cannot be marked unverified. */
export class EmailAlreadyVerifiedError extends ResetPasswordError {
  static readonly code: 'email_already_verified';
  readonly code: 'email_already_verified';
}

/** The e-mail address belongs to another user. */
export class EmailNotAvailableError extends ResetPasswordError {
  static readonly code: 'email_not_available';
  readonly code: 'email_not_available';
}

/** The external id belongs to another user. */
export class ExternalIdAlreadyUsedError extends ResetPasswordError {
  static readonly code: 'external_id_already_used';
  readonly code: 'external_id_already_used';
}

/** The API key does not have the scope that this call needs. */
export class ForbiddenError extends ResetPasswordError {
  static readonly code: 'forbidden';
  readonly code: 'forbidden';
}

/** The request's headers are too large. */
export class HeadersTooLargeError extends ResetPasswordError {
  static readonly code: 'headers_too_large';
  readonly code: 'headers_too_large';
}

/** The input is not valid. */
export class InputInvalidError extends ResetPasswordError {
  static readonly code: 'input_invalid';
  readonly code: 'input_invalid';
}

/** Something went wrong inside the engine; the log has the details. */
export class InternalError extends ResetPasswordError {
  static readonly code: 'internal';
  readonly code: 'internal';
}

/** The e-mail address or the password is wrong. */
export class InvalidCredentialsError extends ResetPasswordError {
  static readonly code: 'invalid_credentials';
  readonly code: 'invalid_credentials';
}

/** The password hash is damaged, too costly or of a kind that is not supported. */
export class InvalidPasswordHashError extends ResetPasswordError {
  static readonly code: 'invalid_password_hash';
  readonly code: 'invalid_password_hash';
}

/** The route does not take this method. */
export class MethodNotAllowedError extends ResetPasswordError {
  static readonly code: 'method_not_allowed';
  readonly code: 'method_not_allowed';
}

/** There is no such route. */
export class NotFoundError extends ResetPasswordError {
  static readonly code: 'not_found';
  readonly code: 'not_found';
}

/** Too many calls are under way; try again shortly. */
export class OverloadedError extends ResetPasswordError {
  static readonly code: 'overloaded';
  readonly code: 'overloaded';
}

/** Give a password or a password hash, not both. */
export class PasswordAndPasswordHashProvidedError extends ResetPasswordError {
  static readonly code: 'password_and_password_hash_provided';
  readonly code: 'password_and_password_hash_provided';
}

/** The password does not meet the policy. */
export class PasswordRejectedError extends ResetPasswordError {
  static readonly code: 'password_rejected';
  readonly code: 'password_rejected';
}

/** There is no such password reset, or it is no longer usable. */
export class PasswordResetNotFoundError extends ResetPasswordError {
  static readonly code: 'password_reset_not_found';
  readonly code: 'password_reset_not_found';
}

/** The password reset token has expired. */
export class PasswordResetTokenExpiredError extends ResetPasswordError {
  static readonly code: 'password_reset_token_expired';
  readonly code: 'password_reset_token_expired';
}

/** The password reset token is unknown or can no longer be used. */
export class PasswordResetTokenNotFoundError extends ResetPasswordError {
  static readonly code: 'password_reset_token_not_found';
  readonly code: 'password_reset_token_not_found';
}

/** The request's body is too large. */
export class PayloadTooLargeError extends ResetPasswordError {
  static readonly code: 'payload_too_large';
  readonly code: 'payload_too_large';
}

/** Too many requests; try again later. */
export class RateLimitedError extends ResetPasswordError {
  static readonly code: 'rate_limited';
  readonly code: 'rate_limited';
}

/** The request took too long to arrive. */
export class RequestTimeoutError extends ResetPasswordError {
  static readonly code: 'request_timeout';
  readonly code: 'request_timeout';
}

/** The database cannot be used right now; try again shortly. */
export class StorageUnavailableError extends ResetPasswordError {
  static readonly code: 'storage_unavailable';
  readonly code: 'storage_unavailable';
}

/** The API key is missing or wrong. */
export class UnauthorizedError extends ResetPasswordError {
  static readonly code: 'unauthorized';
  readonly code: 'unauthorized';
}

/** This build does not support that. */
export class UnsupportedError extends ResetPasswordError {
  static readonly code: 'unsupported';
  readonly code: 'unsupported';
}

/** The request's content type is not supported. */
export class UnsupportedMediaTypeError extends ResetPasswordError {
  static readonly code: 'unsupported_media_type';
  readonly code: 'unsupported_media_type';
}

/** The account is locked since a change of it was reported; make sure of its e-mail address, then unlock it. */
export class UserLockedError extends ResetPasswordError {
  static readonly code: 'user_locked';
  readonly code: 'user_locked';
}

/** There is no such user. */
export class UserNotFoundError extends ResetPasswordError {
  static readonly code: 'user_not_found';
  readonly code: 'user_not_found';
}
