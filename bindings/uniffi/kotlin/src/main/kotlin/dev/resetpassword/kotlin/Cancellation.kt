package dev.resetpassword.kotlin

import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive

/** Throws if the coroutine is cancelled. Every call begins with it, so that one that nobody awaits is not begun. */
internal suspend fun refuseIfCancelled() = currentCoroutineContext().ensureActive()
