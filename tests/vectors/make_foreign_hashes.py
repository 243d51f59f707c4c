#!/usr/bin/env python3
"""Writes foreign_hashes.json: password hashes as other systems store them.

Every hash is computed by somebody else's implementation, never by the engine. Salts and costs are fixed, so the
output is the same on every run; the costs are low where the library allows it, to keep the tests quick.

    python3 -m venv venv
    venv/bin/pip install Django==5.2.19 passlib==1.7.4 argon2-cffi==25.1.0 bcrypt==5.0.0
    venv/bin/python make_foreign_hashes.py > foreign_hashes.json

Spring Security draws its salts itself. Its entries are therefore of two kinds: hashes that spring-security-crypto
6.5.5 printed once, kept here as they came, and the same layouts built from hashlib, bcrypt and argon2-cffi.
"""

import base64
import hashlib
import json
import sys

import bcrypt
from argon2.low_level import Type, hash_secret
from django.conf import settings
from passlib.hash import pbkdf2_sha1, pbkdf2_sha256, pbkdf2_sha512, scrypt

settings.configure()

from django.contrib.auth.hashers import (  # noqa: E402 (needs the settings)
    Argon2PasswordHasher,
    BCryptPasswordHasher,
    BCryptSHA256PasswordHasher,
    PBKDF2PasswordHasher,
    PBKDF2SHA1PasswordHasher,
    ScryptPasswordHasher,
)

PLAIN = "correct horse battery staple"
ACCENTED = "pässwörd – 密码 🔑"
LONG = "0123456789" * 9
SALT = bytes(range(16))
BCRYPT_SALT = "04$abcdefghijklmnopqrstuu"
TEXT_SALT = "Zk3pQ9vX7bT1mN5cR8wL2y"

entries = []


def add(maker, scheme, password, encoded):
    if isinstance(encoded, bytes):
        encoded = encoded.decode("ascii")
    entries.append({"maker": maker, "scheme": scheme, "password": password, "hash": encoded})


def unpadded(data):
    return base64.b64encode(data).decode("ascii").rstrip("=")


def argon2(password, memory, iterations, lanes, kind, version=19, salt=SALT, length=32):
    return hash_secret(password.encode(), salt, iterations, memory, lanes, length, kind, version)


def argon2_cffi():
    kinds = {"argon2d": Type.D, "argon2i": Type.I, "argon2id": Type.ID}
    for name, kind in kinds.items():
        for version in (16, 19):
            for memory, iterations, lanes in ((64, 1, 1), (256, 3, 4), (515, 2, 16)):
                add("argon2-cffi", name, PLAIN, argon2(PLAIN, memory, iterations, lanes, kind, version))
    add("argon2-cffi", "argon2id", ACCENTED, argon2(ACCENTED, 512, 2, 8, Type.ID))
    add("argon2-cffi", "argon2id", LONG, argon2(LONG, 512, 2, 1, Type.ID, salt=SALT[:8], length=16))
    add("argon2-cffi", "argon2id", "", argon2("", 64, 1, 1, Type.ID, salt=SALT * 2, length=64))
    without_version = argon2(PLAIN, 64, 2, 1, Type.I, version=16).replace(b"$v=16", b"")
    add("argon2-cffi", "argon2i", PLAIN, without_version)
    # What PHP's password_hash(PASSWORD_ARGON2ID) and so Laravel write by default.
    add("argon2-cffi", "argon2id", PLAIN, argon2(PLAIN, 65536, 4, 1, Type.ID))


def bcrypt_library():
    for version in ("2a", "2b"):
        for password in (PLAIN, ACCENTED, "", "U*U*U", "a\0b"):
            salt = f"${version}${BCRYPT_SALT}".encode()
            add("bcrypt", "bcrypt", password, bcrypt.hashpw(password.encode(), salt))
    # The library refuses more than 72 bytes; older ones cut the password there, silently.
    cut = bcrypt.hashpw(LONG.encode()[:72], f"$2b${BCRYPT_SALT}".encode())
    add("bcrypt", "bcrypt", LONG, cut)
    # PHP's prefix names the same algorithm; it ends the password at its first NUL.
    for password in (PLAIN, ACCENTED, "a\0b"):
        head = password.encode().split(b"\0")[0]
        made = bcrypt.hashpw(head, f"$2b${BCRYPT_SALT}".encode())
        add("bcrypt", "bcrypt", password, made.replace(b"$2b$", b"$2y$"))


def django():
    cheaper = Argon2PasswordHasher()
    cheaper.memory_cost = 1024
    add("django", "argon2", PLAIN, Argon2PasswordHasher().encode(PLAIN, TEXT_SALT))
    for password in (PLAIN, ACCENTED, LONG):
        add("django", "argon2", password, cheaper.encode(password, TEXT_SALT))
        add("django", "pbkdf2_sha256", password, PBKDF2PasswordHasher().encode(password, TEXT_SALT, 1000))
        add("django", "pbkdf2_sha1", password, PBKDF2SHA1PasswordHasher().encode(password, TEXT_SALT, 1000))
        add("django", "scrypt", password, ScryptPasswordHasher().encode(password, TEXT_SALT, n=1024))
        add(
            "django",
            "bcrypt_sha256",
            password,
            BCryptSHA256PasswordHasher().encode(password, f"$2b${BCRYPT_SALT}".encode()),
        )
    add("django", "scrypt", PLAIN, ScryptPasswordHasher().encode(PLAIN, TEXT_SALT))
    add("django", "bcrypt", PLAIN, BCryptPasswordHasher().encode(PLAIN, f"$2b${BCRYPT_SALT}".encode()))


