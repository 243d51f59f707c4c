package example;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Stands in for a mailer: appends one JSON line a mail, on a thread of its own. */
final class Outbox implements AutoCloseable {
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final Path file;

    Outbox(String file) {
        this.file = Path.of(file);
    }

    void add(String to, String url) {
        String line = "{\"to\": \"" + quoted(to) + "\", \"url\": \"" + quoted(url) + "\"}\n";
        thread.execute(() -> {
            try {
                Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException error) {
                System.err.println("the outbox cannot be written: " + error.getClass().getSimpleName());
            }
        });
    }

    private static String quoted(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    /** Waits for the mails that are still to be written. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            thread.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
