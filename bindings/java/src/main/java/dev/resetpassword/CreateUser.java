package dev.resetpassword;

import java.util.Map;
import java.util.Objects;

/**
 * What a new user is made of.
 *
 * <p>Only the address must be given.
 */
public final class CreateUser {
    private final Object[] arguments;

    private CreateUser(Object[] arguments) {
        this.arguments = arguments;
    }

    /**
     * Begins with what must be given.
     *
     * @param email the address: at most 254 octets, 64 before the {@code @}
     * @return a builder in which the rest is left out
     */
    public static Builder builder(String email) {
        return new Builder(Objects.requireNonNull(email, "email"));
    }

    /** In canonical order, for the native library. */
    Object[] arguments() {
        return arguments;
    }

    /** {@return the name of the type: what is in it may be secret} */
    @Override
    public String toString() {
        return "CreateUser[redacted]";
    }

    /** Puts one together. What is not set, or set to {@code null}, is left out. */
    public static final class Builder {
        private final String email;
        private String password;
        private String passwordHash;
        private Boolean emailVerified;
        private String firstName;
        private String lastName;
        private String name;
        private String externalId;
        private String[] metadata;
        private String locale;

        private Builder(String email) {
            this.email = email;
        }

        /**
         * Sets a password, held to the policy.
         *
         * @param password the password
         * @return this builder
         */
        public Builder password(String password) {
            this.password = password;
            return this;
        }

        /**
         * Sets the hash of a password from another system.
         *
         * @param passwordHash the hash; not together with a password
         * @return this builder
         */
        public Builder passwordHash(String passwordHash) {
            this.passwordHash = passwordHash;
            return this;
        }

        /**
         * Sets whether the address is known to be the user's.
         *
         * @param emailVerified false by default
         * @return this builder
         */
        public Builder emailVerified(Boolean emailVerified) {
            this.emailVerified = emailVerified;
            return this;
        }

        /**
         * Sets the given name.
         *
         * @param firstName at most 256 characters
         * @return this builder
         */
        public Builder firstName(String firstName) {
            this.firstName = firstName;
            return this;
        }

        /**
         * Sets the family name.
         *
         * @param lastName at most 256 characters
         * @return this builder
         */
        public Builder lastName(String lastName) {
            this.lastName = lastName;
            return this;
        }

        /**
         * Sets the full name.
         *
         * @param name at most 256 characters
         * @return this builder
         */
        public Builder name(String name) {
            this.name = name;
            return this;
        }

        /**
         * Sets the id that another system knows the user by.
         *
         * @param externalId at most 128 visible ASCII characters, unique
         * @return this builder
         */
        public Builder externalId(String externalId) {
            this.externalId = externalId;
            return this;
        }

        /**
         * Sets free text by key.
         *
         * @param metadata at most 50 keys of at most 40 characters, values of at most 600; no key and no
         *     value {@code null}
         * @return this builder
         */
        public Builder metadata(Map<String, String> metadata) {
            this.metadata = Texts.pairs(metadata, "metadata");
            return this;
        }

        /**
         * Sets the language tag.
         *
         * @param locale at most 35 characters, such as {@code pt-BR}
         * @return this builder
         */
        public Builder locale(String locale) {
            this.locale = locale;
            return this;
        }

        /** {@return what was put together} */
        public CreateUser build() {
            return new CreateUser(new Object[] {
                email, password, passwordHash, emailVerified, firstName, lastName, name, externalId,
                metadata, locale
            });
        }
    }
}
