// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.util.Map;

/**
 * What {@link UserManagement#updateUser} takes. What is not set is left out.
 *
 * <p>An empty text clears a name, the locale or the external id. Metadata that is given replaces all of it. A
 * new address or password ends the user's live reset.
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

    /** In the order of the description, for the native library. */
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
         * A new address. It counts as unverified unless {@code emailVerified} is given true with it.
         *
         * @param email the value
         * @return this builder
         */
        public Builder email(String email) {
            this.email = email;
            return this;
        }

        /**
         * A new password, held to the policy.
         *
         * @param password the value
         * @return this builder
         */
        public Builder password(String password) {
            this.password = password;
            return this;
        }

        /**
         * Or the hash of one; not both.
         *
         * @param passwordHash the value
         * @return this builder
         */
        public Builder passwordHash(String passwordHash) {
            this.passwordHash = passwordHash;
            return this;
        }

        /**
         * True marks the address verified; false is allowed only while it is not, or with a new address.
         *
         * @param emailVerified the value
         * @return this builder
         */
        public Builder emailVerified(Boolean emailVerified) {
            this.emailVerified = emailVerified;
            return this;
        }

        /**
         * Given name; an empty text clears it.
         *
         * @param firstName the value
         * @return this builder
         */
        public Builder firstName(String firstName) {
            this.firstName = firstName;
            return this;
        }

        /**
         * Family name; an empty text clears it.
         *
         * @param lastName the value
         * @return this builder
         */
        public Builder lastName(String lastName) {
            this.lastName = lastName;
            return this;
        }

        /**
         * Full name; an empty text clears it.
         *
         * @param name the value
         * @return this builder
         */
        public Builder name(String name) {
            this.name = name;
            return this;
        }

        /**
         * The id that another system knows the user by; an empty text clears it.
         *
         * @param externalId the value
         * @return this builder
         */
        public Builder externalId(String externalId) {
            this.externalId = externalId;
            return this;
        }

        /**
         * All of the metadata; empty clears it.
         *
         * @param metadata the value; nothing in it is {@code null}
         * @return this builder
         */
        public Builder metadata(Map<String, String> metadata) {
            this.metadata = Texts.pairs(metadata, "metadata");
            return this;
        }

        /**
         * Language tag; an empty text clears it.
         *
         * @param locale the value
         * @return this builder
         */
        public Builder locale(String locale) {
            this.locale = locale;
            return this;
        }

        /** {@return what was put together} */
        public UpdateUser build() {
            return new UpdateUser(new Object[] {
                email, password, passwordHash, emailVerified, firstName, lastName, name, externalId, metadata,
                locale
            });
        }
    }
}
