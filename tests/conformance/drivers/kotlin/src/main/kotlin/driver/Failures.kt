package driver

import dev.resetpassword.kotlin.ResetPasswordException
import dev.resetpassword.kotlin.code
import dev.resetpassword.kotlin.errors
import dev.resetpassword.kotlin.retryAfter
import dev.resetpassword.kotlin.retryable

/** A failure in canonical form. */
fun failed(failure: Throwable): Map<String, Any?> =
    when (failure) {
        is ResetPasswordException -> error(
            failure, failure.code, failure.message!!, details(failure.errors), failure.retryable, failure.retryAfter,
        )
        is WrongType -> error(failure.cause!!, "input_invalid", "", emptyList(), false, null)
        else -> ofTheDriver(failure)
    }

fun ofTheDriver(failure: Throwable): Map<String, Any?> =
    mapOf("error" to mapOf("code" to "driver_failed", "message" to failure.toString()))

private fun error(
    failure: Throwable, code: String, message: String, errors: List<Any?>, retryable: Boolean, retryAfter: Long?,
): Map<String, Any?> =
    mapOf(
        "error" to mapOf(
            "code" to code,
            "message" to message,
            "errors" to errors,
            "retryable" to retryable,
            "retry_after" to retryAfter,
            "class" to failure::class.simpleName,
        ),
    )
