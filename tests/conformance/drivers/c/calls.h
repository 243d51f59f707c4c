/* The calls of a request. */

#ifndef DRIVER_CALLS_H
#define DRIVER_CALLS_H

#include <jansson.h>

#include "text.h"

/* Does what a request asks, and adds `"ok":…` or `"error":{…}`. */
void calls_answer(const json_t *request, struct text *text);
/* Adds the error of a request that cannot be done. */
void calls_fail(struct text *text, const char *why);

#endif
