package dev.resetpassword;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Texts as the native library takes them. */
final class Texts {
    private Texts() {}

    static String[] list(List<String> texts, String name) {
        if (texts == null) {
            return null;
        }
        List<String> copy = new ArrayList<>();
        for (String text : texts) {
            copy.add(Objects.requireNonNull(text, name));
        }
        return copy.toArray(new String[0]);
    }

    /** Keys and values in turn. */
    static String[] pairs(Map<String, String> texts, String name) {
        if (texts == null) {
            return null;
        }
        List<String> pairs = new ArrayList<>();
        texts.forEach((key, value) -> {
            pairs.add(key);
            pairs.add(value);
        });
        return list(pairs, name);
    }

    /** A path is always a file's, also where its text alone would mean something else. */
    static String path(Path path) {
        return path.toAbsolutePath().toFile().getPath();
    }
}
