package driver

import com.google.gson.GsonBuilder
import com.google.gson.JsonParser
import dev.resetpassword.kotlin.UserManagement
import java.io.PrintStream
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.CountDownLatch
import kotlin.concurrent.thread
import kotlinx.coroutines.runBlocking

private val json = GsonBuilder().serializeNulls().disableHtmlEscaping().create()

/** Reads one request a line, uses the installed package as an application would, writes one answer a line. */
fun main() {
    val out = PrintStream(System.out, true, Charsets.UTF_8)
    val driver = Driver()
    for (line in System.`in`.bufferedReader().lineSequence()) {
        out.println(json.toJson(driver.answer(line)))
    }
}

private class Driver {
    private val handles = ConcurrentHashMap<String, UserManagement>()

    fun answer(line: String): Map<String, Any?> =
        try {
            val request = objectOf(JsonParser.parseString(line))
            mapOf("id" to request["id"]) + outcome(request)
        } catch (notARequest: RuntimeException) {
            mapOf("id" to null) + ofTheDriver(notARequest)
        }

    /** `ok` and the result, or `error` and what is known of it. */
    private fun outcome(request: Map<String, Any?>): Map<String, Any?> =
        try {
            mapOf("ok" to result(request))
        } catch (failure: Throwable) {
            failed(failure)
        }

    private fun result(request: Map<String, Any?>): Any? {
        val name = request["handle"] as String?
        val given = mapping(request["arguments"] ?: emptyMap<String, Any?>())
        return when (val call = request["call"] as String) {
            "concurrently" -> together(given["calls"] as List<*>, 0)
            "at" -> together(given["calls"] as List<*>, given["unix_millis"] as Long)
            "signatures" -> signatures()
            "codes" -> codes()
            "version" -> version()
            "open" -> {
                handles[name!!] = runBlocking { open(Arguments(given)) }
                null
            }
            "drop" -> {
                runBlocking { handle(name).closeConnections() }
                handles.remove(name)?.close()
                null
            }
            else -> canonical(runBlocking { handle(name).call(call, Arguments(given)) })
        }
    }

    private fun handle(name: String?): UserManagement =
        handles[name ?: ""] ?: throw IllegalStateException("no handle of the name $name")

    /** Does the calls at once, each on a thread of its own, not before a moment. */
    private fun together(calls: List<*>, unixMillis: Long): List<Any?> {
        val outcomes = arrayOfNulls<Any>(calls.size)
        val ready = CountDownLatch(calls.size)
        val threads = calls.mapIndexed { position, call ->
            thread {
                ready.countDown()
                ready.await()
                waitUntil(unixMillis)
                outcomes[position] = outcome(mapping(call))
            }
        }
        threads.forEach(Thread::join)
        return outcomes.asList()
    }

    private fun waitUntil(unixMillis: Long) {
        val ahead = unixMillis - System.currentTimeMillis() - 1
        if (ahead > 0) {
            Thread.sleep(ahead)
        }
        while (System.currentTimeMillis() < unixMillis) {
            Thread.onSpinWait()
        }
    }
}
