package dev.resetpassword;

/**
 * Which users to list.
 *
 * <p>{@code after} a user's id begins behind that user, {@code before} ends ahead of it, both in the
 * direction of the list.
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

    /** In canonical order, for the native library. */
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
         * Sets the address of the one user to list.
         *
         * @param email the address, compared in its look-up form
         * @return this builder
         */
        public Builder email(String email) {
            this.email = email;
            return this;
        }

        /**
         * Sets how many users are on a page.
         *
         * @param limit 1 to 100; 10 by default
         * @return this builder
         */
        public Builder limit(long limit) {
            this.limit = limit;
            return this;
        }

        /**
         * Sets the user that the page ends before.
         *
         * @param before the user's id; not together with {@code after}
         * @return this builder
         */
        public Builder before(String before) {
            this.before = before;
            return this;
        }

        /**
         * Sets the user that the page begins after.
         *
         * @param after the user's id; not together with {@code before}
         * @return this builder
         */
        public Builder after(String after) {
            this.after = after;
            return this;
        }

        /**
         * Sets the order, which is by creation.
         *
         * @param order {@code asc} oldest first, {@code desc} newest first, which is the default
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
