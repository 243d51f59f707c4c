package dev.resetpassword.kotlin

/** A string as the library takes it: its UTF-16 code units, the low octet first. */
internal fun codeUnits(text: String): ByteArray {
    // Every handle is opened by a text, so this comes before any callback.
    Threads
    val octets = ByteArray(Math.multiplyExact(text.length, 2))
    for (index in text.indices) {
        val unit = text[index].code
        octets[2 * index] = unit.toByte()
        octets[2 * index + 1] = (unit shr 8).toByte()
    }
    return octets
}

/** The string of such code units. */
internal fun fromCodeUnits(octets: ByteArray): String = String(octets, Charsets.UTF_16LE)
