package dev.resetpassword.kotlin.tests

import dev.resetpassword.kotlin.ResetPasswordException
import dev.resetpassword.kotlin.code
import java.nio.file.Files
import java.nio.file.Path
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlinx.coroutines.runBlocking

/** With a native library that panics when it is asked to. */
class PanicTest {

    @Test
    fun aPanicIsAnErrorAndTheProcessLives() {
        val library = Path.of(System.getProperty("hooks.library"))
        assertTrue(Files.exists(library), "$library is not there; ./verify builds it")
        val child = Child.run(
            "dev.resetpassword.kotlin.tests.Panicking", "-Duniffi.component.reset_password.libraryOverride=$library",
        )
        assertEquals(0, child.status, child.output)
        val error = "internal: something went wrong inside the engine; the log has the details\n"
        assertTrue("$error${error}alive: ada@example.com\n" in child.output, child.output)
    }
}

internal object Panicking {
    @JvmStatic
    fun main(arguments: Array<String>) = runBlocking {
        val users = inMemory()
        val told = StringBuilder()
        for (call in listOf<suspend () -> Unit>({ users.getUser("panic") }, { users.resetPassword("panic", PASSWORD) })) {
            try {
                call()
            } catch (error: ResetPasswordException.Internal) {
                told.append("${error.code}: ${error.message}\n")
            }
        }
        println("${told}alive: ${ada(users).email}")
    }
}
