package dev.resetpassword.kotlin.tests

import java.util.concurrent.TimeUnit

/** A JVM of its own, for what must be asked of a fresh one. */
internal class Child(val status: Int, val output: String) {
    companion object {
        /** Runs the `main` of the file that the class stands for. */
        fun run(program: String, vararg flags: String): Child {
            val java = System.getProperty("java.home") + "/bin/java"
            val command = listOf(java, *flags, "-cp", System.getProperty("java.class.path"), program)
            val process = ProcessBuilder(command).redirectErrorStream(true).start()
            val output = process.inputStream.readAllBytes().decodeToString()
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                process.destroyForcibly().waitFor()
            }
            return Child(process.exitValue(), output)
        }
    }
}
