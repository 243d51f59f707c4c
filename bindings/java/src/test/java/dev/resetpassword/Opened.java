package dev.resetpassword;

import java.nio.file.Path;

/** Databases for tests, with the cheapest hashes that are allowed. */
final class Opened {
    static final String PASSWORD = "a long walk by the sea";
    static final String OTHER_PASSWORD = "seven green boats at dusk";
    static final String UNKNOWN_TOKEN = "A".repeat(43);

    private Opened() {}

    static Options.Builder cheap() {
        return Options.builder().argon2MemoryKib(19_456).argon2Iterations(2);
    }

    static UserManagement inMemory() {
        return UserManagement.open(":memory:", cheap().build());
    }

    static UserManagement file(Path directory) {
        return UserManagement.open(directory.resolve("users.db"), cheap().build());
    }

    static User ada(UserManagement users) {
        return users.createUser(CreateUser.builder("ada@example.com").password(PASSWORD).build());
    }
}
