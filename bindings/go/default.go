package usermanagement

import "sync/atomic"

// configured is what the functions of the package work on.
var configured atomic.Pointer[Client]

// Configure opens the database that the functions of the package work on, once, where the application starts. A
// second call takes the place of the first, and waits until that is closed, as [Client.Close] does it. If it fails,
// what was there before stays.
func Configure(databaseURL string, opts Options) error {
	opened, err := Open(databaseURL, opts)
	if err != nil {
		return err
	}
	if replaced := configured.Swap(opened); replaced != nil {
		return replaced.Close()
	}
	return nil
}

// Close is [Client.Close] on what [Configure] opened. Call it before the program ends.
func Close() error {
	return configured.Load().Close()
}
