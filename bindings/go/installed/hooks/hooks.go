//go:build testhooks

// Package hooks tells what the C library still waits to be given back. Only a library built with the feature
// test-hooks can.
package hooks

/*
#cgo pkg-config: reset-password-static
#include <stdint.h>

int64_t reset_password_test_live_buffers(void);
int64_t reset_password_test_live_handles(void);
*/
import "C"

// LiveBuffers is how many answers were not given back yet.
func LiveBuffers() int64 { return int64(C.reset_password_test_live_buffers()) }

// LiveHandles is how many handles were not given back yet.
func LiveHandles() int64 { return int64(C.reset_password_test_live_handles()) }
