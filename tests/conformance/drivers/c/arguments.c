#include "arguments.h"

#include <stdio.h>
#include <string.h>

static const char *write_units(const json_t *units, struct text *text)
{
    size_t at;
    json_t *unit;
    if (!json_is_array(units))
        return "$utf16 is a list";
    text_say(text, "\"");
    json_array_foreach(units, at, unit) {
        char escaped[sizeof "\\u0000"];
        json_int_t number = json_integer_value(unit);
        if (!json_is_integer(unit) || number < 0 || number > 0xFFFF)
            return "$utf16 has numbers of 16 bits";
        snprintf(escaped, sizeof escaped, "\\u%04x", (unsigned)number);
        text_say(text, escaped);
    }
    text_say(text, "\"");
    return NULL;
}

static const char *write_octets(const json_t *digits, struct text *text)
{
    struct text octets = {0};
    const char *wrong = NULL;
    const char *at = json_string_value(digits);
    size_t left = json_string_length(digits);
    if (at == NULL || left % 2 != 0)
        return "$bytes is a string of pairs of digits";
    for (; left > 0 && wrong == NULL; at += 2, left -= 2) {
        unsigned number;
        if (strspn(at, "0123456789abcdef") < 2 || sscanf(at, "%2x", &number) != 1)
            wrong = "$bytes has hexadecimal digits";
        else
            text_add(&octets, &(unsigned char){(unsigned char)number}, 1);
    }
    if (wrong == NULL)
        text_quote(text, octets.octets, octets.length);
    text_free(&octets);
    return wrong;
}

static const char *write_repeated(const json_t *pair, struct text *text)
{
    struct text whole = {0};
    const json_t *part = json_array_get(pair, 0);
    json_int_t times = json_integer_value(json_array_get(pair, 1));
    if (!json_is_string(part) || times < 0)
        return "$repeat is a string and a number";
    for (; times > 0; times--)
        text_add(&whole, json_string_value(part), json_string_length(part));
    text_quote(text, whole.octets, whole.length);
    text_free(&whole);
    return NULL;
}

/* The values that JSON has no way to write. */
static const char *write_special(const char *name, const json_t *content, struct text *text)
{
    const char *words = json_string_value(content);
    if (strcmp(name, "$utf16") == 0)
        return write_units(content, text);
    if (strcmp(name, "$bytes") == 0)
        return write_octets(content, text);
    if (strcmp(name, "$repeat") == 0)
        return write_repeated(content, text);
    if (strcmp(name, "$undefined") == 0) {
        text_say(text, "null");
    } else if (strcmp(name, "$symbol") == 0) {
        text_say(text, "{}");
    } else if (words == NULL) {
        return "there is no such value";
    } else if (strcmp(name, "$big") == 0) {
        text_say(text, words);
    } else if (strcmp(name, "$float") == 0) {
        text_say(text, strcmp(words, "nan") == 0 ? "NaN" : strcmp(words, "inf") == 0 ? "Infinity" : words);
    } else {
        return "there is no such value";
    }
    return NULL;
}

static const char *write_list(const json_t *list, struct text *text)
{
    size_t at;
    json_t *item;
    const char *wrong = NULL;
    text_say(text, "[");
    json_array_foreach(list, at, item) {
        if (at > 0)
            text_say(text, ",");
        if ((wrong = arguments_write(item, text)) != NULL)
            return wrong;
    }
    text_say(text, "]");
    return NULL;
}

static const char *write_object(const json_t *value, struct text *text)
{
    json_t *object = (json_t *)value; /* which jansson's walk wants, and leaves as it is */
    const char *wrong = NULL;
    void *entry = json_object_iter(object);
    const char *name = entry == NULL ? "" : json_object_iter_key(entry);
    if (json_object_size(object) == 1 && name[0] == '$')
        return write_special(name, json_object_iter_value(entry), text);
    text_say(text, "{");
    for (int first = 1; entry != NULL; entry = json_object_iter_next(object, entry), first = 0) {
        if (!first)
            text_say(text, ",");
        name = json_object_iter_key(entry);
        text_quote(text, name, strlen(name));
        text_say(text, ":");
        if ((wrong = arguments_write(json_object_iter_value(entry), text)) != NULL)
            return wrong;
    }
    text_say(text, "}");
    return NULL;
}

const char *arguments_write(const json_t *value, struct text *text)
{
    char number[64];
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return write_object(value, text);
    case JSON_ARRAY:
        return write_list(value, text);
    case JSON_STRING:
        text_quote(text, json_string_value(value), json_string_length(value));
        break;
    case JSON_INTEGER:
        snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        text_say(text, number);
        break;
    case JSON_REAL:
        snprintf(number, sizeof number, "%.17g", json_real_value(value));
        text_say(text, number);
        /* A fraction that happens to be whole stays one. */
        if (strpbrk(number, ".e") == NULL)
            text_say(text, ".0");
        break;
    case JSON_TRUE:
        text_say(text, "true");
        break;
    case JSON_FALSE:
        text_say(text, "false");
        break;
    case JSON_NULL:
        text_say(text, "null");
        break;
    }
    return NULL;
}
