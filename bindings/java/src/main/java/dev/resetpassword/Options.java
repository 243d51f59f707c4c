// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.nio.file.Path;
import java.util.List;

/**
 * What {@link UserManagement#open} takes beside the database. Every option has a default.
 */
public final class Options {
    private final Object[] arguments;

    private Options(Object[] arguments) {
        this.arguments = arguments;
    }

    /** {@return a builder in which everything is left out} */
    public static Builder builder() {
        return new Builder();
    }

    /** In the order of the description, for the native library. */
    Object[] arguments() {
        return arguments;
    }

    /** {@return the name of the type: what is in it may be secret} */
    @Override
    public String toString() {
        return "Options[redacted]";
    }

    /** Puts one together. What is not set, or set to {@code null}, is left out. */
    public static final class Builder {
        private String key;
        private String keyFile;
        private String[] previousKeys;
        private String resetUrl;
        private Long tokenLifetime;
        private Long firstPasswordLifetime;
        private Boolean sealTokens;
        private Long passwordMinLength;
        private String[] serviceNames;
        private String pepper;
        private String pepperFile;
        private Long argon2MemoryKib;
        private Long argon2Iterations;
        private Boolean argon2Portable;
        private Long memoryBudgetKib;
        private Long requestsPerMinute;
        private String users;
        private Boolean messages;
        private Boolean migrate;

        private Builder() {}

        /**
         * The secret key: 64 hexadecimal characters.
         *
         * @param key the value
         * @return this builder
         */
        public Builder key(String key) {
            this.key = key;
            return this;
        }

        /**
         * The file that the secret key is in; {@code <database>.key} by default.
         *
         * @param keyFile the value
         * @return this builder
         */
        public Builder keyFile(String keyFile) {
            this.keyFile = keyFile;
            return this;
        }

        /**
         * The file that the secret key is in; {@code <database>.key} by default.
         *
         * @param keyFile the value
         * @return this builder
         */
        public Builder keyFile(Path keyFile) {
            this.keyFile = keyFile == null ? null : Texts.path(keyFile);
            return this;
        }

        /**
         * Earlier keys, at most 3; links made with them go on working.
         *
         * @param previousKeys the value; nothing in it is {@code null}
         * @return this builder
         */
        public Builder previousKeys(List<String> previousKeys) {
            this.previousKeys = Texts.list(previousKeys, "previousKeys");
            return this;
        }

        /**
         * The page that links lead to.
         *
         * @param resetUrl the value
         * @return this builder
         */
        public Builder resetUrl(String resetUrl) {
            this.resetUrl = resetUrl;
            return this;
        }

        /**
         * How long a token works, in seconds: 300 to 86,400, 1,800 by default.
         *
         * @param tokenLifetime the value
         * @return this builder
         */
        public Builder tokenLifetime(long tokenLifetime) {
            this.tokenLifetime = tokenLifetime;
            return this;
        }

        /**
         * How long a token works that {@code createPasswordReset} makes for a user without a password, in
         * seconds: 300 to 604,800, {@code tokenLifetime} by default.
         *
         * @param firstPasswordLifetime the value
         * @return this builder
         */
        public Builder firstPasswordLifetime(long firstPasswordLifetime) {
            this.firstPasswordLifetime = firstPasswordLifetime;
            return this;
        }

        /**
         * Whether an encrypted copy of each token is kept while it lives. True by default.
         *
         * @param sealTokens the value
         * @return this builder
         */
        public Builder sealTokens(Boolean sealTokens) {
            this.sealTokens = sealTokens;
            return this;
        }

        /**
         * Least length of a password in code points: 8 to 64, 15 by default.
         *
         * @param passwordMinLength the value
         * @return this builder
         */
        public Builder passwordMinLength(long passwordMinLength) {
            this.passwordMinLength = passwordMinLength;
            return this;
        }

