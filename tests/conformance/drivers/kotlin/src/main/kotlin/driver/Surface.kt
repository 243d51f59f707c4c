package driver

import dev.resetpassword.kotlin.Failure
import dev.resetpassword.kotlin.ResetPasswordException
import dev.resetpassword.kotlin.UserManagement
import dev.resetpassword.kotlin.code
import kotlin.reflect.KClass
import kotlin.reflect.KFunction
import kotlin.reflect.KParameter
import kotlin.reflect.KType
import kotlin.reflect.full.companionObject
import kotlin.reflect.full.declaredMemberFunctions
import kotlin.reflect.full.primaryConstructor
import kotlin.reflect.full.valueParameters

fun version(): Map<String, Any?> =
    mapOf(
        "package" to UserManagement::class.java.`package`.implementationVersion,
        "runtime" to "Kotlin ${KotlinVersion.CURRENT} on Java ${System.getProperty("java.version")}",
    )

/** Every class of the one root, and the code of the failure that it is made for. */
fun codes(): Map<String, String?> =
    ResetPasswordException::class.sealedSubclasses.associate { kind ->
        val code = snake(kind.simpleName!!).removePrefix("_")
        val error = kind.primaryConstructor!!.call(Failure(code, "", emptyList(), false, null))
        error.code to kind.simpleName
    }

/** The operations: what suspends, on a handle and on its companion. */
fun signatures(): Map<String, Any?> {
    val functions = UserManagement::class.companionObject!!.declaredMemberFunctions +
        UserManagement::class.declaredMemberFunctions
    return functions.filter { it.isSuspend }.associate { function ->
        // `close` frees the handle itself, as everything that is `AutoCloseable` does.
        val name = if (function.name == "closeConnections") "close" else snake(function.name)
        name to signature(function)
    }
}

private fun signature(function: KFunction<*>): Map<String, Any?> =
    mapOf("parameters" to function.valueParameters.map(::parameter), "returns" to written(function.returnType))

/** A parameter; of one that is a record of arguments, what the record is made of too. */
private fun parameter(parameter: KParameter): Map<String, Any?> {
    val described = mapOf(
        "name" to parameter.name,
        "required" to !parameter.isOptional,
        "type" to written(parameter.type),
    )
    val record = parameter.type.classifier as KClass<*>
    if (record.java.`package` != UserManagement::class.java.`package`) {
        return described
    }
    return described + ("properties" to record.primaryConstructor!!.parameters.map(::parameter))
}

/** A type as Kotlin writes it, without packages, and of another name for a type that type. */
private fun written(type: KType): String =
    type.toString().replace(Regex("\\b\\w+\\."), "").replace(Regex("[\\w?]+ /\\* = (.+?) \\*/"), "$1")
