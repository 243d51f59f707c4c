package dev.resetpassword.kotlin.tests

import com.sun.jna.Platform
import dev.resetpassword.kotlin.UserManagement
import java.io.File
import java.nio.file.Files
import java.nio.file.Path
import java.util.jar.JarFile
import kotlin.io.path.listDirectoryEntries
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNotNull
import kotlin.test.assertTrue
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.io.TempDir

class JarTest {

    @Test
    fun theTestsAreAboutTheInstalledJar() {
        val file = File(UserManagement::class.java.protectionDomain.codeSource.location.toURI())
        assertTrue(Regex("reset-password-kotlin-\\d+\\.\\d+\\.\\d+\\.jar").matches(file.name), file.toString())
        JarFile(file).use { jar ->
            assertNotNull(jar.getEntry("META-INF/LICENSE-MIT"))
            assertNotNull(jar.getEntry("META-INF/LICENSE-APACHE"))
            val library = System.mapLibraryName("reset_password_uniffi")
            assertNotNull(jar.getEntry("${Platform.RESOURCE_PREFIX}/$library"))
            assertEquals("dev.resetpassword.kotlin", jar.manifest.mainAttributes.getValue("Automatic-Module-Name"))
        }
    }

    /** Both libraries are unpacked where JNA is told to, and loaded from there. */
    @Test
    fun theFolderOfTheNativeLibrariesCanBeChosen(@TempDir directory: Path) {
        val child = Child.run("dev.resetpassword.kotlin.tests.Loading", "-Djna.tmpdir=$directory")
        assertEquals(0, child.status, child.output)
        val loaded = child.output.lines().filter { it.startsWith("/") }
        assertEquals(2, loaded.size, child.output)
        assertTrue(loaded.all { Path.of(it).parent == directory.toRealPath() }, child.output)
        assertEquals(emptyList(), directory.listDirectoryEntries())
    }
}

internal object Loading {
    /** Prints the files of the mapped libraries of JNA and of this package. */
    @JvmStatic
    fun main(arguments: Array<String>) = runBlocking {
        ada(inMemory())
        val libraries = Regex("/\\S*/jna\\d+\\.tmp")
        val mapped = Files.readString(Path.of("/proc/self/maps"))
        libraries.findAll(mapped).map { it.value }.distinct().forEach(::println)
    }
}
