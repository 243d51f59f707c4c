/* Many threads, and signals among them. */

#define _DEFAULT_SOURCE

#include "opened.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

enum { THREADS = 16 };

struct contender {
    const ResetPasswordUserManagement *handle;
    pthread_barrier_t *start;
    const char *token;
    int number;
    ResetPasswordStatus status;
};

static void *redeem(void *given)
{
    struct contender *one = given;
    pthread_barrier_wait(one->start);
    one->status = ask(one->handle, NULL, "reset_password", "{\"token\":\"%s\",\"new_password\":\"" PASSWORD " %d\"}",
                      one->token, one->number);
    return NULL;
}

static ResetPasswordStatus sign_in(const ResetPasswordUserManagement *handle, int contender)
{
    return ask(handle, NULL, "authenticate_with_password",
               "{\"email\":\"ada@example.com\",\"password\":\"" PASSWORD " %d\"}", contender);
}

static void one_winner_for_a_token(void **state)
{
    const struct opened *opened = *state;
    struct contender contenders[THREADS];
    pthread_t threads[THREADS];
    pthread_barrier_t start;
    char token[128];
    int winner = -1;

    create_user(opened->handle, "ada@example.com", NULL);
    create_reset(opened->handle, "ada@example.com", token);
    assert_int_equal(pthread_barrier_init(&start, NULL, THREADS), 0);
    for (int at = 0; at < THREADS; at++) {
        contenders[at] = (struct contender){opened->handle, &start, token, at, -1};
        assert_int_equal(pthread_create(&threads[at], NULL, redeem, &contenders[at]), 0);
    }
    for (int at = 0; at < THREADS; at++)
        pthread_join(threads[at], NULL);
    pthread_barrier_destroy(&start);

    for (int at = 0; at < THREADS; at++) {
        if (contenders[at].status == RESET_PASSWORD_STATUS_OK) {
            assert_int_equal(winner, -1);
            winner = at;
        } else {
            assert_int_equal(contenders[at].status, RESET_PASSWORD_STATUS_PASSWORD_RESET_TOKEN_NOT_FOUND);
        }
    }
    assert_int_not_equal(winner, -1);
    /* Not all of the others: after six of them the address has to wait. */
    assert_int_equal(sign_in(opened->handle, (winner + 1) % THREADS), RESET_PASSWORD_STATUS_INVALID_CREDENTIALS);
    assert_int_equal(sign_in(opened->handle, winner), RESET_PASSWORD_STATUS_OK);
}

struct worker {
    const ResetPasswordUserManagement *handle;
    int number;
    int failed;
};

/* A user of one's own, from the beginning to the end. Counts what went wrong. */
static void *live(void *given)
{
    struct worker *one = given;
    for (int round = 0; round < 3; round++) {
        json_t *user, *reset, *confirmed;
        one->failed += ask(one->handle, &user, "create_user", "{\"email\":\"u%d@example.com\"}", one->number) !=
                       RESET_PASSWORD_STATUS_OK;
        one->failed += ask(one->handle, &reset, "create_password_reset", "{\"email\":\"u%d@example.com\"}",
                           one->number) != RESET_PASSWORD_STATUS_OK;
        one->failed += ask(one->handle, &confirmed, "reset_password",
                           "{\"token\":\"%s\",\"new_password\":\"" PASSWORD "\"}",
                           text_of(reset, "password_reset_token")) != RESET_PASSWORD_STATUS_OK;
        one->failed += strcmp(text_of(confirmed, "id"), text_of(user, "id")) != 0;
        one->failed += ask(one->handle, NULL, "delete_user", "{\"id\":\"%s\"}", text_of(user, "id")) !=
                       RESET_PASSWORD_STATUS_OK;
        json_decref(user);
        json_decref(reset);
        json_decref(confirmed);
    }
    return NULL;
}

static void many_threads_on_one_handle(void **state)
{
    const struct opened *opened = *state;
    struct worker workers[THREADS];
    pthread_t threads[THREADS];
    for (int at = 0; at < THREADS; at++) {
        workers[at] = (struct worker){opened->handle, at, 0};
        assert_int_equal(pthread_create(&threads[at], NULL, live, &workers[at]), 0);
    }
    for (int at = 0; at < THREADS; at++) {
        pthread_join(threads[at], NULL);
        assert_int_equal(workers[at].failed, 0);
    }
    json_t *users = done(opened->handle, "list_users", "{}");
    assert_int_equal(json_array_size(json_object_get(users, "data")), 0);
    json_decref(users);
}

