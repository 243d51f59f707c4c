package dev.resetpassword;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Set;

/** Finds and loads the native library, once. */
final class Library {
    /** Names a file to load instead of the one in the jar. */
    static final String PROPERTY = "dev.resetpassword.library";

    private static boolean loaded;

    private Library() {}

    /**
     * Loads the library unless it is loaded.
     *
     * @throws UnsatisfiedLinkError if there is none for this machine, or it cannot be loaded; the message
     *     says what is missing
     */
    static synchronized void load() {
        if (loaded) {
            return;
        }
        String given = System.getProperty(PROPERTY);
        if (given == null) {
            loadFromJar();
        } else {
            loadFile(Path.of(given));
        }
        loaded = true;
    }

    private static void loadFile(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new UnsatisfiedLinkError(
                    "the system property " + PROPERTY + " names " + file.toAbsolutePath()
                            + ", and there is no such file");
        }
        System.load(file.toAbsolutePath().toString());
    }

    private static void loadFromJar() {
        String resource = resource(System.getProperty("os.name"), System.getProperty("os.arch"));
        try {
            loadFromJar(resource);
        } catch (UnsatisfiedLinkError error) {
            String musl = resource.replaceFirst("^(/native/linux-[^/]+)/", "$1-musl/");
            if (Library.class.getResource(musl) == null) {
                throw error;
            }
            try {
                loadFromJar(musl);
            } catch (UnsatisfiedLinkError other) {
                error.addSuppressed(other);
                throw error;
            }
        }
    }

    private static void loadFromJar(String resource) {
        Path directory = null;
        try (InputStream library = Library.class.getResourceAsStream(resource)) {
            if (library == null) {
                throw new UnsatisfiedLinkError(
                        "the jar of reset-password holds no " + resource + ", the native library for this "
                                + "machine; name a file with the system property " + PROPERTY);
            }
            directory = privateDirectory();
            System.load(extract(library, directory).toString());
        } catch (IOException | UnsatisfiedLinkError error) {
            throw explained(error, resource, directory);
        } finally {
            // The system keeps what is loaded; the file is not needed again.
            delete(directory);
        }
    }

    /** Where the library for a system and a processor is in the jar; on Linux that for glibc. */
    static String resource(String system, String processor) {
        String name = system.toLowerCase(Locale.ROOT);
        String family = name.startsWith("mac") ? "macos" : name.startsWith("windows") ? "windows" : name;
        String machine = processor.equals("amd64") ? "x86_64" : processor.equals("arm64") ? "aarch64" : processor;
        return "/native/" + family + "-" + machine + "/" + System.mapLibraryName("reset_password_java");
    }

    /** Makes a directory that nobody else can reach into, so that nobody can swap the file in it. */
    static Path privateDirectory() throws IOException {
        return Files.createTempDirectory("reset-password-", attributes());
    }

    /** Writes the library into a file that was not there before. */
    static Path extract(InputStream library, Path directory) throws IOException {
        Path file = directory.resolve(System.mapLibraryName("reset_password_java"));
        Files.createFile(file, attributes());
        try (var out = Files.newOutputStream(file)) {
            library.transferTo(out);
        }
        return file;
    }

    private static FileAttribute<?>[] attributes() {
        if (!Path.of("").getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return new FileAttribute<?>[0];
        }
        Set<PosixFilePermission> ownersAlone = PosixFilePermissions.fromString("rwx------");
        return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(ownersAlone)};
    }

    private static UnsatisfiedLinkError explained(Throwable cause, String resource, Path directory) {
        if (directory == null && cause instanceof UnsatisfiedLinkError error) {
            return error;
        }
        UnsatisfiedLinkError error = new UnsatisfiedLinkError(
                "the native library of reset-password, " + resource + " in its jar, could not be loaded from a "
                        + "file under " + System.getProperty("java.io.tmpdir") + " (" + cause.getMessage()
                        + "); that directory must be writable and allow executables: name another with "
                        + "java.io.tmpdir, or a file with the system property " + PROPERTY);
        error.initCause(cause);
        return error;
    }

    private static void delete(Path directory) {
        if (directory == null) {
            return;
        }
        try {
            Files.deleteIfExists(directory.resolve(System.mapLibraryName("reset_password_java")));
            Files.deleteIfExists(directory);
        } catch (IOException error) {
            // A system that does not delete what is in use does so when the process ends.
            directory.resolve(System.mapLibraryName("reset_password_java")).toFile().deleteOnExit();
        }
    }
}