def passlib():
    for password in (PLAIN, ACCENTED):
        for hasher in (pbkdf2_sha1, pbkdf2_sha256, pbkdf2_sha512):
            # This salt's base64 has both characters that the "ab64" alphabet is about.
            made = hasher.using(salt=b"\xfb\xef\xbe\xff\xff\xff" + SALT, rounds=1000).hash(password)
            add("passlib", hasher.name, password, made)
        add("passlib", "scrypt", password, scrypt.using(salt=SALT, rounds=10, block_size=8).hash(password))
        add("passlib", "scrypt", password, scrypt.using(salt=SALT, rounds=4, block_size=3, parallelism=7).hash(password))
        seventh = scrypt.using(salt=b"Mq4YHD2syxYT", rounds=10, block_size=8, parallelism=2, ident="$7$")
        add("passlib", "scrypt $7$", password, seventh.hash(password))
    # What crypt() of libxcrypt answers, with its default costs.
    known = "$7$CU..../....Mq4YHD2syxYT.MsH1Ek0n1$JyHIxez0DOwm0r6.kAIohc8UFBOLU4xX8a1wGBpLrw7"
    add("libxcrypt", "scrypt $7$", "pleaseletmein", known)


def phc():
    """PBKDF2 in the PHC layout, which passlib does not write."""
    for digest, name, length in (("sha1", "sha1", 20), ("sha256", "sha256", 32), ("sha512", "sha512", 64)):
        for password in (PLAIN, LONG * 2):
            tag = hashlib.pbkdf2_hmac(digest, password.encode(), SALT, 1000, length)
            add("hashlib", f"pbkdf2-{name}", password, f"$pbkdf2-{name}$i=1000,l={length}${unpadded(SALT)}${unpadded(tag)}")
            add("hashlib", f"pbkdf2-{name}", password, f"$pbkdf2-{name}$i=1000${unpadded(SALT)}${unpadded(tag)}")


def spring():
    password = "correct horse battery stäple"
    for encoded in (
        "{bcrypt}$2a$04$vcZEaOKfUl5dsNHAlK1TOuaMcNPp9nC5wgr.80bvnnARJHkNVQVZi",
        "{argon2}$argon2id$v=19$m=4096,t=3,p=1$45y2dPSf8SrHs2s/UqM+vw$GChGU/uMm0b0svw7VQk7kOX0HQEpM18iN/zf5XY6smA",
        "{argon2@SpringSecurity_v5_8}$argon2id$v=19$m=16384,t=2,p=1$UfkQ6cMuU5Al6Oa3E88mFw"
        "$0g8y3iQnNxxLmRWgvsTZdAQzPqzyz+BZVih9m16DpfY",
        "{scrypt}$e0801$RFArO3/TODoPoAfd9l1EFfNhoch1PVHm7rz6ZgxiJxEWdeg7Z0QPsiVJWGe0GI7qugTPHNRDxLmIGyOmxekcoQ=="
        "$t1Epq2ZZDTLbvHQ22ox26XT9CzrbcZADf+vH/NpZnIE=",
        "{scrypt@SpringSecurity_v5_8}$100801$1mLmr0IkVtglxdirUkqDOw==$42GrDVhHvl9f2LzcsAx65Fi1x92TJ12T0LJPfPqyz08=",
        "{pbkdf2}54d1418de4ec1a82b290a61bf0e79983e76f6fa74303ad799409975af69e017cd073871e4cfdf451",
        "{pbkdf2@SpringSecurity_v5_8}7534e5cb8b6b7ac3c43d6e212e134fa7af3c19b15b398bb39728c719dc10c828"
        "976187ed93c76fc1ec95293eed628249",
    ):
        add("spring-security-crypto", encoded[1 : encoded.index("}")], password, encoded)
    nul = "{bcrypt}$2a$04$4fQW1EtV0HTP01wbfT1CPOVxHTJcyFVcxrDuJgu3mN/DxCmW4k2vW"
    add("spring-security-crypto", "bcrypt", "a\0b", nul)

    for password in (PLAIN, ACCENTED):
        secret = password.encode()
        add("layout", "bcrypt", password, b"{bcrypt}" + bcrypt.hashpw(secret, f"$2a${BCRYPT_SALT}".encode()))
        add("layout", "argon2", password, b"{argon2}" + argon2(password, 4096, 3, 1, Type.ID))
        tag = hashlib.scrypt(secret, salt=SALT, n=1 << 10, r=8, p=1, dklen=32)
        parameters = format(10 << 16 | 8 << 8 | 1, "x")
        padded = [base64.b64encode(part).decode("ascii") for part in (SALT, tag)]
        add("layout", "scrypt", password, "{scrypt}$" + "$".join([parameters, *padded]))
        tag = hashlib.pbkdf2_hmac("sha1", secret, SALT[:8], 185_000, 32)
        add("layout", "pbkdf2", password, "{pbkdf2}" + (SALT[:8] + tag).hex())


argon2_cffi()
bcrypt_library()
django()
passlib()
phc()
spring()

# One entry a line, so that a difference reads well.
lines = ",\n".join(json.dumps(entry, ensure_ascii=True) for entry in entries)
sys.stdout.write(f"[\n{lines}\n]\n")
