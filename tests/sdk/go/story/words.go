package story

import "strings"

// The passwords and ids that the stories are told with.
const (
	firstPassword  = "a long walk by the sea"
	secondPassword = "seven green boats at dusk"
	thirdPassword  = "nine red kites over the hill"
	weakPassword   = "tiny kettle"

	unknownUser  = "user_01HZZZZZZZZZZZZZZZZZZZZZZZ"
	unknownReset = "password_reset_01HZZZZZZZZZZZZZZZZZZZZZZZ"
)

var (
	unknownToken = strings.Repeat("A", 43)
	tooShort     = entry{"code": "password_too_short", "minimum_length": 15.0}
)

// missing is the entry of a 422 for a field that is missing or empty.
func missing(field string) entry {
	return entry{"code": field + "_string_required", "field": field}
}
