#!/usr/bin/env python3
"""Writes foreign_hashes.json: password hashes as other systems store them.

Every hash is computed by somebody else's implementation, never by the engine. Salts and costs are fixed, so the
output is the same on every run; the costs are low where the library allows it, to keep the tests quick.

    python3 -m venv venv
    venv/bin/pip install Django==5.2.19 passlib==1.7.4 argon2-cffi==25.1.0 bcrypt==4.0.1 Werkzeug==3.1.3
    venv/bin/python make_foreign_hashes.py > foreign_hashes.json

Some systems draw their salts themselves, or are not written in Python. What they printed once is kept here as it came:
spring-security-crypto 6.5.5, and below `kept` what stands beside each. The same layouts are built from hashlib, bcrypt
and argon2-cffi, too.
"""

import base64
import hashlib
import json
import sys

import bcrypt
from argon2.low_level import Type, hash_secret
from django.conf import settings
from passlib.hash import (
    bcrypt_sha256,
    ldap_bcrypt,
    ldap_pbkdf2_sha1,
    ldap_pbkdf2_sha256,
    ldap_pbkdf2_sha512,
    ldap_sha512_crypt,
    pbkdf2_sha1,
    pbkdf2_sha256,
    pbkdf2_sha512,
    phpass,
    scrypt,
    sha256_crypt,
    sha512_crypt,
)

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
    # The library cuts the password at 72 bytes, silently; newer ones refuse more.
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


def passlib_for_directories():
    for password in (PLAIN, ACCENTED):
        for hasher in (ldap_pbkdf2_sha1, ldap_pbkdf2_sha256, ldap_pbkdf2_sha512):
            add("passlib", hasher.name, password, hasher.using(salt=SALT, rounds=1000).hash(password))
        for hasher in (sha256_crypt, sha512_crypt, ldap_sha512_crypt):
            add("passlib", hasher.name, password, hasher.using(salt="saltstring", rounds=1000).hash(password))
            add("passlib", hasher.name, password, hasher.using(salt="saltstring", rounds=5000).hash(password))
        for ident in ("P", "H"):
            made = phpass.using(salt="ohUJ.1sd", rounds=7, ident=f"${ident}$").hash(password)
            add("passlib", f"phpass ${ident}$", password, made)
        add("passlib", "ldap_bcrypt", password, ldap_bcrypt.using(salt="abcdefghijklmnopqrstuu", rounds=4).hash(password))
    for password in (PLAIN, ACCENTED, LONG):
        for version in (1, 2):
            hasher = bcrypt_sha256.using(salt="abcdefghijklmnopqrstuu", rounds=4, version=version)
            add("passlib", f"bcrypt_sha256 {version}", password, hasher.hash(password))
    add("dovecot", "BLF-CRYPT", PLAIN, b"{BLF-CRYPT}" + bcrypt.hashpw(PLAIN.encode(), f"$2b${BCRYPT_SALT}".encode()))
    add("dovecot", "ARGON2ID", PLAIN, b"{ARGON2ID}" + argon2(PLAIN, 64, 2, 1, Type.ID))
    tag = hashlib.pbkdf2_hmac("sha1", PLAIN.encode(), b"saltsaltsaltsalt", 5000).hex()
    add("dovecot", "PBKDF2", PLAIN, "{PBKDF2}$1$saltsaltsaltsalt$5000$" + tag)


def werkzeug():
    """Its functions draw a salt; the one that hashes takes it."""
    from werkzeug.security import _hash_internal

    for password in (PLAIN, ACCENTED, LONG):
        for method in ("scrypt:1024:8:1", "pbkdf2:sha256:1000", "pbkdf2:sha512:1000", "pbkdf2:sha1:1000"):
            digits, actual = _hash_internal(method, "rkPsYIVtx1riiaGC", password)
            add("werkzeug", method.split(":")[0], password, f"{actual}$rkPsYIVtx1riiaGC${digits}")


