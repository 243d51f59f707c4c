package dev.resetpassword;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own, for what must be asked of a fresh one. */
record Child(int status, String output) {

    static Child run(Class<?> program, String... flags) throws IOException, InterruptedException {
        String java = System.getProperty("java.home") + File.separator + "bin" + File.separator + "java";
        List<String> command = new ArrayList<>(List.of(java, "--enable-native-access=ALL-UNNAMED"));
        command.addAll(Arrays.asList(flags));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
        return new Child(process.exitValue(), output);
    }

    /** Opens a database, and says what came of it. */
    static final class Opening {
        public static void main(String[] arguments) {
            try (UserManagement users = Opened.inMemory()) {
                System.out.println("opened " + Opened.ada(users).email());
            } catch (UnsatisfiedLinkError error) {
                System.out.println("refused: " + error.getMessage());
            }
        }
    }
}
