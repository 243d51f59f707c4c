package dev.resetpassword;

/** The native library's functions. Each blocks; none calls back into Java. */
final class Native {
    private Native() {}

    /** Answers a handle's number, or a failure. */
    static native byte[] open(Object[] arguments);

    /**
     * Answers what {@link Answer} reads. The operation is the ordinal of an {@link Operation}. The arguments are in canonical order; each is a {@link String}, a
     * {@link Boolean}, a {@link Long}, a {@code String[]} (of keys and values in turn where it is a map),
     * or {@code null}.
     */
    static native byte[] call(long handle, int operation, Object[] arguments);

    static native void close(long handle);

    static native void free(long handle);
}
