package main

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// typeError is for what a program in Go could not even say: it would not compile.
type typeError struct{ text string }

func (e typeError) Error() string { return e.text }

// foreign is a value of a type that no operation takes.
type foreign struct{}

// fill puts arguments into the fields of a struct of options, by their names.
func fill(options reflect.Value, arguments map[string]any) error {
	for name, given := range arguments {
		field := options.FieldByName(goName(name))
		if !field.IsValid() {
			return fmt.Errorf("%s has no field %s", options.Type(), goName(name))
		}
		if err := put(field, given); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// put sets a variable to a value, if a program in Go could.
func put(to reflect.Value, given any) error {
	value, err := special(given)
	if err != nil {
		return err
	}
	wrong := typeError{fmt.Sprintf("a %T is no %s", value, to.Type())}
	switch to.Kind() {
	case reflect.Pointer:
		if value == nil {
			return nil
		}
		made := reflect.New(to.Type().Elem())
		to.Set(made)
		return put(made.Elem(), value)
	case reflect.String:
		text, ok := value.(string)
		if !ok {
			return wrong
		}
		to.SetString(text)
	case reflect.Bool:
		flag, ok := value.(bool)
		if !ok {
			return wrong
		}
		to.SetBool(flag)
	case reflect.Int64:
		number, err := whole(value)
		if err != nil {
			return err
		}
		if to.Type() == reflect.TypeOf(time.Duration(0)) {
			number = seconds(number)
		}
		to.SetInt(number)
	case reflect.Slice:
		list, ok := value.([]any)
		if value != nil && !ok {
			return wrong
		}
		if value == nil {
			return nil
		}
		to.Set(reflect.MakeSlice(to.Type(), len(list), len(list)))
		for index, item := range list {
			if err := put(to.Index(index), item); err != nil {
				return err
			}
		}
	case reflect.Map:
		pairs, ok := value.(map[string]any)
		if value != nil && !ok {
			return wrong
		}
		if value == nil {
			return nil
		}
		to.Set(reflect.MakeMap(to.Type()))
		for key, item := range pairs {
			made := reflect.New(to.Type().Elem()).Elem()
			if err := put(made, item); err != nil {
				return err
			}
			to.SetMapIndex(reflect.ValueOf(key), made)
		}
	default:
		return fmt.Errorf("nothing can be put into a %s", to.Type())
	}
	return nil
}

// whole is a number that an int64 holds.
func whole(value any) (int64, error) {
	number, ok := value.(json.Number)
	if !ok {
		return 0, typeError{fmt.Sprintf("a %T is no number", value)}
	}
	made, err := strconv.ParseInt(number.String(), 10, 64)
	if err != nil {
		return 0, typeError{"the number is no int64"}
	}
	return made, nil
}

// seconds is a duration of so many, or the nearest that there is.
func seconds(number int64) int64 {
	const most = math.MaxInt64 / int64(time.Second)
	switch {
	case number > most:
		number = most
	case number < -most:
		number = -most
	}
	return number * int64(time.Second)
}

// special are the values that JSON has no way to write.
func special(given any) (any, error) {
	object, ok := given.(map[string]any)
	if !ok || len(object) != 1 {
		return given, nil
	}
	for name, content := range object {
		switch name {
		case "$utf16":
			return generalizedUTF8(content)
		case "$bytes":
			text, _ := content.(string)
			octets, err := hex.DecodeString(text)
			return string(octets), err
		case "$undefined":
			return nil, nil
		case "$symbol":
			return foreign{}, nil
		case "$float":
			return math.NaN(), nil
		case "$big":
			text, _ := content.(string)
			return json.Number(text), nil
		case "$repeat":
			pair, _ := content.([]any)
			if len(pair) != 2 {
				return nil, fmt.Errorf("%s takes a text and a number", name)
			}
			text, _ := pair[0].(string)
			times, err := whole(pair[1])
			return strings.Repeat(text, int(times)), err
		default:
			if strings.HasPrefix(name, "$") {
				return nil, fmt.Errorf("there is no value %s", name)
			}
		}
	}
	return given, nil
}

// generalizedUTF8 has three octets for a surrogate that stands alone, as for any other code point.
func generalizedUTF8(content any) (string, error) {
	list, _ := content.([]any)
	units := make([]uint16, len(list))
	for index, item := range list {
		unit, err := whole(item)
		if err != nil {
			return "", err
		}
		units[index] = uint16(unit)
	}
	var made []byte
	for at := 0; at < len(units); at++ {
		character := rune(units[at])
		if at+1 < len(units) {
			if pair := utf16.DecodeRune(character, rune(units[at+1])); pair != utf8.RuneError {
				made = utf8.AppendRune(made, pair)
				at++
				continue
			}
		}
		if utf16.IsSurrogate(character) {
			made = append(made, 0xed, byte(0x80|character>>6&0x3f), byte(0x80|character&0x3f))
			continue
		}
		made = utf8.AppendRune(made, character)
	}
	return string(made), nil
}
