"""The passwords and ids that the stories are told with."""

FIRST_PASSWORD = "a long walk by the sea"
SECOND_PASSWORD = "seven green boats at dusk"
THIRD_PASSWORD = "nine red kites over the hill"
WEAK_PASSWORD = "tiny kettle"

TOO_SHORT = {"code": "password_too_short", "minimum_length": 15}

UNKNOWN_USER = "user_01HZZZZZZZZZZZZZZZZZZZZZZZ"
UNKNOWN_RESET = "password_reset_01HZZZZZZZZZZZZZZZZZZZZZZZ"
UNKNOWN_TOKEN = "A" * 43


def missing(field):
    """The entry of a 422 for a field that is missing or empty."""
    return {"code": f"{field}_string_required", "field": field}
