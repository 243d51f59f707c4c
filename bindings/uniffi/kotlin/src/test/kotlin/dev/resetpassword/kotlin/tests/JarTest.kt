package dev.resetpassword.kotlin.tests

import com.sun.jna.Platform
import dev.resetpassword.kotlin.UserManagement
import java.io.File
import java.util.jar.JarFile
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNotNull
import kotlin.test.assertTrue

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
}
