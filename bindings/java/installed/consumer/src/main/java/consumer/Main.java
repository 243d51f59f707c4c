package consumer;

import dev.resetpassword.CreateUser;
import dev.resetpassword.Options;
import dev.resetpassword.PasswordReset;
import dev.resetpassword.PasswordResetTokenNotFoundException;
import dev.resetpassword.UserManagement;
import java.nio.file.Path;

/** Resets a password in a file, and finds that the token works once. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        Options cheap = Options.builder().argon2MemoryKib(19_456).argon2Iterations(2).build();
        try (UserManagement users = UserManagement.open(Path.of(arguments[0]), cheap)) {
            users.createUser(CreateUser.builder("ada@example.com").build());
            PasswordReset reset = users.createPasswordReset("ada@example.com");
            users.resetPassword(reset.passwordResetToken(), "a long walk by the sea");
            users.authenticateWithPassword("ada@example.com", "a long walk by the sea");
            try {
                users.resetPassword(reset.passwordResetToken(), "a long walk by the sea");
            } catch (PasswordResetTokenNotFoundException used) {
                System.out.println("a reset, from module " + UserManagement.class.getModule().getName());
            }
        }
    }
}
