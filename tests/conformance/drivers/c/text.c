#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void text_add(struct text *text, const void *octets, size_t length)
{
    if (text->room - text->length < length) {
        size_t room = text->room * 2 + length + 64;
        char *grown = realloc(text->octets, room);
        if (grown == NULL) {
            fputs("the driver has no memory left\n", stderr);
            exit(1);
        }
        text->octets = grown;
        text->room = room;
    }
    if (length > 0) {
        memcpy(text->octets + text->length, octets, length);
        text->length += length;
    }
}

void text_say(struct text *text, const char *words)
{
    text_add(text, words, strlen(words));
}

void text_quote(struct text *text, const char *octets, size_t length)
{
    text_say(text, "\"");
    for (size_t at = 0; at < length; at++) {
        unsigned char octet = (unsigned char)octets[at];
        char escaped[sizeof "\\u0000"];
        if (octet < 0x20 || octet == '"' || octet == '\\') {
            snprintf(escaped, sizeof escaped, "\\u%04x", octet);
            text_say(text, escaped);
        } else {
            text_add(text, &octets[at], 1);
        }
    }
    text_say(text, "\"");
}

void text_free(struct text *text)
{
    free(text->octets);
    *text = (struct text){0};
}
