package usermanagement

// Ptr makes a pointer of a value, for what may be left out: Ptr("Ada"), Ptr(true), Ptr(int64(10)).
func Ptr[T any](value T) *T {
	return &value
}
