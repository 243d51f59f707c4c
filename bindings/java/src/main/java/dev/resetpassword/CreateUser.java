// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.util.Map;
import java.util.Objects;

/**
 * What {@link UserManagement#createUser} takes. What is not set is left out.
 *
 * <p>A password is held to the policy. A hash from another system is taken as it is, and replaced by a current
 * one when the user signs in.
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

    /** In the order of the description, for the native library. */
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
        private String createdAt;

        private Builder(String email) {
            this.email = email;
        }

        /**
         * A password, held to the policy.
         *
         * @param password the value
         * @return this builder
         */
        public Builder password(String password) {
            this.password = password;
            return this;
        }

        /**
         * Or the hash of one, from another system; not both.
         *
         * @param passwordHash the value
         * @return this builder
         */
        public Builder passwordHash(String passwordHash) {
            this.passwordHash = passwordHash;
            return this;
        }

        /**
         * Whether the address is known to be the user's. False by default.
         *
         * @param emailVerified the value
         * @return this builder
         */
        public Builder emailVerified(Boolean emailVerified) {
            this.emailVerified = emailVerified;
            return this;
        }

        /**
         * Given name: at most 256 characters.
         *
         * @param firstName the value
         * @return this builder
         */
        public Builder firstName(String firstName) {
            this.firstName = firstName;
            return this;
        }

        /**
         * Family name: at most 256 characters.
         *
         * @param lastName the value
         * @return this builder
         */
        public Builder lastName(String lastName) {
            this.lastName = lastName;
            return this;
        }

        /**
         * Full name: at most 256 characters.
         *
         * @param name the value
         * @return this builder
         */
        public Builder name(String name) {
            this.name = name;
            return this;
        }

        /**
         * The id that another system knows the user by: at most 128 visible ASCII characters, unique.
         *
         * @param externalId the value
         * @return this builder
         */
        public Builder externalId(String externalId) {
            this.externalId = externalId;
            return this;
        }

        /**
         * At most 50 keys of at most 40 characters, values of at most 600.
         *
         * @param metadata the value; nothing in it is {@code null}
         * @return this builder
         */
        public Builder metadata(Map<String, String> metadata) {
            this.metadata = Texts.pairs(metadata, "metadata");
            return this;
        }

        /**
         * Language tag of at most 35 characters.
         *
         * @param locale the value
         * @return this builder
         */
        public Builder locale(String locale) {
            this.locale = locale;
            return this;
        }

        /**
         * When the user came to be, where another system knows: RFC 3339, 1970 to now. Now by default.
         *
         * @param createdAt the value
         * @return this builder
         */
        public Builder createdAt(String createdAt) {
            this.createdAt = createdAt;
            return this;
        }

        /** {@return what was put together} */
        public CreateUser build() {
            return new CreateUser(new Object[] {
                email, password, passwordHash, emailVerified, firstName, lastName, name, externalId, metadata,
                locale, createdAt
            });
        }
    }
}
