/* Handles by name. Each function may be called by any thread. */

#ifndef DRIVER_HANDLES_H
#define DRIVER_HANDLES_H

#include <reset_password.h>

/* The handle of that name, which lives until `handles_let_go`; NULL where there is none. */
ResetPasswordUserManagement *handles_take(const char *name);
void handles_let_go(void);
/* Keeps a handle, and gives back the one that had the name. With NULL the name is free again. */
void handles_put(const char *name, ResetPasswordUserManagement *handle);

#endif
