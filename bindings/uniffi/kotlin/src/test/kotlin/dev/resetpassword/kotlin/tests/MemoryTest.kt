package dev.resetpassword.kotlin.tests

import dev.resetpassword.kotlin.CreateUser
import dev.resetpassword.kotlin.ListUsers
import dev.resetpassword.kotlin.ResetPasswordException
import dev.resetpassword.kotlin.UserManagement
import java.nio.file.Files
import java.nio.file.Path
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking

private const val CALLS = 10_000
private const val MOST_KIB = 5 * 1_024L

/** 10,000 calls of each cheap kind leave nothing behind. */
class MemoryTest {

    /** In a JVM whose heap is all there from the start, growth is what native code leaves behind. */
    @Test
    fun callsDoNotGrowTheProcess() {
        val child = Child.run(
            "dev.resetpassword.kotlin.tests.Growing", "-Xms48m", "-Xmx48m", "-XX:+AlwaysPreTouch",
            "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
        )
        assertEquals(0, child.status, child.output)
        val growth = Regex("^(.+): (-?\\d+) KiB$", RegexOption.MULTILINE).findAll(child.output).toList()
        assertEquals(6, growth.size, child.output)
        for (kind in growth) {
            assertTrue(kind.groupValues[2].toLong() <= MOST_KIB, child.output)
        }
        print(child.output)
    }
}

internal object Growing {
    @JvmStatic
    fun main(arguments: Array<String>) = runBlocking {
        val users = inMemory()
        val ada = users.createUser(CreateUser("ada@example.com", metadata = mapOf("k" to "v")))
        val kinds = mapOf<String, suspend () -> Unit>(
            "unknown token" to { refused { users.resetPassword(UNKNOWN_TOKEN, PASSWORD) } },
            "get user" to { users.getUser(ada.id) },
            "list users" to { users.listUsers(ListUsers(limit = 5)) },
            "refused number" to { refused { users.events(limit = -1) } },
            "refused text" to { refused { users.getUserByEmail("\uD800") } },
            "cancelled" to { cancelled(users, ada.id) },
        )
        for (kind in kinds.values) {
            repeat(CALLS) { kind() }
        }
        for ((name, kind) in kinds) {
            val before = residentKib()
            repeat(CALLS) { kind() }
            println("$name: ${residentKib() - before} KiB")
        }
    }

    private inline fun refused(call: () -> Unit) {
        try {
            call()
        } catch (expected: ResetPasswordException) {
            return
        }
        error("not refused")
    }

    /** One that nobody waits for, and one that is waited for, so that no more than that pile up. */
    private suspend fun cancelled(users: UserManagement, id: String) = coroutineScope {
        launch(start = CoroutineStart.UNDISPATCHED) { users.getUser(id) }.cancelAndJoin()
        users.getUser(id)
    }

    private fun residentKib(): Long {
        System.gc()
        val status = Files.readString(Path.of("/proc/self/status"))
        return Regex("VmRSS:\\s+(\\d+) kB").find(status)!!.groupValues[1].toLong()
    }
}
