package dev.resetpassword;

import java.nio.file.Path;
import java.util.List;

/**
 * How the engine behaves. Every option has a default.
 *
 * <p>The values are checked when the database is opened: what is wrong is a
 * {@link ConfigInvalidException} whose message names the option.
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

    /** In canonical order, for the native library. */
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
        private Boolean sealTokens;
        private Long passwordMinLength;
        private String[] serviceNames;
        private Long argon2MemoryKib;
        private Long argon2Iterations;
        private Long memoryBudgetKib;
        private Boolean migrate;

        private Builder() {}

        /**
         * Sets the secret key.
         *
         * @param key 64 hexadecimal characters; not together with a key file
         * @return this builder
         */
        public Builder key(String key) {
            this.key = key;
            return this;
        }

        /**
         * Sets the file that the secret key is in.
         *
         * @param keyFile the path; by default the one that {@code RESET_PASSWORD_KEY_FILE} names, or the database's own
         *     path with {@code .key} added
         * @return this builder
         */
        public Builder keyFile(String keyFile) {
            this.keyFile = keyFile;
            return this;
        }

        /**
         * Sets the file that the secret key is in.
         *
         * @param keyFile the path; by default the one that {@code RESET_PASSWORD_KEY_FILE} names, or the database's own
         *     path with {@code .key} added
         * @return this builder
         */
        public Builder keyFile(Path keyFile) {
            this.keyFile = keyFile == null ? null : Texts.path(keyFile);
            return this;
        }

        /**
         * Sets earlier keys, which are read with and never written with.
         *
         * @param previousKeys at most 3, as text; none of them {@code null}
         * @return this builder
         */
        public Builder previousKeys(List<String> previousKeys) {
            this.previousKeys = Texts.list(previousKeys, "previousKeys");
            return this;
        }

        /**
         * Sets the page that links lead to.
         *
         * @param resetUrl an {@code https://} address, or {@code http://} on this machine
         * @return this builder
         */
        public Builder resetUrl(String resetUrl) {
            this.resetUrl = resetUrl;
            return this;
        }

        /**
         * Sets how long a token works.
         *
         * @param tokenLifetime seconds: 300 to 86,400; 1,800 by default
         * @return this builder
         */
        public Builder tokenLifetime(long tokenLifetime) {
            this.tokenLifetime = tokenLifetime;
            return this;
        }

        /**
         * Sets whether a sealed copy of each token is kept.
         *
         * @param sealTokens true by default; without it a link can be seen only when it is made
         * @return this builder
         */
        public Builder sealTokens(Boolean sealTokens) {
            this.sealTokens = sealTokens;
            return this;
        }

        /**
         * Sets the least length of a password.
         *
         * @param passwordMinLength code points: 8 to 64; 15 by default
         * @return this builder
         */
        public Builder passwordMinLength(long passwordMinLength) {
            this.passwordMinLength = passwordMinLength;
            return this;
        }

        /**
         * Sets names that no password may be a version of.
         *
         * @param serviceNames the product, the company, the domain; none of them {@code null}
         * @return this builder
         */
        public Builder serviceNames(List<String> serviceNames) {
            this.serviceNames = Texts.list(serviceNames, "serviceNames");
            return this;
        }

        /**
         * Sets the memory of one hash.
         *
         * @param argon2MemoryKib KiB; 65,536 by default
         * @return this builder
         */
        public Builder argon2MemoryKib(long argon2MemoryKib) {
            this.argon2MemoryKib = argon2MemoryKib;
            return this;
        }

        /**
         * Sets the passes of one hash over its memory.
         *
         * @param argon2Iterations 1 to 16; 3 by default
         * @return this builder
         */
        public Builder argon2Iterations(long argon2Iterations) {
            this.argon2Iterations = argon2Iterations;
            return this;
        }

        /**
         * Sets the memory of all hashes at work in this process.
         *
         * @param memoryBudgetKib KiB; 262,144 by default
         * @return this builder
         */
        public Builder memoryBudgetKib(long memoryBudgetKib) {
            this.memoryBudgetKib = memoryBudgetKib;
            return this;
        }

        /**
         * Sets whether the tables are made or brought up to date.
         *
         * @param migrate true by default
         * @return this builder
         */
        public Builder migrate(Boolean migrate) {
            this.migrate = migrate;
            return this;
        }

        /** {@return what was put together} */
        public Options build() {
            return new Options(new Object[] {
                key, keyFile, previousKeys, resetUrl, tokenLifetime, sealTokens, passwordMinLength,
                serviceNames, argon2MemoryKib, argon2Iterations, memoryBudgetKib, migrate
            });
        }
    }
}
