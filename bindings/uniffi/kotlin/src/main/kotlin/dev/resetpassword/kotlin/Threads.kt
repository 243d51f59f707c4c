package dev.resetpassword.kotlin

import com.sun.jna.CallbackThreadInitializer
import com.sun.jna.Native

/** The engine's threads in the JVM. */
internal object Threads {
    init {
        // Attached once and not for each call. What is resumed there may call again, and a thread cannot be
        // detached within a call. One that ends is detached by JNA.
        Native.setCallbackThreadInitializer(
            uniffiRustFutureContinuationCallbackImpl,
            CallbackThreadInitializer(true, false, "reset-password"),
        )
    }
}
