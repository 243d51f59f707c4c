package dev.resetpassword;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** No secret is in what gets printed. */
class SecretsTest {
    private static final String KEY = "00112233445566778899aabbccddeeff".repeat(2);

    @Test
    void noSecretIsInAnyText() {
        UserManagement users = Opened.inMemory();
        User ada = Opened.ada(users);
        PasswordReset reset = users.createPasswordReset("ada@example.com");
        String token = reset.passwordResetToken();
        List<String> shown = new ArrayList<>();
        shown.add(reset.toString());
        shown.add(ada.toString());
        shown.add(users.toString());
        shown.add(users.events().toString());
        shown.add(Opened.cheap().key(KEY).previousKeys(List.of(KEY)).build().toString());
        shown.add(Opened.cheap().key(KEY).toString());
        shown.add(CreateUser.builder("x@example.com").password(Opened.PASSWORD).passwordHash(token).build().toString());
        shown.add(CreateUser.builder("x@example.com").password(Opened.PASSWORD).toString());
        shown.add(UpdateUser.builder().password(Opened.PASSWORD).passwordHash(token).build().toString());
        shown.add(ListUsers.builder().email(token).build().toString());
        shown.add(trace(() -> users.resetPassword(token, token.substring(0, 9))));
        shown.add(trace(() -> users.resetPassword(Opened.PASSWORD, Opened.OTHER_PASSWORD)));
        shown.add(trace(() -> users.authenticateWithPassword("ada@example.com", Opened.OTHER_PASSWORD)));
        shown.add(trace(() -> users.createUser(CreateUser.builder("y@example.com").passwordHash(token).build())));
        shown.add(trace(() -> UserManagement.open(":memory:", Options.builder().key(KEY + "0").build())));
        shown.add(trace(() -> users.getUserAsync(token, Runnable::run).join()));
        for (String text : shown) {
            assertTrue(text.length() > 10, text);
            for (String secret : List.of(token, Opened.PASSWORD, Opened.OTHER_PASSWORD, KEY)) {
                assertFalse(text.contains(secret), text);
            }
        }
    }

    private static String trace(Runnable call) {
        var trace = new StringWriter();
        assertThrows(RuntimeException.class, call::run).printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }
}
