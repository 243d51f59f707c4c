"""Text that must not come out again, and how to find it in any dress."""

import base64
import itertools
import secrets
from urllib.parse import quote_from_bytes

# Stands in every password, token, address and header that the tests make up.
MARK = "zqCanary"
PASSWORD = MARK + "Word"
TOKEN = MARK + "Token"
# Loopback has sixteen million addresses, and a made-up one is nobody's.
DOMAIN = MARK.lower() + ".example"

_numbers = itertools.count(1)


def new_address():
    return f"{MARK.lower()}-{next(_numbers)}@{DOMAIN}"


def new_token():
    """A token of the right form that was never given out. It ends in a character that ends no byte twice."""
    text = TOKEN + secrets.token_urlsafe(32)
    return text[:42] + "A"


def new_password():
    """A password that meets the policy."""
    return f"{PASSWORD} {secrets.token_urlsafe(12)}"


def dresses(secret):
    """The forms in which a text can leak: as it is, hexadecimal, Base64 at any offset, percent-encoded."""
    raw = secret.encode()
    yield raw.lower()
    yield raw.hex().encode()
    yield "".join(f"%{octet:02x}" for octet in raw).encode()
    yield quote_from_bytes(raw, safe="").lower().encode()
    yield "".join(f"\\u{octet:04x}" for octet in raw).encode()
    for offset in range(3):
        # The first and the last characters also depend on what stands around the secret.
        encoded = base64.b64encode(bytes(offset) + raw).rstrip(b"=")[(4 * offset + 2) // 3 : -1]
        yield encoded.lower()
        yield encoded.translate(bytes.maketrans(b"+/", b"-_")).lower()


class Search:
    """Looks for secrets in bytes."""

    def __init__(self, secrets_):
        self._needles = {dress for secret in secrets_ for dress in dresses(secret)}

    def find(self, haystack):
        # Lower case only makes more of it look alike.
        haystack = haystack.lower()
        return any(needle in haystack for needle in self._needles)
