package dev.resetpassword;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ErrorsTest {

    /** The codes of {@code docs/reference/errors.md}. */
    private static Set<String> documented() throws Exception {
        String text = Files.readString(Path.of(System.getProperty("errors.reference")));
        String list = text.substring(text.indexOf("codes:begin"), text.indexOf("codes:end"));
        Set<String> codes = new LinkedHashSet<>();
        Pattern.compile("^\\| `(\\w+)` \\|", Pattern.MULTILINE).matcher(list).results()
                .forEach(row -> codes.add(row.group(1)));
        return codes;
    }

    @Test
    void everyDocumentedCodeHasAConstantAndAClassOfItsOwn() throws Exception {
        Set<String> documented = documented();
        assertEquals(27, documented.size());
        Set<String> known = Arrays.stream(ErrorCode.values()).map(ErrorCode::value).collect(Collectors.toSet());
        known.remove("unknown");
        assertEquals(documented, known);
        for (String value : documented) {
            ErrorCode code = ErrorCode.of(value);
            ResetPasswordException error = code.exception("a message", List.of(), true, 2);
            String name = Arrays.stream(value.split("_"))
                    .map(word -> word.substring(0, 1).toUpperCase() + word.substring(1))
                    .collect(Collectors.joining("", "", "Exception"));
            assertEquals(name, error.getClass().getSimpleName());
            assertSame(ResetPasswordException.class, error.getClass().getSuperclass());
            assertSame(code, error.getCode());
            assertEquals("a message", error.getMessage());
            assertTrue(error.isRetryable());
            assertEquals(2, error.getRetryAfter());
        }
        assertTrue(RuntimeException.class.isAssignableFrom(ResetPasswordException.class));
    }

    @Test
    void aCodeOfANewerLibraryIsUnknown() {
        assertSame(ErrorCode.UNKNOWN, ErrorCode.of("of_the_future"));
        ResetPasswordException error = ErrorCode.UNKNOWN.exception("a message", List.of(), false, null);
        assertSame(ResetPasswordException.class, error.getClass());
        assertSame(ErrorCode.UNKNOWN, error.getCode());
    }

    @Test
    void anErrorHasWhatTheEngineSays() {
        UserManagement users = Opened.inMemory();
        var notFound = assertThrows(UserNotFoundException.class, () -> users.getUser("user_x"));
        assertSame(ErrorCode.USER_NOT_FOUND, notFound.getCode());
        assertEquals("there is no such user", notFound.getMessage());
        assertEquals(List.of(), notFound.getErrors());
        assertFalse(notFound.isRetryable());
        assertNull(notFound.getRetryAfter());
        assertEquals(
                "dev.resetpassword.UserManagement",
                Arrays.stream(notFound.getStackTrace()).map(StackTraceElement::getClassName)
                        .filter(name -> name.endsWith("UserManagement")).findFirst().orElse(""));

        var invalid = assertThrows(InputInvalidException.class, () -> users.createPasswordReset("no address"));
        Detail reason = invalid.getErrors().get(0);
        assertEquals("email_invalid", reason.code());
        assertEquals("email", reason.field());
        assertEquals(invalid.getMessage(), reason.message());
        assertThrows(UnsupportedOperationException.class, () -> invalid.getErrors().clear());

        var keyless = assertThrows(ConfigInvalidException.class, () -> UserManagement.open("postgres://localhost/x"));
        assertSame(ErrorCode.CONFIG_INVALID, keyless.getCode());
    }

    @Test
    void aBusyDatabaseIsToBeTriedAgain(@org.junit.jupiter.api.io.TempDir Path directory) throws Exception {
        UserManagement users = Opened.file(directory);
        Opened.ada(users);
        users.close();
        Path database = directory.resolve("users.db");
        Files.delete(database);
        Files.deleteIfExists(directory.resolve("users.db-wal"));
        Files.deleteIfExists(directory.resolve("users.db-shm"));
        Files.createDirectory(database);
        var error = assertThrows(StorageUnavailableException.class, () -> users.getUser("user_x"));
        assertTrue(error.isRetryable());
        assertEquals(1, error.getRetryAfter());
    }

    @Test
    void anErrorSurvivesSerialization() throws Exception {
        var octets = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(octets)) {
            out.writeObject(assertThrows(
                    InputInvalidException.class, () -> Opened.inMemory().createPasswordReset("no address")));
        }
        try (var in = new ObjectInputStream(new ByteArrayInputStream(octets.toByteArray()))) {
            var error = (InputInvalidException) in.readObject();
            assertSame(ErrorCode.INPUT_INVALID, error.getCode());
            assertEquals(List.of(), error.getErrors());
            assertNotEquals("", error.getMessage());
        }
    }
}
