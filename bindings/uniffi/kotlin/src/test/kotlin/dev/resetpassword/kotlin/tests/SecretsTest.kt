package dev.resetpassword.kotlin.tests

import dev.resetpassword.kotlin.CreateUser
import dev.resetpassword.kotlin.ListUsers
import dev.resetpassword.kotlin.Options
import dev.resetpassword.kotlin.ResetPasswordException
import dev.resetpassword.kotlin.UpdateUser
import dev.resetpassword.kotlin.UserManagement
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import kotlinx.coroutines.runBlocking

/** No secret is in what gets printed. */
class SecretsTest {
    private val key = "00112233445566778899aabbccddeeff".repeat(2)

    @Test
    fun noSecretIsInAnyText() = runBlocking {
        val users = inMemory()
        val ada = ada(users)
        val reset = users.createPasswordReset("ada@example.com")
        val token = reset.passwordResetToken
        val shown = listOf(
            reset.toString(),
            "$ada $users ${users.events()}",
            Options(key = key, previousKeys = listOf(key)).toString(),
            CreateUser("x@example.com", password = PASSWORD, passwordHash = token).toString(),
            UpdateUser(password = PASSWORD, passwordHash = token).toString(),
            ListUsers(email = token).toString(),
            trace { users.resetPassword(token, token.substring(0, 9)) },
            trace { users.resetPassword(PASSWORD, OTHER_PASSWORD) },
            trace { users.authenticateWithPassword("ada@example.com", OTHER_PASSWORD) },
            trace { users.createUser(CreateUser("y@example.com", passwordHash = token)) },
            trace { users.getUser(token) },
            trace { UserManagement.open(":memory:", Options(key = key + "0")) },
        )
        for (text in shown) {
            assertTrue(text.length > 10, text)
            for (secret in listOf(token, PASSWORD, OTHER_PASSWORD, key)) {
                assertFalse(secret in text, text)
            }
        }
        assertEquals(
            "PasswordReset(id=${reset.id}, userId=${ada.id}, email=ada@example.com, passwordResetToken=[redacted], " +
                "passwordResetUrl=[redacted])",
            reset.toString(),
        )
        assertEquals("CreateUser([redacted])", CreateUser("x\uD800").toString())
    }

    private inline fun trace(call: () -> Unit): String =
        assertFailsWith<ResetPasswordException> { call() }.stackTraceToString()
}
