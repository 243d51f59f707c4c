//go:build !cgo

package usermanagement

import "context"

// The engine is a C library. The compiler's message is the name of what is missing.
var _ = this_package_needs_cgo__set_CGO_ENABLED_to_1_and_install_a_C_compiler

type (
	handle    struct{}
	operation []byte
)

func openHandle(*writer) (*handle, error)                                            { return nil, nil }
func (h *handle) call(context.Context, operation, *writer, func([]byte) error) error { return nil }
func (h *handle) close()                                                             {}
func libraryVersion() string                                                         { return "" }
func statusCode(int32) Code                                                          { return "" }
