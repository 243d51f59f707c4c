// Code generated from bindings/api by scripts/update; DO NOT EDIT.

package usermanagement

import "time"

// Options say how the engine behaves. Everything has a default, which nil leaves in place. A value that is out of
// bounds is ErrConfigInvalid, with a message that names it.
type Options struct {
	// Key: the secret key: 64 hexadecimal characters.
	Key *string
	// KeyFile: the file that the secret key is in; "<database>.key" by default.
	KeyFile *string
	// PreviousKeys: earlier keys, at most 3; links made with them go on working.
	PreviousKeys []string
	// ResetURL: the page that links lead to.
	ResetURL *string
	// TokenLifetime: how long a token works, in seconds: 300 to 86,400, 1,800 by default.
	TokenLifetime *time.Duration
	// FirstPasswordLifetime: how long a token works that "CreatePasswordReset" makes for a user without a password, in
	// seconds: 300 to 604,800, "TokenLifetime" by default.
	FirstPasswordLifetime *int64
	// SealTokens: whether an encrypted copy of each token is kept while it lives. True by default.
	SealTokens *bool
	// PasswordMinLength: least length of a password in code points: 8 to 64, 15 by default.
	PasswordMinLength *int64
	// ServiceNames: names of the service, which no password may be a version of.
	ServiceNames []string
	// Pepper: what another system appended to passwords before it hashed them, for hashes imported as "peppered$…".
	Pepper *string
	// PepperFile: the file that the pepper is in.
	PepperFile *string
	// Argon2MemoryKiB: memory of one hash, in KiB; 65,536 by default.
	Argon2MemoryKiB *int64
	// Argon2Iterations: passes of one hash over its memory; 3 by default.
	Argon2Iterations *int64
	// Argon2Portable: whether hashes are computed by the portable code alone, in about twice the time. False by default.
	Argon2Portable *bool
	// MemoryBudgetKiB: memory of all hashes at work in this process, in KiB; 262,144 by default.
	MemoryBudgetKiB *int64
	// RequestsPerMinute: requests of public forms that this process answers a minute: 1 to 1,000,000, 6,000 by default.
	RequestsPerMinute *int64
	// Users: the users' table that is there already: a preset's name, such as "Django", a file of a mapping, or the
	// mapping in TOML.
	Users *string
	// Messages: whether links that are asked for, and notices of changes, wait for a mailer, which takes them by
	// "Messages". False by default.
	Messages *bool
	// Migrate: whether the tables are made or brought up to date. True by default.
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
	w.number("first_password_lifetime", o.FirstPasswordLifetime)
	w.flag("seal_tokens", o.SealTokens)
	w.number("password_min_length", o.PasswordMinLength)
	w.texts("service_names", o.ServiceNames)
	w.optionalText("pepper", o.Pepper)
	w.optionalText("pepper_file", o.PepperFile)
	w.number("argon2_memory_kib", o.Argon2MemoryKiB)
	w.number("argon2_iterations", o.Argon2Iterations)
	w.flag("argon2_portable", o.Argon2Portable)
	w.number("memory_budget_kib", o.MemoryBudgetKiB)
	w.number("requests_per_minute", o.RequestsPerMinute)
	w.optionalText("users", o.Users)
	w.flag("messages", o.Messages)
	w.flag("migrate", o.Migrate)
	return w.end()
}
