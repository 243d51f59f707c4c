package usermanagement

import "time"

// Options say how the engine behaves. Everything has a default, which nil leaves in place. A value that is out of
// bounds is ErrConfigInvalid, with a message that names it.
type Options struct {
	// Key is the secret key: 64 hexadecimal characters. Without it and KeyFile, the file that the environment variable
	// RESET_PASSWORD_KEY_FILE names is read, and without that "<database>.key". The last is made, with mode 0600, if
	// the database never had a key; keep it, because a database whose key is lost does not open.
	Key *string
	// KeyFile is a file with the secret key, and is not made. Give this or Key, not both.
	KeyFile *string
	// PreviousKeys are earlier keys, at most 3; links made with them go on working.
	PreviousKeys []string
	// ResetURL is the page of the application that links lead to; "?token=" and the token are added to it. It is
	// https, or http on this machine. By default it is "http://127.0.0.1:8080/reset-password", which serves for trying
	// out alone: links then lead whoever follows them to their own machine.
	ResetURL *string
	// TokenLifetime is how long a token works, in whole seconds: from 5 minutes to 24 hours, 30 minutes by default.
	TokenLifetime *time.Duration
	// SealTokens says whether an encrypted copy of each token is kept while it lives, for GetPasswordReset. True by
	// default.
	SealTokens *bool
	// PasswordMinLength is the least length of a password in code points: 8 to 64, 15 by default. Less than 15 is for
	// applications where every login also needs a second factor.
	PasswordMinLength *int64
	// ServiceNames are names of the service, which no password may be a version of.
	ServiceNames []string
	// Argon2MemoryKiB is the memory of one hash: 65,536 by default, at most 1,048,576. The least depends on the
	// passes: 47,104 for one, 19,456 for two, 12,288 for more.
	Argon2MemoryKiB *int64
	// Argon2Iterations are the passes of one hash over its memory: 1 to 16, 3 by default.
	Argon2Iterations *int64
	// MemoryBudgetKiB is the memory of all hashes at work in this process: 262,144 by default, and always enough for
	// one. As many run at once as fit into it, at most one for each core.
	MemoryBudgetKiB *int64
	// Migrate says whether Open makes the tables and brings them up to date. True by default. Without it, tables that
	// are missing or out of date are ErrConfigInvalid.
	Migrate *bool
}

func (o Options) arguments(databaseURL string) *writer {
	w := newWriter()
	w.text("database_url", databaseURL)
	w.optionalText("key", o.Key)
	w.optionalText("key_file", o.KeyFile)
	w.texts("previous_keys", o.PreviousKeys)
	w.optionalText("reset_url", o.ResetURL)
	w.seconds("token_lifetime", o.TokenLifetime)
	w.flag("seal_tokens", o.SealTokens)
	w.number("password_min_length", o.PasswordMinLength)
	w.texts("service_names", o.ServiceNames)
	w.number("argon2_memory_kib", o.Argon2MemoryKiB)
	w.number("argon2_iterations", o.Argon2Iterations)
	w.number("memory_budget_kib", o.MemoryBudgetKiB)
	w.flag("migrate", o.Migrate)
	return w.end()
}

// Ptr makes a pointer of a value, for what may be left out: Ptr("Ada"), Ptr(true), Ptr(int64(10)).
func Ptr[T any](value T) *T {
	return &value
}
