import Foundation

/// A string as the library takes it: its UTF-16 code units, the low octet first.
func codeUnits(_ text: String) -> Data {
    var octets = Data(capacity: 2 * text.utf16.count)
    for unit in text.utf16 {
        octets.append(UInt8(truncatingIfNeeded: unit))
        octets.append(UInt8(truncatingIfNeeded: unit >> 8))
    }
    return octets
}

/// The string of such code units.
func fromCodeUnits(_ data: Data) -> String {
    let octets = [UInt8](data)
    let units = stride(from: 0, to: octets.count - 1, by: 2).map { index in
        UInt16(octets[index]) | UInt16(octets[index + 1]) << 8
    }
    return String(decoding: units, as: UTF16.self)
}
