package dev.resetpassword;

import java.util.Map;

/**
 * A change to a user. What is left out stays as it is.
 *
 * <p>An empty text clears a name, the external id or the locale; empty metadata clears metadata.
 */
public final class UpdateUser {
    private final Object[] arguments;

    private UpdateUser(Object[] arguments) {
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
        return "UpdateUser[redacted]";
    }

    /** Puts one together. What is not set, or set to {@code null}, is left out. */
    public static final class Builder {
        private String email;
        private String password;
        private String passwordHash;
        private Boolean emailVerified;
        private String firstName;
        private String lastName;
        private String name;
        private String externalId;
        private String[] metadata;
        private String locale;

        private Builder() {}

        /**
         * Sets a new address.
         *
         * @param email it counts as unverified unless {@code emailVerified} is true with it
         * @return this builder
         */
        public Builder email(String email) {
            this.email = email;
            return this;
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
         * Sets whether the address is the user's.
         *
         * @param emailVerified true marks it verified; false is allowed only while it is not, or with a new address
         * @return this builder
         */
        public Builder emailVerified(Boolean emailVerified) {
            this.emailVerified = emailVerified;
            return this;
        }

        /**
         * Sets the given name.
         *
         * @param firstName at most 256 characters; empty to clear it
         * @return this builder
         */
        public Builder firstName(String firstName) {
            this.firstName = firstName;
            return this;
        }

        /**
         * Sets the family name.
         *
         * @param lastName at most 256 characters; empty to clear it
         * @return this builder
         */
        public Builder lastName(String lastName) {
            this.lastName = lastName;
            return this;
        }

        /**
         * Sets the full name.
         *
         * @param name at most 256 characters; empty to clear it
         * @return this builder
         */
        public Builder name(String name) {
            this.name = name;
            return this;
        }

        /**
         * Sets the id that another system knows the user by.
         *
         * @param externalId at most 128 visible ASCII characters, unique; empty to clear it
         * @return this builder
         */
        public Builder externalId(String externalId) {
            this.externalId = externalId;
            return this;
        }

        /**
         * Sets free text by key.
         *
         * @param metadata at most 50 keys of at most 40 characters, values of at most 600; empty to
         *     clear it; no key and no value {@code null}
         * @return this builder
         */
        public Builder metadata(Map<String, String> metadata) {
            this.metadata = Texts.pairs(metadata, "metadata");
            return this;
        }

        /**
         * Sets the language tag.
         *
         * @param locale at most 35 characters, such as {@code pt-BR}; empty to clear it
         * @return this builder
         */
        public Builder locale(String locale) {
            this.locale = locale;
            return this;
        }

        /** {@return what was put together} */
        public UpdateUser build() {
            return new UpdateUser(new Object[] {
                email, password, passwordHash, emailVerified, firstName, lastName, name, externalId,
                metadata, locale
            });
        }
    }
}
