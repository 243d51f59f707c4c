/* reset-password: a password-reset engine. Made from bindings/c/src by scripts/update. */

#ifndef RESET_PASSWORD_H
#define RESET_PASSWORD_H

#include <stddef.h>
#include <stdint.h>

/**
 * How a call ended: 0, -1 where it was left, or a number for each error code of `docs/reference/errors.md`.
 * A number keeps its meaning; a later version may have more of them.
 */
enum ResetPasswordStatus
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * The call was cancelled: nobody waited for its end. What it did or will do is not known.
   */
  RESET_PASSWORD_STATUS_CANCELLED = -1,
  /**
   * The call did what it was asked to.
   */
  RESET_PASSWORD_STATUS_OK = 0,
  /**
   * `config_invalid`: the configuration cannot be used
   */
  RESET_PASSWORD_STATUS_CONFIG_INVALID = 1,
  /**
   * `email_already_verified`: a verified e-mail address cannot be marked unverified
   */
  RESET_PASSWORD_STATUS_EMAIL_ALREADY_VERIFIED = 2,
  /**
   * `email_not_available`: the e-mail address belongs to another user
   */
  RESET_PASSWORD_STATUS_EMAIL_NOT_AVAILABLE = 3,
  /**
   * `external_id_already_used`: the external id belongs to another user
   */
  RESET_PASSWORD_STATUS_EXTERNAL_ID_ALREADY_USED = 4,
  /**
   * `forbidden`: the API key does not have the scope that this call needs
   */
  RESET_PASSWORD_STATUS_FORBIDDEN = 5,
  /**
   * `headers_too_large`: the request's headers are too large
   */
  RESET_PASSWORD_STATUS_HEADERS_TOO_LARGE = 6,
  /**
   * `input_invalid`: the input is not valid
   */
  RESET_PASSWORD_STATUS_INPUT_INVALID = 7,
  /**
   * `internal`: something went wrong inside the engine; the log has the details
   */
  RESET_PASSWORD_STATUS_INTERNAL = 8,
  /**
   * `invalid_credentials`: the e-mail address or the password is wrong
   */
  RESET_PASSWORD_STATUS_INVALID_CREDENTIALS = 9,
  /**
   * `invalid_password_hash`: the password hash is damaged, too costly or of a kind that is not supported
   */
  RESET_PASSWORD_STATUS_INVALID_PASSWORD_HASH = 10,
  /**
   * `method_not_allowed`: the route does not take this method
   */
  RESET_PASSWORD_STATUS_METHOD_NOT_ALLOWED = 11,
  /**
   * `not_found`: there is no such route
   */
  RESET_PASSWORD_STATUS_NOT_FOUND = 12,
  /**
   * `overloaded`: too many calls are under way; try again shortly
   */
  RESET_PASSWORD_STATUS_OVERLOADED = 13,
  /**
   * `password_and_password_hash_provided`: give a password or a password hash, not both
   */
  RESET_PASSWORD_STATUS_PASSWORD_AND_PASSWORD_HASH_PROVIDED = 14,
  /**
   * `password_rejected`: the password does not meet the policy
   */
  RESET_PASSWORD_STATUS_PASSWORD_REJECTED = 15,
  /**
   * `password_reset_not_found`: there is no such password reset, or it is no longer usable
   */
  RESET_PASSWORD_STATUS_PASSWORD_RESET_NOT_FOUND = 16,
  /**
   * `password_reset_token_expired`: the password reset token has expired
   */
  RESET_PASSWORD_STATUS_PASSWORD_RESET_TOKEN_EXPIRED = 17,
  /**
   * `password_reset_token_not_found`: the password reset token is unknown or can no longer be used
   */
  RESET_PASSWORD_STATUS_PASSWORD_RESET_TOKEN_NOT_FOUND = 18,
  /**
   * `payload_too_large`: the request's body is too large
   */
  RESET_PASSWORD_STATUS_PAYLOAD_TOO_LARGE = 19,
  /**
   * `rate_limited`: too many requests; try again later
   */
  RESET_PASSWORD_STATUS_RATE_LIMITED = 20,
  /**
   * `request_timeout`: the request took too long to arrive
   */
  RESET_PASSWORD_STATUS_REQUEST_TIMEOUT = 21,
  /**
   * `storage_unavailable`: the database cannot be used right now; try again shortly
   */
  RESET_PASSWORD_STATUS_STORAGE_UNAVAILABLE = 22,
  /**
   * `unauthorized`: the API key is missing or wrong
   */
  RESET_PASSWORD_STATUS_UNAUTHORIZED = 23,
  /**
   * `unsupported`: this build does not support that
   */
  RESET_PASSWORD_STATUS_UNSUPPORTED = 24,
  /**
   * `unsupported_media_type`: the request's content type is not supported
   */
  RESET_PASSWORD_STATUS_UNSUPPORTED_MEDIA_TYPE = 25,
  /**
   * `user_locked`: the account is locked since a change of it was reported; make sure of its e-mail address, then unlock it
   */
  RESET_PASSWORD_STATUS_USER_LOCKED = 26,
  /**
   * `user_not_found`: there is no such user
   */
  RESET_PASSWORD_STATUS_USER_NOT_FOUND = 27,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum ResetPasswordStatus ResetPasswordStatus;
#else
typedef int32_t ResetPasswordStatus;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Tells a call that nobody waits for it any more. It is for one call at a time, and stays cancelled.
 */
typedef struct ResetPasswordCancellation ResetPasswordCancellation;

