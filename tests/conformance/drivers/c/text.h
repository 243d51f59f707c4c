/* Octets that grow at their end. */

#ifndef DRIVER_TEXT_H
#define DRIVER_TEXT_H

#include <stddef.h>

struct text {
    char *octets;
    size_t length;
    size_t room;
};

void text_add(struct text *text, const void *octets, size_t length);
void text_say(struct text *text, const char *words);
/* The octets in quotation marks, with only that escaped which JSON does not allow as it is. */
void text_quote(struct text *text, const char *octets, size_t length);
void text_free(struct text *text);

#endif
