package usermanagement

import (
	"strconv"
	"time"
)

// writer makes the JSON object of a call's arguments. Text goes in as the octets that it has: encoding/json would
// replace what is not UTF-8, and the engine must see it to refuse it. It holds secrets, and is wiped after the call.
type writer struct {
	octets []byte
}

func newWriter() *writer {
	return &writer{octets: append(make([]byte, 0, 512), '{')}
}

// end closes the object.
func (w *writer) end() *writer {
	w.put('}')
	return w
}

func (w *writer) wipe() {
	wipe(w.octets)
}

func (w *writer) text(name, value string) {
	w.name(name)
	w.quoted(value)
}

func (w *writer) optionalText(name string, value *string) {
	if value != nil {
		w.text(name, *value)
	}
}

func (w *writer) flag(name string, value *bool) {
	if value != nil {
		w.name(name)
		w.raw(strconv.FormatBool(*value))
	}
}

func (w *writer) number(name string, value *int64) {
	if value != nil {
		w.name(name)
		w.raw(strconv.FormatInt(*value, 10))
	}
}

// seconds writes a duration as it is. One that is not of whole seconds is a fraction, which the engine refuses.
func (w *writer) seconds(name string, value *time.Duration) {
	if value == nil {
		return
	}
	w.name(name)
	w.raw(strconv.FormatInt(int64(*value/time.Second), 10))
	if rest := *value % time.Second; rest != 0 {
		if rest < 0 {
			rest = -rest
		}
		// The leading 1 keeps the zeros after the point.
		w.put('.')
		w.raw(strconv.FormatInt(int64(time.Second+rest), 10)[1:])
	}
}

func (w *writer) texts(name string, values []string) {
	if values == nil {
		return
	}
	w.name(name)
	w.put('[')
	for index, value := range values {
		if index > 0 {
			w.put(',')
		}
		w.quoted(value)
	}
	w.put(']')
}

func (w *writer) pairs(name string, values map[string]string) {
	if values == nil {
		return
	}
	w.name(name)
	w.put('{')
	first := true
	for key, value := range values {
		if !first {
			w.put(',')
		}
		first = false
		w.quoted(key)
		w.put(':')
		w.quoted(value)
	}
	w.put('}')
}

func (w *writer) name(name string) {
	if len(w.octets) > 1 {
		w.put(',')
	}
	w.quoted(name)
	w.put(':')
}

func (w *writer) quoted(text string) {
	w.room(len(text) + 2)
	w.put('"')
	from := 0
	for at := 0; at < len(text); at++ {
		octet := text[at]
		if octet >= ' ' && octet != '"' && octet != '\\' {
			continue
		}
		w.raw(text[from:at])
		from = at + 1
		if octet >= ' ' {
			w.put('\\')
			w.put(octet)
			continue
		}
		const digits = "0123456789abcdef"
		w.raw(`\u00`)
		w.put(digits[octet>>4])
		w.put(digits[octet&15])
	}
	w.raw(text[from:])
	w.put('"')
}

func (w *writer) raw(text string) {
	w.room(len(text))
	w.octets = append(w.octets, text...)
}

func (w *writer) put(octet byte) {
	w.room(1)
	w.octets = append(w.octets, octet)
}

// room makes sure that appending does not leave a copy behind.
func (w *writer) room(more int) {
	if cap(w.octets)-len(w.octets) >= more {
		return
	}
	larger := make([]byte, len(w.octets), 2*cap(w.octets)+more)
	copy(larger, w.octets)
	wipe(w.octets)
	w.octets = larger
}

func wipe(octets []byte) {
	octets = octets[:cap(octets)]
	for index := range octets {
		octets[index] = 0
	}
}
