package driver

import dev.resetpassword.kotlin.Detail
import dev.resetpassword.kotlin.JsonValue
import java.time.Instant
import java.time.ZoneOffset
import java.time.format.DateTimeFormatter
import java.util.Locale
import kotlin.reflect.full.declaredMemberProperties
import kotlin.reflect.full.primaryConstructor

private val MOMENT = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC)

/** A result in canonical form, by the names that the records really have. */
fun canonical(value: Any?): Any? =
    when (value) {
        null, Unit -> null
        is String, is Boolean, is Long -> value
        is Instant -> MOMENT.format(value)
        is List<*> -> value.map(::canonical)
        is Map<*, *> -> value.mapValues { canonical(it.value) }
        is JsonValue -> plain(value)
        else -> fields(value)
    }

private fun plain(json: JsonValue): Any? =
    when (json) {
        is JsonValue.Null -> null
        is JsonValue.Bool -> json.value
        is JsonValue.Integer -> json.value
        is JsonValue.Text -> json.value
        is JsonValue.Array -> json.values.map(::plain)
        is JsonValue.Object -> json.values.mapValues { plain(it.value) }
    }

/** Reasons, without the fields that have no value. */
fun details(details: List<Detail>): List<Any?> = details.map { detail -> fields(detail).filterValues { it != null } }

/** The properties of a record, in the order in which it declares them. */
private fun fields(record: Any): Map<String, Any?> {
    val properties = record::class.declaredMemberProperties.associateBy { it.name }
    val declared = record::class.primaryConstructor!!.parameters.map { properties.getValue(it.name!!) }
    return declared.associate { snake(it.name) to canonical(it.getter.call(record)) }
}

fun snake(camel: String): String = camel.replace(Regex("[A-Z]"), "_$0").lowercase(Locale.ROOT)
