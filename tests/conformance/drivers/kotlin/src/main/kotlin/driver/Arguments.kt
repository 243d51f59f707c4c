package driver

import com.google.gson.JsonElement
import com.google.gson.JsonPrimitive
import java.math.BigInteger
import java.util.HexFormat

/** A value of another type than Kotlin's compiler takes, or none where it takes no `null`. */
class WrongType(cause: RuntimeException) : Exception(cause)

/** What a request gives, as Kotlin values. A value of another type fails its cast, and that is a [WrongType]. */
class Arguments(private val given: Map<String, Any?>) {

    /** One that must be there: what has no value is none of its type. */
    fun text(name: String): String = cast(name) { it as String }

    fun textOrNull(name: String): String? = cast(name) { it as String? }

    fun flag(name: String): Boolean? = cast(name) { it as Boolean? }

    /** The package takes a `Long`: a whole number beyond it is narrowed to the nearest, as a caller would. */
    fun number(name: String): Long? =
        cast(name) { number ->
            when (number) {
                is BigInteger -> if (number.signum() < 0) Long.MIN_VALUE else Long.MAX_VALUE
                else -> number as Long?
            }
        }

    fun texts(name: String): List<String>? = cast(name) { texts -> (texts as List<*>?)?.map { it as String } }

    fun pairs(name: String): Map<String, String>? =
        cast(name) { pairs ->
            (pairs as Map<*, *>?)?.entries?.associate { (key, value) -> key as String to value as String }
        }

    private inline fun <T> cast(name: String, to: (Any?) -> T): T =
        try {
            to(given[name])
        } catch (wrong: ClassCastException) {
            throw WrongType(wrong)
        } catch (missing: NullPointerException) {
            throw WrongType(missing)
        }
}

@Suppress("UNCHECKED_CAST")
fun mapping(value: Any?): Map<String, Any?> = value as Map<String, Any?>

fun objectOf(json: JsonElement): Map<String, Any?> =
    json.asJsonObject.entrySet().associate { (name, member) -> name to value(member) }

private fun value(json: JsonElement): Any? {
    if (json.isJsonNull) {
        return null
    } else if (json is JsonPrimitive) {
        return primitive(json)
    } else if (json.isJsonArray) {
        return json.asJsonArray.map(::value)
    }
    val only = json.asJsonObject.entrySet().singleOrNull()
    return if (only != null && only.key.startsWith("$")) special(only.key, only.value) else objectOf(json)
}

private fun primitive(json: JsonPrimitive): Any {
    if (json.isBoolean) {
        return json.asBoolean
    } else if (json.isString) {
        return json.asString
    }
    val digits = json.asString
    if (!Regex("-?\\d+").matches(digits)) {
        return digits.toDouble()
    }
    val number = BigInteger(digits)
    return if (number.bitLength() < Long.SIZE_BITS) number.toLong() else number
}

private fun special(kind: String, json: JsonElement): Any? =
    when (kind) {
        "\$utf16" -> json.asJsonArray.map { it.asInt.toChar() }.joinToString("")
        "\$bytes" -> HexFormat.of().parseHex(json.asString)
        "\$undefined" -> null
        "\$symbol" -> object {}
        "\$float" -> when (val text = json.asString) {
            "nan" -> Double.NaN
            "inf" -> Double.POSITIVE_INFINITY
            else -> text.toDouble()
        }
        "\$big" -> BigInteger(json.asString)
        "\$repeat" -> (value(json.asJsonArray[0]) as String).repeat(json.asJsonArray[1].asInt)
        else -> throw IllegalArgumentException("no such special value: $kind")
    }
