package usermanagement

/*
#cgo pkg-config: reset-password-static
#include <reset_password.h>

// Outcomes are returned by value, so that nothing of Go is pointed to while C runs.
typedef struct {
	ResetPasswordBuffer answer;
	ResetPasswordUserManagement *handle;
	int32_t status;
} outcome;

static outcome outcome_of_open(const char *arguments, size_t length) {
	outcome made = {0};
	made.status = reset_password_open(arguments, length, &made.handle, &made.answer);
	return made;
}

static outcome outcome_of_call(const ResetPasswordUserManagement *handle, const char *operation,
                               const char *arguments, size_t length,
                               const ResetPasswordCancellation *cancellation) {
	outcome made = {0};
	made.status = reset_password_call_until(handle, operation, arguments, length, cancellation, &made.answer);
	return made;
}

static void give_back(char *data, size_t length) {
	ResetPasswordBuffer answer = { data, length };
	reset_password_buffer_free(&answer);
}
*/
import "C"

import (
	"context"
	"runtime"
	"unsafe"
)

// handle is an open database of the C library. It is given back when nothing refers to it any more: a call that is
// under way does, so none is ever given back in use.
type handle struct {
	pointer *C.ResetPasswordUserManagement
}

// operation is the name of one, with the NUL that C wants.
type operation []byte

func openHandle(arguments *writer) (*handle, error) {
	data, length := octets(arguments.octets)
	made := C.outcome_of_open(data, length)
	defer C.give_back(made.answer.data, made.answer.length)
	if made.status != 0 {
		return nil, failure(int32(made.status), answer(made.answer))
	}
	opened := &handle{pointer: made.handle}
	runtime.SetFinalizer(opened, func(unused *handle) {
		// It may wait for the disk, and finalizers share one goroutine.
		go C.reset_password_free(unused.pointer)
	})
	return opened, nil
}

// call does one operation and gives its answer to read, which must keep nothing of it. With a context that can end it
// waits no longer than that, and then answers the context's error; the engine finishes what was begun.
func (h *handle) call(ctx context.Context, name operation, arguments *writer, read func(answer []byte) error) error {
	var until *C.ResetPasswordCancellation
	if ctx.Done() != nil {
		until = C.reset_password_cancellation_new()
		defer C.reset_password_cancellation_free(until)
		cancelled := make(chan struct{})
		stop := afterFunc(ctx, func() {
			C.reset_password_cancellation_cancel(until)
			close(cancelled)
		})
		defer func() {
			if !stop() {
				<-cancelled
			}
		}()
	}
	data, length := octets(arguments.octets)
	made := C.outcome_of_call(h.pointer, (*C.char)(unsafe.Pointer(&name[0])), data, length, until)
	runtime.KeepAlive(h)
	defer C.give_back(made.answer.data, made.answer.length)
	switch {
	case made.status == C.RESET_PASSWORD_STATUS_CANCELLED:
		return ctx.Err()
	case made.status != 0:
		return failure(int32(made.status), answer(made.answer))
	}
	return read(answer(made.answer))
}

func (h *handle) close() {
	C.reset_password_close(h.pointer)
	runtime.KeepAlive(h)
}

func libraryVersion() string {
	return C.GoString(C.reset_password_version())
}

// statusCode is the code of a status, for an error whose answer could not be written.
func statusCode(status int32) Code {
	if code := C.reset_password_status_code(C.int32_t(status)); code != nil {
		return Code(C.GoString(code))
	}
	return ErrInternal
}

func octets(text []byte) (*C.char, C.size_t) {
	if len(text) == 0 {
		return nil, 0
	}
	return (*C.char)(unsafe.Pointer(&text[0])), C.size_t(len(text))
}

// answer shows the memory of C as it is, until it is given back.
func answer(buffer C.ResetPasswordBuffer) []byte {
	if buffer.data == nil {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(buffer.data)), int(buffer.length))
}
