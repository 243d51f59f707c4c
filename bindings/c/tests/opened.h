/* What the tests stand on: a database of their own, and calls whose answers are read. */

#ifndef OPENED_H
#define OPENED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <reset_password.h>

#define LEAST_COST "\"argon2_memory_kib\":19456,\"argon2_iterations\":2"
#define PASSWORD "seven green boats at dusk"

struct opened {
    char folder[4096];
    char database[4200];
    ResetPasswordUserManagement *handle;
};

/* Setup and teardown: `*state` is a `struct opened` with an empty database. */
int open_new(void **state);
int give_back(void **state);

/* Another handle on the database, and one with which a hash takes a second or so. */
ResetPasswordUserManagement *open_again(const struct opened *opened);
ResetPasswordUserManagement *open_costly(const struct opened *opened);

/* Does a call with the JSON text that `format` makes. `*answer` is the answer as a value, the caller's to let go; may
 * be NULL. These two call no assertion, so that any thread and any child may use them. */
ResetPasswordStatus ask(const ResetPasswordUserManagement *handle, json_t **answer, const char *operation,
                        const char *format, ...) __attribute__((format(printf, 4, 5)));
const char *text_of(const json_t *object, const char *name);

/* Does a call that succeeds, and answers its result. */
json_t *done(const ResetPasswordUserManagement *handle, const char *operation, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A user, and a reset of hers; `token` and `id` have room for 128 octets, and may be NULL. */
void create_user(const ResetPasswordUserManagement *handle, const char *email, char *id);
void create_reset(const ResetPasswordUserManagement *handle, const char *email, char *token);

/* Does a call with exactly these octets, which fails with that status and that first reason; `reason` may be NULL. */
void refused(const ResetPasswordUserManagement *handle, const char *operation, const char *arguments, size_t length,
             ResetPasswordStatus status, const char *reason);
/* The same with a literal, which may have a NUL in it. */
#define REFUSED(handle, operation, literal, status, reason)                                                            \
    refused(handle, operation, literal, sizeof(literal) - 1, status, reason)
/* An `open` with exactly these octets, refused with that message. */
void not_opened(const char *arguments, size_t length, const char *message);
#define NOT_OPENED(literal, message) not_opened(literal, sizeof(literal) - 1, message)

/* The tests of each file. Each runs its own, prints what it found, and counts. */
struct count {
    size_t passed;
    size_t failed;
};
#define RUN(name, tests, count)                                                                                        \
    do {                                                                                                               \
        const size_t number_ = sizeof(tests) / sizeof((tests)[0]);                                                     \
        const int failures_ = cmocka_run_group_tests_name(name, tests, NULL, NULL);                                    \
        const size_t failed_ = failures_ < 0 || (size_t)failures_ > number_ ? number_ : (size_t)failures_;             \
        (count)->failed += failed_;                                                                                    \
        (count)->passed += number_ - failed_;                                                                          \
    } while (0)

void test_arguments(struct count *count);
void test_buffers(struct count *count);
void test_cancellation(struct count *count);
void test_lifetimes(struct count *count);
void test_memory(struct count *count);
void test_operations(struct count *count);
void test_panics(struct count *count);
void test_status(struct count *count);
void test_text(struct count *count);
void test_threads(struct count *count);

#endif
