/// <reference lib="esnext.disposable" />

// Every moment is text in ISO 8601, UTC, such as `2024-05-23T18:08:51.024Z`. Every result is frozen.
// An argument that is undefined or null counts as left out. A wrong type, and a property that is not
// below, rejects with a TypeError before anything is done.

/** A user. */
export interface User {
  /** `user_` and a ULID. */
  readonly id: string;
  /** The address as typed; the only recipient of mail. */
  readonly email: string;
  /** Whether the user has shown that the address is theirs, for instance by a reset. */
  readonly emailVerified: boolean;
  readonly firstName: string | null;
  readonly lastName: string | null;
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
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A page of users. */
export interface UserList {
  readonly data: readonly User[];
  readonly listMetadata: UserCursors;
}

/** The ids to give as `before` and `after` for the neighbouring pages. */
export interface UserCursors {
  readonly before: string | null;
  readonly after: string | null;
}

/**
 * A password reset. `console.log` and `util.inspect` show `[redacted]` for the token and the url; reading a
 * property and `JSON.stringify` give them.
 */
export interface PasswordReset {
  /** `password_reset_` and a ULID. */
  readonly id: string;
  readonly userId: string;
  /** The user's address, as stored: the only recipient. */
  readonly email: string;
  /** The token: 43 characters of base64url. A secret. */
  readonly passwordResetToken: string;
  /** The link: `resetUrl` with the token. A secret. */
  readonly passwordResetUrl: string;
  readonly expiresAt: string;
  readonly createdAt: string;
}

/** What `resetPassword` answers. */
export interface ResetPasswordResponse {
  readonly user: User;
}

/** The policy's verdict on a password. */
export interface PasswordCheck {
  /** Whether it may be chosen. */
  readonly acceptable: boolean;
  /** Every rule that it breaks. */
  readonly errors: readonly Detail[];
}

/** One reason for a refusal. */
export interface Detail {
  /** Such as `password_too_short` or `email_invalid`. */
  readonly code: string;
  /** The reason in English, fit to show to the person who typed. */
  readonly message: string;
  /** The input field, in the words of the reference, such as `first_name`. */
  readonly field: string | null;
  /** With `password_too_short`. */
  readonly minimumLength: number | null;
  /** With `password_too_long`. */
  readonly maximumLength: number | null;
}

/** Something that happened. */
export interface Event {
  /** `event_` and a ULID. */
  readonly id: string;
  /** What happened, such as `password_reset.succeeded`. */
  readonly event: string;
  /** The user, or the reset without token and url, with the keys that the HTTP service has. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
}

/** A page of the event feed, oldest first. */
export interface EventList {
  readonly data: readonly Event[];
  readonly listMetadata: EventCursor;
}

/** The id to give as `after` for the next page; null on the last. */
export interface EventCursor {
  readonly after: string | null;
}

/** How much was removed. */
export interface Purged {
  readonly passwordResets: number;
  readonly events: number;
  readonly requests: number;
}

/** How the engine behaves; every option has a default. */
export interface OpenOptions {
  /** The secret key: 64 hexadecimal characters. Left out, it is in `<database>.key`. */
  key?: string;
  /** The file that the secret key is in. */
  keyFile?: string;
  /** At most 3 earlier keys, which links are still read with. */
  previousKeys?: readonly string[];
  /** The page that links lead to. */
  resetUrl?: string;
  /** How long a token works, in seconds: 300 to 86,400, by default 1,800. */
  tokenLifetime?: number;
  /** Whether `getPasswordReset` can show a live link again. By default it can. */
  sealTokens?: boolean;
  /** Least length of a password in code points: 8 to 64, by default 15. */
  passwordMinLength?: number;
  /** Names that no password may be a version of. */
  serviceNames?: readonly string[];
  /** Memory of one hash, in KiB, by default 65,536. */
  argon2MemoryKib?: number;
  /** Passes of one hash over its memory: 1 to 16, by default 3. */
  argon2Iterations?: number;
  /** Memory of all hashes at work in this process, in KiB, by default 262,144. */
  memoryBudgetKib?: number;
  /** Whether the tables are made or brought up to date. By default they are. */
  migrate?: boolean;
}

export interface CreateUserOptions {
  email: string;
  /** A password, held to the policy. */
  password?: string;
  /** Or the hash of one, from another system; not both. */
  passwordHash?: string;
  /** Whether the address is known to be the user's. False by default. */
  emailVerified?: boolean;
  firstName?: string;
  lastName?: string;
  name?: string;
  /** At most 128 visible ASCII characters, unique. */
  externalId?: string;
  /** At most 50 keys of at most 40 characters, values of at most 600. */
  metadata?: Readonly<Record<string, string>>;
  locale?: string;
}

/** What is left out stays as it is. An empty text, or an empty `metadata`, clears. */
export interface UpdateUserOptions {
  /** A new address. It counts as unverified unless `emailVerified` is given true with it. */
  email?: string;
  password?: string;
  passwordHash?: string;
  emailVerified?: boolean;
  firstName?: string;
  lastName?: string;
  name?: string;
  externalId?: string;
  metadata?: Readonly<Record<string, string>>;
  locale?: string;
}

export interface ListUsersOptions {
  /** Only the user with this address. */
  email?: string;
  /** Users on a page: 1 to 100, by default 10. */
  limit?: number;
  before?: string;
  after?: string;
  /** By creation: `asc` oldest first, `desc` newest first, which is the default. */
  order?: 'asc' | 'desc';
}

export interface AuthenticateWithPasswordOptions {
  email: string;
  password: string;
}

export interface CreatePasswordResetOptions {
  email: string;
}

export interface RequestPasswordResetOptions {
  /** What was typed into the form. */
  email: string;
}

export interface ResetPasswordOptions {
  /** The `token` query parameter from the password reset URL. */
  token: string;
  /** The new password to set for the user. */
  newPassword: string;
}

export interface RevokePasswordResetsOptions {
  /** The user; left out, all users. */
  userId?: string;
}

export interface CheckPasswordOptions {
  password: string;
  /** Whose it would be: it is then also held against their address and names. */
  userId?: string;
}

export interface EventsOptions {
  /** The id of the event to begin after. */
  after?: string;
  /** Events on a page: 1 to 100, by default 10. */
  limit?: number;
}

export interface PurgeOptions {
  /** Most rows of each kind that go: 1 to 10,000, by default 1,000. */
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