def workos():
    """The layouts of its documentation, of what hashlib computes."""
    for password in (PLAIN, ACCENTED):
        tag = hashlib.scrypt(password.encode(), salt=SALT, n=1 << 10, r=8, p=1, dklen=64)
        add("layout", "scrypt", password, f"$scrypt$v=1$n=1024,r=8,p=1,kl=64${unpadded(SALT)}${unpadded(tag)}")
        for digest, length in (("sha256", 32), ("sha512", 64)):
            tag = hashlib.pbkdf2_hmac(digest, password.encode(), SALT, 1000, length)
            add("layout", "pbkdf2", password, f"$pbkdf2$i=1000,d={digest}${unpadded(SALT)}${unpadded(tag)}")
    # Longer than what most keep, and with the padding that others leave on.
    tag = hashlib.pbkdf2_hmac("sha512", PLAIN.encode(), SALT, 1000, 512)
    padded = [base64.b64encode(part).decode("ascii") for part in (SALT, tag)]
    add("layout", "pbkdf2", PLAIN, "$pbkdf2-sha512$i=1000$" + "$".join(padded))


def drupal():
    """`$S$`: as phpass, of SHA-512, cut to 55 characters."""
    digits = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    for password in (PLAIN, ACCENTED):
        digest = hashlib.sha512(b"5jbHJRDT" + password.encode()).digest()
        for _ in range(1 << 7):
            digest = hashlib.sha512(digest + password.encode()).digest()
        text = ""
        for at in range(0, 64, 3):
            bits = int.from_bytes(digest[at : at + 3], "little")
            text += "".join(digits[bits >> 6 * place & 63] for place in range(len(digest[at : at + 3]) + 1))
        add("layout", "drupal 7", password, ("$S$55jbHJRDT" + text)[:55])