        /**
         * Names of the service, which no password may be a version of.
         *
         * @param serviceNames the value; nothing in it is {@code null}
         * @return this builder
         */
        public Builder serviceNames(List<String> serviceNames) {
            this.serviceNames = Texts.list(serviceNames, "serviceNames");
            return this;
        }

        /**
         * What another system appended to passwords before it hashed them, for hashes imported as {@code
         * peppered$…}.
         *
         * @param pepper the value
         * @return this builder
         */
        public Builder pepper(String pepper) {
            this.pepper = pepper;
            return this;
        }

        /**
         * The file that the pepper is in.
         *
         * @param pepperFile the value
         * @return this builder
         */
        public Builder pepperFile(String pepperFile) {
            this.pepperFile = pepperFile;
            return this;
        }

        /**
         * The file that the pepper is in.
         *
         * @param pepperFile the value
         * @return this builder
         */
        public Builder pepperFile(Path pepperFile) {
            this.pepperFile = pepperFile == null ? null : Texts.path(pepperFile);
            return this;
        }

        /**
         * Memory of one hash, in KiB; 65,536 by default.
         *
         * @param argon2MemoryKib the value
         * @return this builder
         */
        public Builder argon2MemoryKib(long argon2MemoryKib) {
            this.argon2MemoryKib = argon2MemoryKib;
            return this;
        }

        /**
         * Passes of one hash over its memory; 3 by default.
         *
         * @param argon2Iterations the value
         * @return this builder
         */
        public Builder argon2Iterations(long argon2Iterations) {
            this.argon2Iterations = argon2Iterations;
            return this;
        }

        /**
         * Whether hashes are computed by the portable code alone, in about twice the time. False by default.
         *
         * @param argon2Portable the value
         * @return this builder
         */
        public Builder argon2Portable(Boolean argon2Portable) {
            this.argon2Portable = argon2Portable;
            return this;
        }

        /**
         * Memory of all hashes at work in this process, in KiB; 262,144 by default.
         *
         * @param memoryBudgetKib the value
         * @return this builder
         */
        public Builder memoryBudgetKib(long memoryBudgetKib) {
            this.memoryBudgetKib = memoryBudgetKib;
            return this;
        }

        /**
         * Requests of public forms that this process answers a minute: 1 to 1,000,000, 6,000 by default.
         *
         * @param requestsPerMinute the value
         * @return this builder
         */
        public Builder requestsPerMinute(long requestsPerMinute) {
            this.requestsPerMinute = requestsPerMinute;
            return this;
        }

        /**
         * The users' table that is there already: a preset's name, such as {@code django}, a file of a
         * mapping, or the mapping in TOML.
         *
         * @param users the value
         * @return this builder
         */
        public Builder users(String users) {
            this.users = users;
            return this;
        }

        /**
         * The users' table that is there already: a preset's name, such as {@code django}, a file of a
         * mapping, or the mapping in TOML.
         *
         * @param users the value
         * @return this builder
         */
        public Builder users(Path users) {
            this.users = users == null ? null : Texts.path(users);
            return this;
        }

        /**
         * Whether links that are asked for, and notices of changes, wait for a mailer, which takes them by
         * {@code messages}. False by default.
         *
         * @param messages the value
         * @return this builder
         */
        public Builder messages(Boolean messages) {
            this.messages = messages;
            return this;
        }

        /**
         * Whether the tables are made or brought up to date. True by default.
         *
         * @param migrate the value
         * @return this builder
         */
        public Builder migrate(Boolean migrate) {
            this.migrate = migrate;
            return this;
        }

        /** {@return what was put together} */
        public Options build() {
            return new Options(new Object[] {
                key, keyFile, previousKeys, resetUrl, tokenLifetime, firstPasswordLifetime, sealTokens,
                passwordMinLength, serviceNames, pepper, pepperFile, argon2MemoryKib, argon2Iterations,
                argon2Portable, memoryBudgetKib, requestsPerMinute, users, messages, migrate
            });
        }
    }
}
