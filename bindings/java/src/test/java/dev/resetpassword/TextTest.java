package dev.resetpassword;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Strings cross as the UTF-16 that they are. */
class TextTest {
    private static final String LONE = "a\uD800b";

    private final UserManagement users = Opened.inMemory();

    @Test
    void textIsKeptAsItIs() {
        String name = "e\u0301 \u00E9 \u05D0\u05D1 \uD83D\uDEA2 \uD83D\uDC69\u200D\uD83D\uDCBB";
        User made = users.createUser(CreateUser.builder("ada@example.com").name(name)
                .metadata(Map.of("\uD83D\uDEA2", name)).build());
        assertEquals(name, made.name());
        assertEquals(Map.of("\uD83D\uDEA2", name), users.getUser(made.id()).metadata());
    }

    @Test
    void aPasswordIsEveryCharacterOfIt() {
        String ship = "a long walk by \uD83D\uDEA2 the sea";
        users.createUser(CreateUser.builder("ada@example.com").password(ship).build());
        assertEquals("ada@example.com", users.authenticateWithPassword("ada@example.com", ship).email());
        for (String other : List.of(ship + "\0", "\0" + ship, ship.replace("\uDEA2", "\uDEA3"), ship.substring(1))) {
            assertThrows(
                    InvalidCredentialsException.class,
                    () -> users.authenticateWithPassword("ada@example.com", other));
        }
    }

    @Test
    void nulIsACharacterAndNotAnEnd() {
        var refused = assertThrows(
                InputInvalidException.class,
                () -> users.createUser(CreateUser.builder("ada@example.com").name("Ada\0Lovelace").build()));
        assertEquals("name_invalid", refused.getErrors().get(0).code());
        assertThrows(InputInvalidException.class, () -> users.createPasswordReset("ada@example.com\0"));
        User ada = Opened.ada(users);
        assertThrows(UserNotFoundException.class, () -> users.getUser(ada.id() + "\0"));
    }

    @Test
    void whatIsNotUnicodeIsRefusedByWhoeverReadsIt() {
        User ada = Opened.ada(users);
        PasswordReset reset = users.createPasswordReset("ada@example.com");
        assertThrows(UserNotFoundException.class, () -> users.getUser(LONE));
        assertThrows(PasswordResetTokenNotFoundException.class, () -> users.resetPassword(LONE, Opened.PASSWORD));
        assertThrows(InvalidCredentialsException.class, () -> users.authenticateWithPassword("ada@example.com", LONE));
        var field = assertThrows(InputInvalidException.class, () -> users.getUserByEmail(LONE));
        assertEquals("email", field.getErrors().get(0).field());
        var password = assertThrows(
                PasswordRejectedException.class,
                () -> users.resetPassword(reset.passwordResetToken(), LONE.repeat(9)));
        assertEquals("password_invalid_characters", password.getErrors().get(0).code());
        assertEquals("password_invalid_characters", users.checkPassword(LONE, ada.id()).errors().get(0).code());
        var option = assertThrows(
                ConfigInvalidException.class,
                () -> UserManagement.open(":memory:", Options.builder().resetUrl(LONE).build()));
        assertEquals("reset_url must be text in Unicode", option.getMessage());
        users.resetPassword(reset.passwordResetToken(), Opened.OTHER_PASSWORD);
    }

    @Test
    void aVeryLongTextIsRefusedLikeALongOne() {
        String longText = "a".repeat(20_000_000);
        assertThrows(UserNotFoundException.class, () -> users.getUser(longText));
        var refused = assertThrows(
                PasswordRejectedException.class,
                () -> users.createUser(CreateUser.builder("ada@example.com").password(longText).build()));
        assertEquals("password_too_long", refused.getErrors().get(0).code());
        assertEquals(256, refused.getErrors().get(0).maximumLength());
    }
}