static void a_thread_with_a_small_stack(void **state)
{
    const struct opened *opened = *state;
    struct worker worker = {opened->handle, 1, 0};
    pthread_attr_t attributes;
    pthread_t thread;
    assert_int_equal(pthread_attr_init(&attributes), 0);
    assert_int_equal(pthread_attr_setstacksize(&attributes, 128 * 1024), 0);
    assert_int_equal(pthread_create(&thread, &attributes, live, &worker), 0);
    pthread_join(thread, NULL);
    pthread_attr_destroy(&attributes);
    assert_int_equal(worker.failed, 0);
}

static atomic_int ticks;
static atomic_int interrupts;

static void on_alarm(int number)
{
    (void)number;
    atomic_fetch_add(&ticks, 1);
}

static void on_interrupt(int number)
{
    (void)number;
    atomic_fetch_add(&interrupts, 1);
}

/* What the test's own parent does with signals is handed down: SIGHUP is ignored under nohup. */
static const int untouched[] = {SIGPIPE, SIGCHLD, SIGTERM, SIGHUP, SIGUSR1};
#define UNTOUCHED (sizeof untouched / sizeof untouched[0])
static struct sigaction at_the_start[UNTOUCHED];

__attribute__((constructor)) static void look_at_the_signals(void)
{
    for (size_t at = 0; at < UNTOUCHED; at++)
        sigaction(untouched[at], NULL, &at_the_start[at]);
}

static void signals_of_the_host(void **state)
{
    const struct opened *opened = *state;
    /* Without SA_RESTART, so that every system call that a signal meets is interrupted. */
    struct sigaction alarm_ours = {.sa_handler = on_alarm}, interrupt_ours = {.sa_handler = on_interrupt};
    struct sigaction alarm_before, interrupt_before, found;
    const struct itimerval often = {{0, 1000}, {0, 1000}}, never = {{0, 0}, {0, 0}};
    struct worker workers[4];
    pthread_t threads[4];

    assert_int_equal(sigaction(SIGALRM, &alarm_ours, &alarm_before), 0);
    assert_int_equal(sigaction(SIGINT, &interrupt_ours, &interrupt_before), 0);
    setitimer(ITIMER_REAL, &often, NULL);
    for (int at = 0; at < 4; at++) {
        workers[at] = (struct worker){opened->handle, at, 0};
        assert_int_equal(pthread_create(&threads[at], NULL, live, &workers[at]), 0);
    }
    struct worker own = {opened->handle, 4, 0};
    kill(getpid(), SIGINT);
    live(&own);
    for (int at = 0; at < 4; at++) {
        pthread_kill(threads[at], SIGINT);
        pthread_join(threads[at], NULL);
    }
    setitimer(ITIMER_REAL, &never, NULL);

    assert_int_equal(own.failed, 0);
    for (int at = 0; at < 4; at++)
        assert_int_equal(workers[at].failed, 0);
    assert_true(atomic_load(&ticks) > 10);
    assert_true(atomic_load(&interrupts) > 0);

    /* They are the host's still, and those that it did not set are as they were. */
    assert_int_equal(sigaction(SIGALRM, &alarm_before, &found), 0);
    assert_true(found.sa_handler == on_alarm);
    assert_int_equal(sigaction(SIGINT, &interrupt_before, &found), 0);
    assert_true(found.sa_handler == on_interrupt);
    for (size_t at = 0; at < UNTOUCHED; at++) {
        assert_int_equal(sigaction(untouched[at], NULL, &found), 0);
        assert_true(found.sa_handler == at_the_start[at].sa_handler);
    }
}

void test_threads(struct count *count)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_winner_for_a_token, open_new, give_back),
        cmocka_unit_test_setup_teardown(many_threads_on_one_handle, open_new, give_back),
        cmocka_unit_test_setup_teardown(a_thread_with_a_small_stack, open_new, give_back),
        cmocka_unit_test_setup_teardown(signals_of_the_host, open_new, give_back),
    };
    RUN("threads", tests, count);
}
