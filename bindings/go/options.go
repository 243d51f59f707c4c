package usermanagement

import "time"

// Options say how the engine behaves. Everything has a default, which nil leaves in place. Bounds and defaults:
// docs/reference/options.md.
type Options struct {
	// Key is the secret key: 64 hexadecimal characters.
	Key *string
	// KeyFile is the file that the secret key is in; "<database>.key" by default.
	KeyFile *string
	// PreviousKeys are earlier keys, at most 3; links made with them go on working.
	PreviousKeys []string
	// ResetURL is the page that links lead to.
	ResetURL *string
	// TokenLifetime is how long a token works, in whole seconds: 30 minutes by default.
	TokenLifetime *time.Duration
	// SealTokens says whether an encrypted copy of each token is kept while it lives. True by default.
	SealTokens *bool
	// PasswordMinLength is the least length of a password in code points: 15 by default.
	PasswordMinLength *int64
	// ServiceNames are names of the service, which no password may be a version of.
	ServiceNames []string
	// Argon2MemoryKiB is the memory of one hash.
	Argon2MemoryKiB *int64
	// Argon2Iterations are the passes of one hash over its memory.
	Argon2Iterations *int64
	// MemoryBudgetKiB is the memory of all hashes at work in this process.
	MemoryBudgetKiB *int64
	// Migrate says whether the tables are made or brought up to date. True by default.
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
