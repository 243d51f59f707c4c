/* The conformance driver for C: one JSON request a line in, one JSON answer a line out. */

#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "calls.h"

static void answer(const char *line, size_t length, struct text *text)
{
    json_t *request = json_loadb(line, length, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, NULL);
    char *id = json_dumps(json_object_get(request, "id"), JSON_ENCODE_ANY);
    text_say(text, "{\"id\":");
    text_say(text, id == NULL ? "null" : id);
    text_say(text, ",");
    if (json_is_object(request))
        calls_answer(request, text);
    else
        calls_fail(text, "a request is an object");
    text_say(text, "}\n");
    free(id);
    json_decref(request);
}

int main(void)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    while ((length = getline(&line, &room, stdin)) > 0) {
        struct text text = {0};
        answer(line, (size_t)length, &text);
        fwrite(text.octets, 1, text.length, stdout);
        if (fflush(stdout) != 0)
            return 1;
        text_free(&text);
    }
    free(line);
    return 0;
}
