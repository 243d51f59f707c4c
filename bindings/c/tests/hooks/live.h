/* What a build with test hooks exports besides. */

#ifndef LIVE_H
#define LIVE_H

#include <stdint.h>

int64_t reset_password_test_live_buffers(void);
int64_t reset_password_test_live_handles(void);

#endif
