package dev.resetpassword;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar, and how the native library comes out of it. */
class LibraryTest {

    private static File jar() throws Exception {
        return new File(UserManagement.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    @Test
    void theTestsAreAboutTheInstalledJar() throws Exception {
        assertTrue(jar().getName().matches("reset-password-\\d+\\.\\d+\\.\\d+\\.jar"), jar().toString());
        try (JarFile jar = new JarFile(jar())) {
            assertNotNull(jar.getEntry("META-INF/LICENSE-MIT"));
            assertNotNull(jar.getEntry("META-INF/LICENSE-APACHE"));
            assertNotNull(jar.getEntry(
                    Library.resource(System.getProperty("os.name"), System.getProperty("os.arch")).substring(1)));
        }
    }

    @Test
    void theModuleShowsOnePackageAndNeedsNothing() throws Exception {
        ModuleDescriptor module = ModuleFinder.of(jar().toPath()).find("dev.resetpassword").orElseThrow().descriptor();
        assertEquals(
                Set.of("dev.resetpassword"),
                module.exports().stream().map(ModuleDescriptor.Exports::source).collect(Collectors.toSet()));
        assertEquals(
                Set.of("java.base"),
                module.requires().stream().map(ModuleDescriptor.Requires::name).collect(Collectors.toSet()));
    }

    @Test
    void theLibraryIsNamedForTheMachine() {
        String file = System.mapLibraryName("reset_password_java");
        assertEquals("/native/linux-x86_64/" + file, Library.resource("Linux", "amd64"));
        assertEquals("/native/linux-aarch64/" + file, Library.resource("Linux", "aarch64"));
        assertEquals("/native/macos-aarch64/" + file, Library.resource("Mac OS X", "aarch64"));
        assertEquals("/native/windows-x86_64/" + file, Library.resource("Windows 11", "amd64"));
    }

    @Test
    void nobodyElseReachesTheExtractedFile() throws Exception {
        Path directory = Library.privateDirectory();
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)));
        Path file = Library.extract(new ByteArrayInputStream(new byte[] {1, 2}), directory);
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(2, Files.size(file));
        assertThrows(
                FileAlreadyExistsException.class,
                () -> Library.extract(new ByteArrayInputStream(new byte[] {3}), directory));
        Files.delete(file);
        Files.delete(directory);
    }

    @Test
    void nothingIsLeftBehind(@TempDir Path temporary) throws Exception {
        Child child = Child.run(Child.Opening.class, "-Djava.io.tmpdir=" + temporary);
        assertEquals(new Child(0, "opened ada@example.com\n"), child);
        try (var left = Files.list(temporary)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void thePropertyNamesTheLibrary(@TempDir Path directory) throws Exception {
        Path library = directory.resolve("library.so");
        try (JarFile jar = new JarFile(jar())) {
            String resource = Library.resource(System.getProperty("os.name"), System.getProperty("os.arch"));
            Files.copy(jar.getInputStream(jar.getEntry(resource.substring(1))), library);
        }
        // With nothing to extract, the temporary directory does not matter.
        Child child = Child.run(
                Child.Opening.class, "-Ddev.resetpassword.library=" + library, "-Djava.io.tmpdir=/nonexistent");
        assertEquals(0, child.status());
        assertTrue(child.output().endsWith("opened ada@example.com\n"), child.output());
    }

    @Test
    void whatIsMissingIsNamed() throws Exception {
        Child noFile = Child.run(Child.Opening.class, "-Ddev.resetpassword.library=/nonexistent/library.so");
        assertEquals(
                "refused: the system property dev.resetpassword.library names /nonexistent/library.so, and there is "
                        + "no such file\n",
                noFile.output());

        Child otherMachine = Child.run(Child.Opening.class, "-Dos.arch=riscv64");
        assertTrue(otherMachine.output().startsWith(
                "refused: the jar of reset-password holds no /native/linux-riscv64/"), otherMachine.output());
        assertTrue(otherMachine.output().contains("dev.resetpassword.library"), otherMachine.output());

        Child noRoom = Child.run(Child.Opening.class, "-Djava.io.tmpdir=/nonexistent");
        assertTrue(noRoom.output().contains("could not be loaded from a file under /nonexistent"), noRoom.output());
        assertTrue(noRoom.output().contains("dev.resetpassword.library"), noRoom.output());
    }

    @Test
    void aDamagedLibraryIsRefused(@TempDir Path directory) throws Exception {
        Path library = Files.writeString(directory.resolve("library.so"), "no library");
        Child child = Child.run(Child.Opening.class, "-Ddev.resetpassword.library=" + library);
        assertTrue(child.output().contains("refused: " + library), child.output());
    }

    /** As an application server does that loads an application again. */
    @Test
    void everyClassLoaderHasItsOwnAndMayGo() throws Exception {
        for (int time = 0; time < 3; time++) {
            WeakReference<ClassLoader> gone = useInALoaderOfItsOwn();
            long deadline = System.nanoTime() + 30_000_000_000L;
            while (gone.get() != null && System.nanoTime() < deadline) {
                System.gc();
                Thread.yield();
            }
            assertNull(gone.get());
        }
        assertEquals("ada@example.com", Opened.ada(Opened.inMemory()).email());
    }

    private static WeakReference<ClassLoader> useInALoaderOfItsOwn() throws Exception {
        try (var loader = new URLClassLoader(
                new URL[] {jar().toURI().toURL()}, ClassLoader.getPlatformClassLoader())) {
            Class<?> other = loader.loadClass(UserManagement.class.getName());
            assertNotSame(UserManagement.class, other);
            Object users = other.getMethod("open", String.class).invoke(null, ":memory:");
            Object list = other.getMethod("listUsers").invoke(users);
            assertTrue(list.toString().startsWith("UserList[data=[]"), list.toString());
            return new WeakReference<>(loader);
        }
    }
}
