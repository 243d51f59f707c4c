package dev.resetpassword.kotlin.tests

import dev.resetpassword.kotlin.CreateUser
import dev.resetpassword.kotlin.Options
import dev.resetpassword.kotlin.ResetPasswordException
import dev.resetpassword.kotlin.UserManagement
import dev.resetpassword.kotlin.errors
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlinx.coroutines.runBlocking

/** Strings cross as the UTF-16 that they are. */
class TextTest {
    private val lone = "a\uD800b"

    @Test
    fun textIsKeptAsItIs() = runBlocking<Unit> {
        val users = inMemory()
        val name = "e\u0301 \u00E9 \u05D0\u05D1 \uD83D\uDEA2 \uD83D\uDC69\u200D\uD83D\uDCBB"
        val made = users.createUser(
            CreateUser("ada@example.com", name = name, metadata = mapOf("\uD83D\uDEA2" to name)),
        )
        assertEquals(name, made.name)
        assertEquals(mapOf("\uD83D\uDEA2" to name), users.getUser(made.id).metadata)
    }

    @Test
    fun aPasswordIsEveryCharacterOfIt() = runBlocking {
        val users = inMemory()
        val ship = "a long walk by \uD83D\uDEA2 the sea"
        users.createUser(CreateUser("ada@example.com", password = ship))
        assertEquals("ada@example.com", users.authenticateWithPassword("ada@example.com", ship).email)
        for (other in listOf(ship + "\u0000", "\u0000" + ship, ship.replace("\uDEA2", "\uDEA3"), ship.substring(1))) {
            assertFailsWith<ResetPasswordException.InvalidCredentials> {
                users.authenticateWithPassword("ada@example.com", other)
            }
        }
    }

    @Test
    fun nulIsACharacterAndNotAnEnd() = runBlocking<Unit> {
        val users = inMemory()
        val refused = assertFailsWith<ResetPasswordException.InputInvalid> {
            users.createUser(CreateUser("ada@example.com", name = "Ada\u0000Lovelace"))
        }
        assertEquals("name_invalid", refused.errors[0].code)
        assertFailsWith<ResetPasswordException.InputInvalid> { users.createPasswordReset("ada@example.com\u0000") }
        val ada = ada(users)
        assertFailsWith<ResetPasswordException.UserNotFound> { users.getUser(ada.id + "\u0000") }
    }

    @Test
    fun whatIsNotUnicodeIsRefusedByWhoeverReadsIt() = runBlocking<Unit> {
        val users = inMemory()
        val ada = ada(users)
        val reset = users.createPasswordReset("ada@example.com")
        assertFailsWith<ResetPasswordException.UserNotFound> { users.getUser(lone) }
        assertFailsWith<ResetPasswordException.PasswordResetTokenNotFound> { users.resetPassword(lone, PASSWORD) }
        assertFailsWith<ResetPasswordException.InvalidCredentials> {
            users.authenticateWithPassword("ada@example.com", lone)
        }
        val field = assertFailsWith<ResetPasswordException.InputInvalid> { users.getUserByEmail(lone) }
        assertEquals("email", field.errors[0].field)
        val metadata = assertFailsWith<ResetPasswordException.InputInvalid> {
            users.createUser(CreateUser("b@example.com", metadata = mapOf(lone to "x")))
        }
        assertEquals("metadata", metadata.errors[0].field)
        val password = assertFailsWith<ResetPasswordException.PasswordRejected> {
            users.resetPassword(reset.passwordResetToken, lone.repeat(9))
        }
        assertEquals("password_invalid_characters", password.errors[0].code)
        assertEquals("password_invalid_characters", users.checkPassword(lone, ada.id).errors[0].code)
        val option = assertFailsWith<ResetPasswordException.ConfigInvalid> {
            UserManagement.open(":memory:", Options(resetUrl = lone))
        }
        assertEquals("reset_url must be text in Unicode", option.message)
        users.resetPassword(reset.passwordResetToken, OTHER_PASSWORD)
    }

    @Test
    fun aVeryLongTextIsRefusedLikeALongOne() = runBlocking<Unit> {
        val users = inMemory()
        val long = "a".repeat(5_000_000)
        assertFailsWith<ResetPasswordException.UserNotFound> { users.getUser(long) }
        val refused = assertFailsWith<ResetPasswordException.PasswordRejected> {
            users.createUser(CreateUser("ada@example.com", password = long))
        }
        assertEquals("password_too_long", refused.errors[0].code)
        assertEquals(256, refused.errors[0].maximumLength)
    }
}