/**
 * Users and their password resets, on a database. Any number of threads may use it at once, and it may
 * be opened before a fork and used in parent and child. But a database in memory belongs to the process that
 * opened it: in the child whatever needs it is `config_invalid`.
 */
typedef struct ResetPasswordUserManagement ResetPasswordUserManagement;

/**
 * An answer: JSON in UTF-8, with a NUL after it that is not counted. It may hold secrets. Give it back
 * with `reset_password_buffer_free`, which wipes it.
 */
typedef struct ResetPasswordBuffer {
  /**
   * The first octet, or null for no answer.
   */
  char *data;
  /**
   * Octets before the NUL.
   */
  size_t length;
} ResetPasswordBuffer;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Wipes an answer and gives its memory back. The buffer is empty afterwards, so that a second call does
 * nothing. NULL and an empty buffer are allowed.
 *
 * The caller promises:
 *
 * The buffer is null, empty, or one that a call of this library filled, unchanged since, and no copy of which has
 * been given back.
 */
void reset_password_buffer_free(struct ResetPasswordBuffer *buffer);

/**
 * Opens a database.
 *
 * `arguments` is a JSON object in UTF-8 of `length` octets: `database_url`, and any of the options of
 * `docs/reference/options.md`, such as `key_file`, `reset_url` and `token_lifetime`.
 *
 * `*user_management` is the handle, or NULL after an error; give it back with `reset_password_free`.
 * `*answer` is the error, or empty. Neither needs to hold anything before.
 *
 * The caller promises:
 *
 * Each pointer is null or points to what its type says, with `length` octets at `arguments`.
 */
ResetPasswordStatus reset_password_open(const char *arguments,
                                        size_t length,
                                        struct ResetPasswordUserManagement **user_management,
                                        struct ResetPasswordBuffer *answer);

/**
 * Does one operation, and waits for it.
 *
 * `operation` is its name, such as `reset_password`, with a NUL after it. `arguments` is a JSON object in
 * UTF-8 of `length` octets, such as `{"token": "...", "new_password": "..."}`, and `{}` where there are none;
 * a null in it leaves an argument out.
 * `*answer` is the result as JSON, or after an error an object with `code`, `message`, `retryable`, and
 * where there are any `errors` (every reason) and `retry_after` (seconds). It needs to hold nothing before,
 * and is given back with `reset_password_buffer_free`. `docs/reference/reset-password.md` has the operations.
 *
 * The caller promises:
 *
 * Each pointer is null or points to what its type says, with `length` octets at `arguments`, and the handle has
 * not been given back.
 */
ResetPasswordStatus reset_password_call(const struct ResetPasswordUserManagement *user_management,
                                        const char *operation,
                                        const char *arguments,
                                        size_t length,
                                        struct ResetPasswordBuffer *answer);

/**
 * Does one operation, and waits for it until it is cancelled. Then the status is
 * `RESET_PASSWORD_STATUS_CANCELLED` and the answer empty, at once unless the result is there already. The
 * operation goes on to its end on the engine's own threads; `reset_password_close` waits for it. A call whose
 * cancellation is cancelled before it begins may begin all the same. Everything else is as in
 * `reset_password_call`. `cancellation` may be NULL.
 *
 * The caller promises:
 *
 * The same as of `reset_password_call`, and the cancellation has not been given back and no other call that
 * is under way has it.
 */
ResetPasswordStatus reset_password_call_until(const struct ResetPasswordUserManagement *user_management,
                                              const char *operation,
                                              const char *arguments,
                                              size_t length,
                                              const struct ResetPasswordCancellation *cancellation,
                                              struct ResetPasswordBuffer *answer);

/**
 * Makes a cancellation. Give it back with `reset_password_cancellation_free`.
 */
struct ResetPasswordCancellation *reset_password_cancellation_new(void);

/**
 * Ends the waiting of the call that has the cancellation, or that will have it. Any thread may do so, but no
 * signal handler, since it takes a lock: let a thread that waits for the signal do it. NULL is allowed.
 *
 * The caller promises:
 *
 * The cancellation is null, or has not been given back.
 */
void reset_password_cancellation_cancel(const struct ResetPasswordCancellation *cancellation);

/**
 * Gives a cancellation back. NULL is allowed.
 *
 * The caller promises:
 *
 * The cancellation is null, or has not been given back, and no other thread is in a call that has it or in
 * `reset_password_cancellation_cancel` with it.
 */
void reset_password_cancellation_free(struct ResetPasswordCancellation *cancellation);

/**
 * Ends this process's connections to the database, after the calls that began before, those that were
 * cancelled and go on too; it takes as long as they do. A later call opens new ones; the handle is still to be
 * given back.
 *
 * The caller promises:
 *
 * The handle is null, or has not been given back.
 */
void reset_password_close(const struct ResetPasswordUserManagement *user_management);

/**
 * Gives a handle back, and ends its connections as `reset_password_close` does: it waits for the calls that
 * were cancelled and go on. NULL is allowed.
 *
 * The caller promises:
 *
 * The handle is null, or has not been given back, and no other thread is in a function that has it.
 */
void reset_password_free(struct ResetPasswordUserManagement *user_management);

/**
 * The code of a status as the reference writes it, such as `user_not_found`; NULL for a number that is no
 * status.
 */
const char *reset_password_status_code(int32_t status);

/**
 * The version of the library, such as `0.1.0`.
 */
const char *reset_password_version(void);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* RESET_PASSWORD_H */
