package dev.resetpassword.kotlin.tests

import dev.resetpassword.kotlin.Options
import dev.resetpassword.kotlin.PasswordReset
import dev.resetpassword.kotlin.ResetPasswordException
import dev.resetpassword.kotlin.UserManagement
import java.nio.file.Path
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.measureTime
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancel
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.withTimeoutOrNull
import org.junit.jupiter.api.io.TempDir

class CoroutinesTest {

    /** All of it is on the one thread of this test. */
    @Test
    fun othersGoOnWhileAHashIsMade() = runBlocking {
        val users = inMemory(COSTLY)
        ada(users)
        var ticks = 0
        val ticking = launch {
            while (true) {
                delay(1.milliseconds)
                ticks++
            }
        }
        users.authenticateWithPassword("ada@example.com", PASSWORD)
        ticking.cancelAndJoin()
        assertTrue(ticks >= 20, "ticks: $ticks")
    }

    @Test
    fun oneOfManyCoroutinesWinsAToken(@TempDir directory: Path) = runBlocking {
        val handles = listOf(file(directory), file(directory))
        ada(handles[0])
        repeat(5) {
            val token = handles[0].createPasswordReset("ada@example.com").passwordResetToken
            val start = CompletableDeferred<Unit>()
            val won = List(24) { number ->
                async(Dispatchers.Default) {
                    start.await()
                    wins(handles[number % 2], token)
                }
            }
            start.complete(Unit)
            assertEquals(1, won.awaitAll().count { it })
        }
    }

    private suspend fun wins(users: UserManagement, token: String): Boolean =
        try {
            users.resetPassword(token, OTHER_PASSWORD)
            true
        } catch (late: ResetPasswordException.PasswordResetTokenNotFound) {
            false
        } catch (full: ResetPasswordException.Overloaded) {
            false
        }

    @Test
    fun whoIsCancelledGoesOnAtOnceAndTheResetIsDone() = runBlocking {
        val users = inMemory(COSTLY)
        val whole = measureTime { ada(users) }
        val token = users.createPasswordReset("ada@example.com").passwordResetToken
        // It is begun before `launch` returns.
        val resetting = launch(start = CoroutineStart.UNDISPATCHED) { users.resetPassword(token, OTHER_PASSWORD) }
        val left = measureTime { resetting.cancelAndJoin() }
        assertTrue(resetting.isCancelled)
        assertTrue(left < whole / 4, "a hash takes $whole, and leaving one took $left")
        withTimeout(60.seconds) {
            while (!authenticates(users, OTHER_PASSWORD)) {
                delay(10.milliseconds)
            }
        }
        assertFalse(wins(users, token))
    }

    @Test
    fun whoIsCancelledAlreadyBeginsNothing(@TempDir directory: Path) = runBlocking<Unit> {
        val users = file(directory)
        ada(users)
        val token = users.createPasswordReset("ada@example.com").passwordResetToken
        var refused: Throwable? = null
        launch {
            cancel()
            refused = assertFailsWith<CancellationException> { users.resetPassword(token, OTHER_PASSWORD) }
        }.join()
        assertNotNull(refused)
        // It waits for everything that was begun.
        users.closeConnections()
        assertTrue(authenticates(users, PASSWORD))
        assertTrue(wins(users, token))
    }

    /** What must not be lost with its caller. */
    @Test
    fun whatIsNotCancellableIsAnswered() = runBlocking<Unit> {
        val users = inMemory()
        ada(users)
        var reset: PasswordReset? = null
        launch {
            cancel()
            reset = withContext(NonCancellable) { users.requestPasswordReset("ada@example.com") }
        }.join()
        assertTrue(wins(users, reset!!.passwordResetToken))
    }

    private suspend fun authenticates(users: UserManagement, password: String): Boolean =
        try {
            users.authenticateWithPassword("ada@example.com", password).email == "ada@example.com"
        } catch (notYet: ResetPasswordException.InvalidCredentials) {
            false
        }

    @Test
    fun aTimeoutEndsTheWait() = runBlocking {
        val users = inMemory(COSTLY)
        ada(users)
        assertNull(withTimeoutOrNull(1.milliseconds) { users.authenticateWithPassword("ada@example.com", PASSWORD) })
        assertEquals("ada@example.com", users.getUserByEmail("ada@example.com").email)
    }

    /** Without a dispatcher the code after a call runs where it is resumed: on a thread of the engine. */
    @Test
    fun whoBlocksWhereItIsResumedHoldsNobodyUp() = runBlocking {
        val users = inMemory(Options())
        val ada = ada(users)
        // Not of this test's own scope, which would wait for one that is held up.
        val apart = CoroutineScope(Dispatchers.Unconfined)
        val names = List(4) {
            apart.async {
                users.authenticateWithPassword("ada@example.com", PASSWORD)
                assertEquals(ada.id, runBlocking { users.getUser(ada.id).id })
                Thread.currentThread().name
            }
        }
        val resumed = withTimeout(60.seconds) { names.awaitAll() }
        assertTrue(resumed.any { it.startsWith("reset-password") }, "$resumed")
    }

    @Test
    fun cancellationAtRandomMomentsHarmsNobody(@TempDir directory: Path) = runBlocking {
        val users = file(directory)
        val ada = ada(users)
        val jobs = List(200) { number ->
            launch(Dispatchers.Default) {
                when (number % 3) {
                    0 -> users.getUser(ada.id)
                    1 -> users.checkPassword(PASSWORD, ada.id)
                    else -> users.listUsers()
                }
            }
        }
        jobs.forEachIndexed { number, job ->
            if (number % 2 == 0) {
                job.cancel()
            }
        }
        jobs.forEach { it.join() }
        assertTrue(jobs.filterIndexed { number, _ -> number % 2 == 1 }.none { it.isCancelled })
        assertEquals(ada, users.getUser(ada.id))
    }
}
