package main

import (
	"strings"
	"unicode"
)

// goName is a name of the reference as Go writes it: get_user_by_external_id is GetUserByExternalID.
func goName(name string) string {
	var made strings.Builder
	for _, word := range strings.Split(name, "_") {
		switch word {
		case "id", "url":
			made.WriteString(strings.ToUpper(word))
		case "kib":
			made.WriteString("KiB")
		case "":
		default:
			made.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return made.String()
}

// snake is the way back.
func snake(name string) string {
	name = strings.NewReplacer("ID", "Id", "URL", "Url", "KiB", "Kib").Replace(name)
	var made strings.Builder
	for at, character := range name {
		if unicode.IsUpper(character) && at > 0 {
			made.WriteByte('_')
		}
		made.WriteRune(unicode.ToLower(character))
	}
	return made.String()
}
