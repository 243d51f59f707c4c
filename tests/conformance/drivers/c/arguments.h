/* Arguments as a client would write them that checks nothing. */

#ifndef DRIVER_ARGUMENTS_H
#define DRIVER_ARGUMENTS_H

#include <jansson.h>

#include "text.h"

/* Writes JSON, and what is none where the request asks for that. Answers what is wrong with the request, or NULL. */
const char *arguments_write(const json_t *value, struct text *text);

#endif
