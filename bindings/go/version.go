package usermanagement

// Version is the version of this package. The C library that is linked must be of the same.
const Version = "0.1.0"

// versionError is nil if a library of that version can be used.
func versionError(library string) error {
	if library == Version {
		return nil
	}
	return &Error{
		Code: ErrConfigInvalid,
		Message: "the C library is version " + library + ", and this package is version " + Version +
			": install the C library of that version and build with go build -a",
	}
}
