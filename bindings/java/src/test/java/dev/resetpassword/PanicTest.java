package dev.resetpassword;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** With a native library that panics when it is asked to. */
class PanicTest {

    @Test
    void aPanicIsAnErrorAndTheProcessLives() throws Exception {
        Path library = Path.of(System.getProperty("hooks.library"));
        assertTrue(Files.exists(library), library + " is not there; ./verify builds it");
        Child child = Child.run(Panicking.class, "-Ddev.resetpassword.library=" + library);
        assertEquals(0, child.status(), child.output());
        assertTrue(
                child.output().contains(
                        "INTERNAL: something went wrong inside the engine; the log has the details\n"
                                + "INTERNAL: something went wrong inside the engine; the log has the details\n"
                                + "alive: ada@example.com\n"),
                child.output());
    }

    static final class Panicking {
        public static void main(String[] arguments) {
            UserManagement users = Opened.inMemory();
            StringBuilder told = new StringBuilder();
            try {
                users.getUser("panic");
            } catch (InternalException error) {
                told.append(error.getCode()).append(": ").append(error.getMessage()).append('\n');
            }
            try {
                users.resetPasswordAsync("panic", Opened.PASSWORD).join();
            } catch (CompletionException failure) {
                var error = (InternalException) failure.getCause();
                told.append(error.getCode()).append(": ").append(error.getMessage()).append('\n');
            }
            told.append("alive: ").append(Opened.ada(users).email());
            System.out.println(told);
        }
    }
}