  /** Adds a user. */
  createUser(options: CreateUserOptions): Promise<User>;

  getUser(id: string): Promise<User>;

  getUserByEmail(email: string): Promise<User>;

  getUserByExternalId(externalId: string): Promise<User>;

  listUsers(options?: ListUsersOptions): Promise<UserList>;

  updateUser(id: string, options: UpdateUserOptions): Promise<User>;

  /** Deletes a user, with their resets. */
  deleteUser(id: string): Promise<void>;

  /**
   * Checks an address and a password. Every refusal is the same `InvalidCredentialsError`; after many in a row nothing
   * is checked for a while, and it is a `RateLimitedError`.
   */
  authenticateWithPassword(options: AuthenticateWithPasswordOptions): Promise<User>;

  /** Makes a reset for a known user. It replaces an earlier one. For the trusted server. */
  createPasswordReset(options: CreatePasswordResetOptions): Promise<PasswordReset>;

  /**
   * For a public form: a reset, or null where there is no such user or one was asked for too recently. Answer
   * the same either way, and mail the link later.
   */
  requestPasswordReset(options: RequestPasswordResetOptions): Promise<PasswordReset | null>;

  /** A live reset with its link. */
  getPasswordReset(id: string): Promise<PasswordReset>;

  /**
   * Sets a new password using the `token` query parameter from the link that the user received. Success
   * verifies the user's e-mail, if it hasn't been verified yet.
   */
  resetPassword(options: ResetPasswordOptions): Promise<ResetPasswordResponse>;

  /** Ends the live resets of one user, or of all, and answers how many. */
  revokePasswordResets(options?: RevokePasswordResetsOptions): Promise<number>;

  /** The policy's verdict on a password. Nothing is set. */
  checkPassword(options: CheckPasswordOptions): Promise<PasswordCheck>;

  /** What happened since the event `after`, or from the beginning. */
  events(options?: EventsOptions): Promise<EventList>;

  /** Removes what is dead and old, in bounded amounts. */
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

/** There is no such user. */
export class UserNotFoundError extends ResetPasswordError {
  static readonly code: 'user_not_found';
  readonly code: 'user_not_found';
}
