package dev.resetpassword.kotlin.tests

import dev.resetpassword.kotlin.Detail
import dev.resetpassword.kotlin.Failure
import dev.resetpassword.kotlin.ResetPasswordException
import dev.resetpassword.kotlin.UserManagement
import dev.resetpassword.kotlin.code
import dev.resetpassword.kotlin.errors
import dev.resetpassword.kotlin.retryAfter
import dev.resetpassword.kotlin.retryable
import java.nio.file.Files
import java.nio.file.Path
import kotlin.reflect.full.primaryConstructor
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.io.TempDir

class ErrorsTest {

    /** The codes of `docs/reference/errors.md`, with the message of each. */
    private fun documented(): Map<String, String> {
        val text = Files.readString(Path.of(System.getProperty("errors.reference")))
        val list = text.substringAfter("codes:begin").substringBefore("codes:end")
        return Regex("^\\| `(\\w+)` \\| (.+) \\| (?:yes|no) \\|$", RegexOption.MULTILINE).findAll(list)
            .associate { it.groupValues[1] to it.groupValues[2] }
    }

    @Test
    fun everyDocumentedCodeHasAClassOfItsOwn() {
        val documented = documented()
        assertEquals(27, documented.size)
        val named = documented.keys.associateBy { code ->
            code.split('_').joinToString("") { word -> word.replaceFirstChar(Char::uppercase) }
        }
        assertEquals(named.keys, ResetPasswordException::class.sealedSubclasses.map { it.simpleName }.toSet())
        for (kind in ResetPasswordException::class.sealedSubclasses) {
            val code = named.getValue(kind.simpleName!!)
            val reason = Detail("a_reason", "a reason", null, null, 256)
            val error = kind.primaryConstructor!!.call(Failure(code, documented[code]!!, listOf(reason), true, 2))
            assertEquals(code, error.code)
            assertEquals(documented[code], error.message)
            assertEquals(listOf(reason), error.errors)
            assertTrue(error.retryable)
            assertEquals(2, error.retryAfter)
            assertTrue(error.toString().endsWith("${kind.simpleName}: ${documented[code]}"), error.toString())
        }
    }

    @Test
    fun anErrorHasWhatTheEngineSays() = runBlocking<Unit> {
        val users = inMemory()
        val notFound = assertFailsWith<ResetPasswordException.UserNotFound> { users.getUser("user_x") }
        assertEquals("user_not_found", notFound.code)
        assertEquals("there is no such user", notFound.message)
        assertEquals(emptyList(), notFound.errors)
        assertFalse(notFound.retryable)
        assertNull(notFound.retryAfter)

        val invalid = assertFailsWith<ResetPasswordException.InputInvalid> { users.createPasswordReset("no address") }
        assertEquals(listOf("email_invalid"), invalid.errors.map { it.code })
        assertEquals("email", invalid.errors[0].field)
        assertEquals(invalid.message, invalid.errors[0].message)

        assertFailsWith<ResetPasswordException.ConfigInvalid> { UserManagement.open("postgres://localhost/x") }
    }

    @Test
    fun aDatabaseThatFailsIsToBeTriedAgain(@TempDir directory: Path) = runBlocking<Unit> {
        val users = file(directory)
        ada(users)
        users.closeConnections()
        for (name in listOf("users.db", "users.db-wal", "users.db-shm")) {
            Files.deleteIfExists(directory.resolve(name))
        }
        Files.createDirectory(directory.resolve("users.db"))
        val error = assertFailsWith<ResetPasswordException.StorageUnavailable> { users.getUser("user_x") }
        assertTrue(error.retryable)
        assertEquals(1, error.retryAfter)
    }
}
