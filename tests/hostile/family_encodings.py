"""Text that is not UTF-8, and text that is and looks like something else."""

import calls
import canaries

NAME = "broken and strange text"

MARK = canaries.MARK.encode()
NOT_UTF8 = {
    "a lone byte": b"\xff",
    "a lone continuation": b"\x80",
    "a cut sequence": b"\xe2\x82",
    "an overlong slash": b"\xc0\xaf",
    "an overlong NUL": b"\xc0\x80",
    "an overlong slash of three": b"\xe0\x80\xaf",
    "an overlong slash of four": b"\xf0\x80\x80\xaf",
    "a high surrogate": b"\xed\xa0\x80",
    "a pair of surrogates": b"\xed\xa0\xbd\xed\xb8\x80",
    "above U+10FFFF": b"\xf4\x90\x80\x80",
    "five bytes": b"\xf8\x88\x80\x80\x80",
    "Latin-1": b"caf\xe9",
}
NOT_JSON_TEXT = {
    "a raw NUL": b"\0",
    "a raw line end": b"\n",
    "a raw escape": b"\x1b[31m",
    "a lone high escape": rb"\ud800",
    "a lone low escape": rb"\udc00",
    "surrogates turned round": rb"\ude00\ud83d",
    "a high escape and a letter": rb"\ud83dx",
    "an unknown escape": rb"\x41",
    "a short escape": rb"\u12",
    "an escape of no digits": rb"\uzzzz",
    "a cut escape": b"\\",
}
STRANGE = {
    "an escaped NUL": rb"\u0000",
    "escaped controls": rb"\u0001\b\f\u007f\u0085",
    "line separators": "\u2028\u2029".encode(),
    "turned text": "\u202etxt.exe\u202c".encode(),
    "nothing to be seen": "\u200b\u200d\ufeff".encode(),
    "no character": "\ufffe\uffff".encode(),
    "private use": "\U000f0000".encode(),
    "many accents": ("e" + "\u0301" * 500).encode(),
    "look-alikes": "аdmin".encode(),
    "a Turkish i": "İı".encode(),
    "a ligature that grows": ("\ufdfa" * 200).encode(),
    "a query": b"' OR 1=1; DROP TABLE users; --",
    "a template": b"${jndi:ldap://x}{{7*7}}<%= 7 %>",
    "markup": rb"<script>alert(1)<\/script>",
    "a path": rb"..\/..\/etc\/passwd",
    "a header": rb"x\r\nBcc: a@a.example\r\n\r\n",
}


def run(examiner, requests):
    for call in calls.WITH_BODY:
        target = requests.target(call)
        for field in [*call.fields, "unknown"]:
            for name, text in {**NOT_UTF8, **NOT_JSON_TEXT}.items():
                body = with_text(requests, call, field, text)
                examiner.call(f"{call.name}, {field}: {name}", call.method, target, body, 400, "json_invalid")
            for name, text in STRANGE.items():
                body = with_text(requests, call, field, text)
                examiner.call(f"{call.name}, {field}: {name}", call.method, target, body, range(200, 423))
        for name, text in {**NOT_UTF8, **NOT_JSON_TEXT}.items():
            body = b'{"' + MARK + text + b'": 1}'
            examiner.call(f"{call.name}, key: {name}", call.method, target, body, 400, "json_invalid")
        whole_bodies(examiner, call, target, calls.as_json(requests.body(call)))
    forms(examiner, requests)


def with_text(requests, call, field, text):
    others = b"".join(
        b'"%s": "%s", ' % (name.encode(), str(value).encode())
        for name, value in requests.body(call).items()
        if name != field
    )
    if field == "email":
        text += f"@{canaries.DOMAIN}".encode()
    return b'{%s"%s": "%s%s"}' % (others, field.encode(), MARK, text)


def whole_bodies(examiner, call, target, good):
    text = good.decode()
    for name in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "utf-7", "cp037"):
        body = text.encode(name)
        if body != good:
            examiner.call(f"{call.name}: {name}", call.method, target, body, 400, "json_invalid")
    for name, around in {
        "NUL before": b"\0%s",
        "NUL after": b"%s\0",
        "a form feed": b"\x0c%s",
        "NBSP": b"\xc2\xa0%s",
    }.items():
        examiner.call(f"{call.name}: {name}", call.method, target, around % good, 400, "json_invalid")
    for name, body in {"zeros": bytes(1_000), "0xff": b"\xff" * 1_000, "gzip": b"\x1f\x8b\x08" + bytes(100)}.items():
        examiner.call(f"{call.name}: {name}", call.method, target, body, 400, "json_invalid")


def forms(examiner, requests):
    for name, text in NOT_UTF8.items():
        escaped = "".join(f"%{octet:02X}" for octet in text).encode()
        for where in (b"password=" + MARK + text, b"password=" + MARK + escaped, MARK + escaped + b"=1"):
            expect = (400, 422)
            examiner.call(f"form: {name}", "POST", requests.target(calls.MAIA), where, expect, None, [calls.FORM])
    for text in (
        b"",
        b"=",
        b"&",
        b"&&=&",
        b"%",
        b"password=%",
        b"password=%zz",
        b"password",
        b"=x",
        b"password[]=x",
        b"\0=\0",
    ):
        examiner.call(f"form: {text!r}", "POST", requests.target(calls.MAIA), text, (404, 422), None, [calls.FORM])
