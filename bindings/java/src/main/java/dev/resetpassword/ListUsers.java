// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;


/**
 * What {@link UserManagement#listUsers} takes. What is not set is left out.
 *
 * <p>The newest come first, unless {@code order} says otherwise.
 */
public final class ListUsers {
    private final Object[] arguments;

    private ListUsers(Object[] arguments) {
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
        return "ListUsers[redacted]";
    }

    /** Puts one together. What is not set, or set to {@code null}, is left out. */
    public static final class Builder {
        private String email;
        private Long limit;
        private String before;
        private String after;
        private String order;

        private Builder() {}

        /**
         * Only the user with this address.
         *
         * @param email the value
         * @return this builder
         */
        public Builder email(String email) {
            this.email = email;
            return this;
        }

        /**
         * Users on a page: 1 to 100, 10 by default.
         *
         * @param limit the value
         * @return this builder
         */
        public Builder limit(long limit) {
            this.limit = limit;
            return this;
        }

        /**
         * The page that ends before this user.
         *
         * @param before the value
         * @return this builder
         */
        public Builder before(String before) {
            this.before = before;
            return this;
        }

        /**
         * The page that begins after this user.
         *
         * @param after the value
         * @return this builder
         */
        public Builder after(String after) {
            this.after = after;
            return this;
        }

        /**
         * By creation: {@code asc} oldest first, {@code desc} newest first, which is the default.
         *
         * @param order the value
         * @return this builder
         */
        public Builder order(String order) {
            this.order = order;
            return this;
        }

        /** {@return what was put together} */
        public ListUsers build() {
            return new ListUsers(new Object[] {
                email, limit, before, after, order
            });
        }
    }
}
