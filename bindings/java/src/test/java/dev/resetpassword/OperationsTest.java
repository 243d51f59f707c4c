package dev.resetpassword;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperationsTest {
    private final UserManagement users = Opened.inMemory();

    @Test
    void aUserHasWhatItWasMadeOf() {
        Instant before = Instant.now().minusMillis(1);
        User made = users.createUser(CreateUser.builder("Ada@Example.com")
                .password(Opened.PASSWORD)
                .emailVerified(true)
                .firstName("Ada")
                .lastName("Lovelace")
                .name("Ada Lovelace")
                .externalId("crm-7")
                .metadata(Map.of("plan", "gold"))
                .locale("en-GB")
                .build());
        assertTrue(made.id().startsWith("user_"), made.id());
        assertEquals("Ada@Example.com", made.email());
        assertTrue(made.emailVerified());
        assertEquals(
                List.of("Ada", "Lovelace", "Ada Lovelace"),
                List.of(made.firstName(), made.lastName(), made.name()));
        assertNull(made.profilePictureUrl());
        assertNull(made.lastSignInAt());
        assertEquals("crm-7", made.externalId());
        assertEquals(Map.of("plan", "gold"), made.metadata());
        assertEquals("en-GB", made.locale());
        assertTrue(made.createdAt().isAfter(before) && !made.createdAt().isAfter(Instant.now()));
        assertEquals(made.createdAt(), made.updatedAt());
        assertNotNull(made.credentialsChangedAt());

        assertEquals(made, users.getUser(made.id()));
        assertEquals(made, users.getUserByEmail("ada@example.com"));
        assertEquals(made, users.getUserByExternalId("crm-7"));
        assertThrows(UnsupportedOperationException.class, () -> made.metadata().put("plan", "lead"));
    }

    @Test
    void anUpdateChangesWhatItNamesAndClearsWhatIsEmpty() {
        User made = users.createUser(
                CreateUser.builder("ada@example.com").name("Ada").metadata(Map.of("plan", "gold")).build());
        User changed = users.updateUser(made.id(), UpdateUser.builder().email("a.l@example.org").name("").build());
        assertEquals("a.l@example.org", changed.email());
        assertNull(changed.name());
        assertEquals(Map.of("plan", "gold"), changed.metadata());
        assertEquals(Map.of(), users.updateUser(made.id(), UpdateUser.builder().metadata(Map.of()).build()).metadata());
        assertTrue(users.updateUser(made.id(), UpdateUser.builder().emailVerified(true).build()).emailVerified());
        users.deleteUser(made.id());
        assertThrows(UserNotFoundException.class, () -> users.getUser(made.id()));
    }

    @Test
    void usersAreListedPageByPage() {
        for (String name : List.of("a", "b", "c")) {
            users.createUser(CreateUser.builder(name + "@example.com").build());
        }
        assertEquals(List.of("c@example.com", "b@example.com", "a@example.com"), emails(users.listUsers()));
        UserList first = users.listUsers(ListUsers.builder().limit(2).order("asc").build());
        assertEquals(List.of("a@example.com", "b@example.com"), emails(first));
        UserList second = users.listUsers(
                ListUsers.builder().limit(2).order("asc").after(first.listMetadata().after()).build());
        assertEquals(List.of("c@example.com"), emails(second));
        assertNull(second.listMetadata().after());
        assertEquals(first, users.listUsers(
                ListUsers.builder().limit(2).order("asc").before(second.data().get(0).id()).build()));
        ListUsers one = ListUsers.builder().email("b@example.com").build();
        assertEquals(List.of("b@example.com"), emails(users.listUsers(one)));
    }

    private static List<String> emails(UserList list) {
        return list.data().stream().map(User::email).toList();
    }

    @Test
    void aResetSetsThePasswordOnceAndVerifiesTheAddress() {
        Opened.ada(users);
        PasswordReset reset = users.createPasswordReset("ada@example.com");
        assertEquals("ada@example.com", reset.email());
        assertTrue(reset.passwordResetUrl().endsWith("?token=" + reset.passwordResetToken()));
        assertEquals(Duration.ofMinutes(30), Duration.between(reset.createdAt(), reset.expiresAt()));
        assertEquals(reset, users.getPasswordReset(reset.id()));

        var refused = assertThrows(
                PasswordRejectedException.class, () -> users.resetPassword(reset.passwordResetToken(), "short"));
        assertEquals(15, refused.getErrors().get(0).minimumLength());
        User user = users.resetPassword(reset.passwordResetToken(), Opened.OTHER_PASSWORD);
        assertTrue(user.emailVerified());
        assertThrows(
                PasswordResetTokenNotFoundException.class,
                () -> users.resetPassword(reset.passwordResetToken(), Opened.OTHER_PASSWORD));
        assertThrows(
                InvalidCredentialsException.class,
                () -> users.authenticateWithPassword("ada@example.com", Opened.PASSWORD));
        assertNotNull(users.authenticateWithPassword("ada@example.com", Opened.OTHER_PASSWORD).lastSignInAt());
    }

    @Test
    void aRequestAnswersAResetOrNothing() {
        Opened.ada(users);
        assertNull(users.requestPasswordReset("nobody@example.com"));
        assertNotNull(users.requestPasswordReset("ada@example.com"));
        assertNull(users.requestPasswordReset("ada@example.com"));
        assertEquals(1, users.revokePasswordResets());
        assertEquals(0, users.revokePasswordResets(users.getUserByEmail("ada@example.com").id()));
    }

    @Test
    void aPasswordIsChecked() {
        User ada = users.createUser(CreateUser.builder("ada@example.com").name("Ada of the Seven Seas").build());
        assertEquals(new PasswordCheck(true, List.of()), users.checkPassword(Opened.PASSWORD));
        assertTrue(users.checkPassword("ada of the seven seas").acceptable());
        PasswordCheck refused = users.checkPassword("ada of the seven seas", ada.id());
        assertFalse(refused.acceptable());
        assertEquals("password_too_similar", refused.errors().get(0).code());
        assertNull(refused.errors().get(0).minimumLength());
    }

    @Test
    void whatHappenedIsTold() {
        User ada = users.createUser(CreateUser.builder("ada@example.com").metadata(Map.of("camelKey", "é")).build());
        users.createPasswordReset("ada@example.com");
        EventList page = users.events(null, 1);
        Event made = page.data().get(0);
        assertEquals("user.created", made.event());
        assertEquals(ada.id(), made.data().get("id"));
        assertEquals(false, made.data().get("email_verified"));
        assertEquals(Map.of("camelKey", "é"), made.data().get("metadata"));
        assertTrue(made.data().containsKey("first_name") && made.data().get("first_name") == null);
        assertEquals(made.id(), page.listMetadata().after());
        EventList rest = users.events(made.id());
        assertEquals(List.of("password_reset.created"), rest.data().stream().map(Event::event).toList());
        assertNull(rest.listMetadata().after());
        assertEquals(2, users.events().data().size());
        assertEquals(new Purged(0, 0, 0), users.purge());
        assertEquals(new Purged(0, 0, 0), users.purge(10_000));
    }

    @Test
    void numbersThatDoNotFitAreRefused() {
        for (long limit : new long[] {-1, 0, 101, Long.MAX_VALUE, Long.MIN_VALUE}) {
            assertThrows(InputInvalidException.class, () -> users.events(null, limit));
            assertThrows(
                    InputInvalidException.class, () -> users.listUsers(ListUsers.builder().limit(limit).build()));
        }
        for (long lifetime : new long[] {-1, 299, Long.MAX_VALUE, Long.MIN_VALUE}) {
            Options options = Options.builder().tokenLifetime(lifetime).build();
            var refused = assertThrows(ConfigInvalidException.class, () -> UserManagement.open(":memory:", options));
            assertTrue(refused.getMessage().startsWith("token_lifetime"), refused.getMessage());
        }
    }

    @Test
    void theOptionsReachTheEngine(@TempDir Path directory) throws Exception {
        Path keyFile = Files.writeString(directory.resolve("key"), "00112233445566778899aabbccddeeff".repeat(2));
        Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("rw-------"));
        UserManagement other = UserManagement.open(directory.resolve("users.db"), Opened.cheap()
                .keyFile(keyFile)
                .previousKeys(List.of("ffeeddccbbaa99887766554433221100".repeat(2)))
                .resetUrl("https://example.com/new-password?a=b")
                .tokenLifetime(300)
                .sealTokens(false)
                .passwordMinLength(20)
                .serviceNames(List.of("the blue harbour office"))
                .memoryBudgetKib(65_536)
                .migrate(true)
                .build());
        other.createUser(CreateUser.builder("ada@example.com").build());
        PasswordReset reset = other.createPasswordReset("ada@example.com");
        assertTrue(reset.passwordResetUrl().startsWith("https://example.com/new-password?a=b&token="));
        assertEquals(Duration.ofMinutes(5), Duration.between(reset.createdAt(), reset.expiresAt()));
        assertThrows(PasswordResetNotFoundException.class, () -> other.getPasswordReset(reset.id()));
        assertEquals(20, other.checkPassword("seventeen letters").errors().get(0).minimumLength());
        assertFalse(other.checkPassword("the blue harbour office").acceptable());
        assertFalse(Files.exists(directory.resolve("users.db.key")));

        Options unmade = Options.builder().migrate(false).build();
        assertThrows(ConfigInvalidException.class, () -> UserManagement.open(directory.resolve("new.db"), unmade));
        Options both = Options.builder().key("00112233445566778899aabbccddeeff".repeat(2)).keyFile(keyFile).build();
        assertThrows(ConfigInvalidException.class, () -> UserManagement.open(":memory:", both));
    }

    @Test
    void aPathIsAlwaysAFile(@TempDir Path directory) {
        try (UserManagement file = UserManagement.open(directory.resolve(":memory:"))) {
            assertTrue(Files.exists(directory.resolve(":memory:")));
            assertEquals(List.of(), file.listUsers().data());
        }
    }

    @Test
    void nullForWhatIsRequiredNamesTheArgument() {
        Map<String, Runnable> calls = new LinkedHashMap<>();
        calls.put("databaseUrl", () -> UserManagement.open((String) null));
        calls.put("database", () -> UserManagement.open((Path) null));
        calls.put("email", () -> CreateUser.builder(null));
        calls.put("user", () -> users.createUser(null));
        calls.put("change", () -> users.updateUser("user_x", null));
        calls.put("id", () -> users.getUser(null));
        calls.put("externalId", () -> users.getUserByExternalId(null));
        calls.put("token", () -> users.resetPassword(null, null));
        calls.put("newPassword", () -> users.resetPassword("x", null));
        calls.put("password", () -> users.authenticateWithPassword("x", null));
        calls.put("metadata", () -> CreateUser.builder("x").metadata(new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            {
                put("k", null);
            }
        }));
        calls.put("executor", () -> users.getUserAsync("x", null));
        calls.forEach((name, call) ->
                assertEquals(name, assertThrows(NullPointerException.class, call::run).getMessage()));
    }

    @Test
    @SuppressWarnings("unchecked")
    void whatTheCompilerWouldRefuseFailsItsCastBeforeAnythingIsDone() {
        Map<?, ?> numbers = Map.of("k", 1);
        assertThrows(
                ClassCastException.class,
                () -> CreateUser.builder("x@example.com").metadata((Map<String, String>) numbers));
        List<?> mixed = List.of(new Object());
        assertThrows(ClassCastException.class, () -> Options.builder().serviceNames((List<String>) mixed));
    }
}