def kept():
    for maker, scheme, password, encoded in (
        ("better-auth 1.7", "scrypt", PLAIN, "fee82618b01317770d3b941038f2b2ef:326f99df2b00af6fef2aa3b355d368ed60719229a4185926a10a7145713fd09d7b9ee7587b0e722c65335dd84726a93bf44c464ef8af9416bfc115c9fccbfa8c"),
        ("better-auth 1.7", "scrypt", ACCENTED, "e0181825cd60dc81d39fc0c646412d19:8b9ed7a8ea137188ff93893b51717cf2ddf827c96421aeb2cfdd536da84b683b628a76c3dc987c4e67641b6ff35aa7c2ceaa4ece30cf847c2ab3fa5323fff632"),
        ("better-auth 1.7", "scrypt", "\ufb01ancée", "ea45f652bec10c413e70e0c411e722d7:cdc53445e4ee4727d9fb18406190c5912580c498efc7800c083c07c0a684e81ccc7f79749f601507b8d10b744a8cb510940d35e88b79dbac7dd20fa5986fc709"),
        ("aspnetcore-identity-password-hasher 1.0", "v3", PLAIN, "AQAAAAEAACcQAAAAEIicnXJdyH9L80OveucIMVMGT4p6KCzuRziEJTCz7zpcer4Lnc6pTGvZASnX0ihaCQ=="),
        ("aspnetcore-identity-password-hasher 1.0", "v3", ACCENTED, "AQAAAAEAACcQAAAAEPEmWrzcQ3q+LIUwuUQFZOhHWm1rA+aCLH7OnQOLUS2AIeU5Oqlla6YtEYvDHO3AlA=="),
        ("ASP.NET Identity 2", "v2", "seven green boats at dusk", "ADgCcKu+jC1zh02EUdHG8S4qF5qMaf32UWQl/3Q5bmKsbwOrC0x3+NvCJ5xrO49w5A=="),
        ("ASP.NET Core Identity", "v3", "seven green boats at dusk", "AQAAAAIAAYagAAAAEDgCcKu+jC1zh02EUdHG8S7nSJgY8PMvyboPHCbAdGGCLlj2/P0X5VpLPTTAFvSfPw=="),
        # The project's key is the one that Firebase's own documentation shows.
        ("firebase-scrypt 2.2 (npm)", "firebase-scrypt", PLAIN, "$firebase-scrypt$r=8,m=14,sk=jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA,ss=Bw$42xEC+ixf3L2lw$0MSeef4wYKv4y35WORq9U7xDS/7w8c93jpJPky4SQE0q4WUtAfb88FUYrutJFXjs9VvYAhZmm0OGm76S3HhXvg"),
        ("firebase-scrypt 2.2 (npm)", "firebase-scrypt", ACCENTED, "$firebase-scrypt$r=8,m=14,sk=jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA,ss=Bw$42xEC+ixf3L2lw$XOKxZMBhJB/kdpReg3Q39KjDeTtsdUBHP8wd2LgNI2UB4lIrOgDl1Mo9D9ybteqUXwh0KSKpPG8vDL/J76yp7g"),
        # PHP 8.2 with the three functions that wp_hash_password calls.
        ("PHP", "wordpress 6.8", PLAIN, "$wp$2y$05$DZ1pxCc4r.GmD9ehxTGZAOWzCKiXfuzBVmDLdjTTYcmUy.HUoSS4e"),
        ("PHP", "wordpress 6.8", "  pässwörd – 密码 🔑\n", "$wp$2y$05$Z8FzSedbYz.3wILxa5dKneBe9hRGoMJX8OunlxcGHFB2NRDLhluRi"),
        ("PHP", "wordpress 6.8", LONG, "$wp$2y$05$mtoUYQJqy6Hsbb1OhvMicus681ickabRGZT2XS8pf2/Dlsgw8batu"),
        ("WordPress 6.8", "wordpress 6.8", "seven green boats at dusk", "$wp$2y$10$bLhBcthXQV4vXI7tQ6/99uKDdFxGjiQXtj.nh7YQTPb8Qz4ev2.VK"),
        ("PHP", "nextcloud", PLAIN, "3|$argon2id$v=19$m=64,t=2,p=1$NXlLTzNTdXAySklUR21XQg$oRjioO+GQZD8fWCEl8mjNf8picuWsv+oayknPDt+NjI"),
        ("PHP", "nextcloud", PLAIN, "1|$2y$04$H0C8enzFo5kJz.ma189L3.A8AtY0TivDJxQTMzYFXwEbFxGu66ll2"),
        # Meteor hashes the digits of a SHA-256; so does Django, whose word for it says so.
        ("Meteor", "bcrypt_sha256", "seven green boats at dusk", "bcrypt_sha256$$2b$10$xv5AMNYUDshtyujEM8MeXeNiBnHKNSVWVSF23ESSM/SSf5bWEJ9gy"),
        # What MessageDigestPasswordHasher wrote, behind the salt that it was given.
        ("Symfony 5.4", "symfony", PLAIN, "$symfony-sha512$i=5000$Zk3pQ9vX7bT1mN5cR8wL2y$Ac7PJegJ3NogYunpTwhVSULGqo+GSEof8yjwVx1voF3XTGn42H3n3f8AersQeonyasH/Os0RHTaHCTOY4+qfxw=="),
        ("Symfony 5.4", "symfony", ACCENTED, "$symfony-sha512$i=5000$4jz0qvnKq.kRl8Gv/1mYxA$ZQxjvQyANB3fJrVPrdUV6W1AH2RdTrL7Sfim18+uHVNPtfjXuBU7Ig0vyZ/kG4zzgYai/VqKWafAJ10usafC1w=="),
        ("Symfony 5.4", "symfony", PLAIN, "$symfony-sha512$i=1000$Zk3pQ9vX7bT1mN5cR8wL2y$86e905a62aeb0f53aca8fdc799c623150c8f84b1a0b86160355dc6d190f8cf16573df67ca3e9f92f4323dc294b9544f315f76cf852e812f5e11f8c5ba65fe656"),
        ("Symfony 5.4", "symfony", PLAIN, "$symfony-sha256$i=5000$Zk3pQ9vX7bT1mN5cR8wL2y$+X35luLWqdQmUTAGC/wvyu/lWuSXqox/ongBCaMRef0="),
    ):
        add(maker, scheme, password, encoded)


argon2_cffi()
bcrypt_library()
django()
passlib()
phc()
spring()
passlib_for_directories()
werkzeug()
workos()
drupal()
kept()

# One entry a line, so that a difference reads well.
lines = ",\n".join(json.dumps(entry, ensure_ascii=True) for entry in entries)
sys.stdout.write(f"[\n{lines}\n]\n")
