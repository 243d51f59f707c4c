#define _POSIX_C_SOURCE 200809L

#include "calls.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <reset_password.h>

#include "arguments.h"
#include "handles.h"

#ifdef __clang__
#define COMPILER ""
#else
#define COMPILER "GCC "
#endif

/* One call on a thread of its own. */
struct work {
    const json_t *request;
    pthread_barrier_t *start;
    struct text text;
};

void calls_fail(struct text *text, const char *why)
{
    text_say(text, "\"error\":{\"code\":\"driver_failed\",\"message\":");
    text_quote(text, why, strlen(why));
    text_say(text, "}");
}

/* The error as it is told, with the fields that it leaves out where they say nothing, and what its status is. */
static void add_error(struct text *text, ResetPasswordStatus status, const ResetPasswordBuffer *answer)
{
    const char *code = reset_password_status_code(status);
    json_t *error = json_loadb(answer->data, answer->length, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(error) || code == NULL) {
        json_decref(error);
        calls_fail(text, "the answer to a call that failed is no error");
        return;
    }
    if (json_object_get(error, "errors") == NULL)
        json_object_set_new(error, "errors", json_array());
    if (json_object_get(error, "retry_after") == NULL)
        json_object_set_new(error, "retry_after", json_null());
    json_object_set_new(error, "class", json_string(code));
    char *written = json_dumps(error, JSON_COMPACT);
    text_say(text, "\"error\":");
    text_say(text, written);
    free(written);
    json_decref(error);
}

static void add_answer(struct text *text, ResetPasswordStatus status, ResetPasswordBuffer *answer)
{
    if (status != RESET_PASSWORD_STATUS_OK) {
        add_error(text, status, answer);
    } else {
        text_say(text, "\"ok\":");
        text_add(text, answer->data, answer->length);
    }
    reset_password_buffer_free(answer);
}

static void open_handle(const char *name, const struct text *arguments, struct text *text)
{
    ResetPasswordUserManagement *handle;
    ResetPasswordBuffer answer;
    ResetPasswordStatus status = reset_password_open(arguments->octets, arguments->length, &handle, &answer);
    if (status == RESET_PASSWORD_STATUS_OK) {
        handles_put(name, handle);
        text_say(text, "\"ok\":null");
        reset_password_buffer_free(&answer);
    } else {
        add_answer(text, status, &answer);
    }
}

static void perform(const char *name, const char *operation, const struct text *arguments, struct text *text)
{
    ResetPasswordBuffer answer;
    ResetPasswordUserManagement *handle = handles_take(name);
    if (handle == NULL) {
        calls_fail(text, "there is no handle of that name");
        return;
    }
    if (strcmp(operation, "close") == 0) {
        reset_password_close(handle);
        text_say(text, "\"ok\":null");
    } else {
        ResetPasswordStatus status =
            reset_password_call(handle, operation, arguments->octets, arguments->length, &answer);
        add_answer(text, status, &answer);
    }
    handles_let_go();
}

static void *work(void *given)
{
    struct work *one = given;
    pthread_barrier_wait(one->start);
    text_say(&one->text, "{");
    calls_answer(one->request, &one->text);
    text_say(&one->text, "}");
    return NULL;
}

static void wait_until(json_int_t unix_millis)
{
    struct timespec busy = {.tv_sec = (unix_millis - 1) / 1000, .tv_nsec = (unix_millis - 1) % 1000 * 1000000};
    struct timespec now;
    clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &busy, NULL);
    do
        clock_gettime(CLOCK_REALTIME, &now);
    while ((json_int_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 < unix_millis);
}

/* Each on a thread of its own, which all start when the last is ready and the moment has come. */
static void concurrently(const json_t *calls, const json_t *moment, struct text *text)
{
    size_t count = json_array_size(calls);
    struct work *works = calloc(count + 1, sizeof *works);
    pthread_t *threads = calloc(count + 1, sizeof *threads);
    pthread_barrier_t start;
    if (works == NULL || threads == NULL || pthread_barrier_init(&start, NULL, (unsigned)count + 1) != 0)
        abort();
    for (size_t at = 0; at < count; at++) {
        works[at].request = json_array_get(calls, at);
        works[at].start = &start;
        if (pthread_create(&threads[at], NULL, work, &works[at]) != 0)
            abort();
    }
    if (moment != NULL)
        wait_until(json_integer_value(moment));
    pthread_barrier_wait(&start);
    text_say(text, "\"ok\":[");
    for (size_t at = 0; at < count; at++) {
        pthread_join(threads[at], NULL);
        if (at > 0)
            text_say(text, ",");
        text_add(text, works[at].text.octets, works[at].text.length);
        text_free(&works[at].text);
    }
    text_say(text, "]");
    pthread_barrier_destroy(&start);
    free(threads);
    free(works);
}

static void add_codes(struct text *text)
{
    const char *code;
    text_say(text, "\"ok\":{");
    for (int32_t status = 1; (code = reset_password_status_code(status)) != NULL; status++) {
        if (status > 1)
            text_say(text, ",");
        text_quote(text, code, strlen(code));
        text_say(text, ":");
        text_quote(text, code, strlen(code));
    }
    text_say(text, "}");
}

static void add_version(struct text *text)
{
    const char *runtime = COMPILER __VERSION__;
    const char *version = reset_password_version();
    text_say(text, "\"ok\":{\"package\":");
    text_quote(text, version, strlen(version));
    text_say(text, ",\"runtime\":");
    text_quote(text, runtime, strlen(runtime));
    text_say(text, "}");
}

void calls_answer(const json_t *request, struct text *text)
{
    const char *call = json_string_value(json_object_get(request, "call"));
    const char *handle = json_string_value(json_object_get(request, "handle"));
    const json_t *given = json_object_get(request, "arguments");
    const json_t *calls = json_object_get(given, "calls");
    const json_t *moment = json_object_get(given, "unix_millis");
    if (call == NULL) {
        calls_fail(text, "a request has a call");
    } else if (strcmp(call, "codes") == 0) {
        add_codes(text);
    } else if (strcmp(call, "signatures") == 0) {
        text_say(text, "\"ok\":{}");
    } else if (strcmp(call, "version") == 0) {
        add_version(text);
    } else if (strcmp(call, "concurrently") == 0 && json_is_array(calls)) {
        concurrently(calls, NULL, text);
    } else if (strcmp(call, "at") == 0 && json_is_array(calls) && json_is_integer(moment)) {
        concurrently(calls, moment, text);
    } else if (handle == NULL) {
        calls_fail(text, "there is no such call, or it needs a handle");
    } else if (strcmp(call, "drop") == 0) {
        handles_put(handle, NULL);
        text_say(text, "\"ok\":null");
    } else {
        struct text arguments = {0};
        const char *wrong = NULL;
        if (given == NULL)
            text_say(&arguments, "{}");
        else
            wrong = arguments_write(given, &arguments);
        if (wrong != NULL)
            calls_fail(text, wrong);
        else if (strcmp(call, "open") == 0)
            open_handle(handle, &arguments, text);
        else
            perform(handle, call, &arguments, text);
        text_free(&arguments);
    }
}
