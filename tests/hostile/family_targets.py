"""Paths and queries that play tricks: only what is declared is there, under its one name."""

import json
from urllib.parse import unquote

import calls
import canaries
from wire import request

NAME = "sec94 paths and queries"

ABSENT = """
    / /.git/config /.env /metrics /debug /debug/pprof /docs /swagger /swagger-ui /redoc /openapi /openapi.yaml
    /favicon.ico /robots.txt /admin /server-status /actuator /graphql /user_management
    /user_management/authenticate /auth /auth/reset-password
    /auth/reset-password/ /auth/forgot-password /auth/local /users /users/me
    /user_management/users/external_id/a/b /user_management/password_reset/a/b /hostile.db /hostile.db.key
    /index.html /index.php /wp-login.php /.well-known/change-password /cgi-bin/x /{resetToken}
""".split()
TRICKS = r"""
    {0}/ {0}// /{0} //{0} /.{0} /..{0} /x/..{0} /%2e{0} /%2e%2e{0} {0}/. {0}/.. {0}/%2e%2e {0}%00 {0}%2f {0}%ff
    {0};a=b {0}.json {0}%20 {0}%0d%0ax:%20y {0}\ {0}..%5c /{0}/../../etc/passwd {0}%3fa=b {0}%23 /x%2f..{0}
    {0}%c0%af {0}~ {0}.bak /%00{0}
""".split()
# Whatever these are called, there is nobody of that name.
NOBODY = """
    .. . %2e%2e %2E %00 %2f %2f..%2f a%2fb %5c %252e%252e %25 %7BresetToken%7D {id} * null undefined 0 -1 NaN
    true [] %5B%5D ' %27%20OR%201=1-- %22 %3Cscript%3E a;b a,b a+b a=b a&b @ : !$() ~ %E2%80%AE %F0%9F%A6%80
    user_ user_x confirm user_01ARZ3NDEKTSV4RRFFQ69G5FAV USER_01ARZ3NDEKTSV4RRFFQ69G5FAV
    password_reset_01ARZ3NDEKTSV4RRFFQ69G5FAV xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
""".split()
NOBODY += ["x" * 255, "x" * 4_000, "x" * 15_000, "%41" * 4_000]
NOT_TEXT = """
    %ff %c0%af %ed%a0%80 %80 a%fe %E2%82
""".split()
ENTITIES = (
    "/user_management/users/{}",
    "/user_management/users/external_id/{}",
    "/user_management/password_reset/{}",
    "/webhook_endpoints/{}",
)
# As a request line they are broken: the connection ends with a 400.
MALFORMED = (
    b"/a b",
    b"/\xff",
    b"/\x00",
    b"/\x7f",
    b"/\t",
    b"/a\rb",
    b"http://",
    b"http:///x",
    b"://",
    b"\\",
    b"",
    b"/healthz HTTP/1.1 x",
    b"[::1",
    b"http://[::1/",
    b"/user_management/users/<x>",
)
# Other forms of a target: what is no path of ours is not found, and none of them harms.
FORMS = """
    * healthz http://localhost/healthz https://a.example/healthz HTTP://LOCALHOST/healthz ftp://a/healthz
    file:///etc/passwd http://user:pass@a.example/healthz http://a.example http://a.example?x a.example:443
    /healthz#x /healthz?# //a.example/healthz http://a.example//healthz ? /? /?/healthz
""".split()
QUERIES = """
    ? ?? ?& ?&&& ?= ?a ?=a ?a=b=c ?% ?%zz ?a=%00 ?%00=a ?a[b]=c ?a.b=c ?a=%0d%0a ?__proto__=x ?;a=b
    ?limit= ?after= ?before= ?order= ?email= ?organization= ?events=
""".split()
QUERIES += ["?" + "&".join(f"a{number}" for number in range(2_000)), "?" + "a" * 15_000, "?a=" + "%41" * 4_000]
BROKEN_QUERIES = """
    ?%ff=1 ?a=%ff ?a=%c0%af ?a=1&a=2 ?limit=1&limit=1 ?limit=0 ?limit=101 ?limit=-1 ?limit=1e1 ?limit=+1
    ?limit=%2B1 ?limit=0x1 ?limit=1.0 ?limit=%D9%A1 ?limit=9999999999999 ?limit=%00 ?after=x
    ?after=%00 ?organization_id=x
""".split()
BROKEN_QUERIES.append("?after=" + "x" * 10_000)
OF_USERS = """
    ?order=up ?order=ASC ?organization=x ?before=x ?email=%20 ?email=%00 ?email=x ?email=a%40b%40c ?before=x&after=y
""".split()
OF_USERS.append("?email=" + "x" * 300 + "%40a.example")
OF_EVENTS = (
    "?events=x",
    "?events=password_reset.created,x",
    "?events[]=x",
    "?events=%00",
    "?range_start=1",
    "?range_end=x",
    "?events=" + "x," * 5_000,
)


def run(examiner, requests):
    for path in ABSENT:
        for method in ("GET", "POST"):
            examiner.call(f"{method} {path}", method, path, None, (404, 405) if "users/" in path else 404)
    paths = ["/healthz", "/openapi.json", "/user_management/users", calls.CONFIRM.template, requests.target(calls.MAIA)]
    for path in paths:
        for trick in TRICKS:
            target = trick.format(path)
            for method in ("GET", "POST"):
                examiner.call(f"{method} {target}", method, target, None, (400, 404, 405, 415, 422))
    entities(examiner, requests)
    forms(examiner)
    queries(examiner)


def entities(examiner, requests):
    for path in ENTITIES:
        for name in NOBODY:
            # Another route may stand under some of these names, and a user may have one as an external id.
            answer = examiner.call(f"GET {path} {name[:40]}", "GET", path.format(name), None, (200, 404, 405))
            if answer and answer.status == 200 and json.loads(answer.body)["external_id"] != unquote(name):
                examiner.complain(name, "somebody else is shown", answer=answer)
        for name in NOT_TEXT:
            examiner.call(f"GET {path} {name}", "GET", path.format(name), None, 404)
    user = "/user_management/users/{}"
    for name in (*NOBODY, *NOT_TEXT):
        examiner.call(f"DELETE {name[:40]}", "DELETE", user.format(name), None, 404)
        examiner.call(f"PUT {name[:40]}", "PUT", user.format(name), {"name": canaries.MARK}, 404)
        endpoint = "/webhook_endpoints/" + name
        examiner.call(f"DELETE {endpoint[:60]}", "DELETE", endpoint, None, 404)
        examiner.call(f"PATCH {endpoint[:60]}", "PATCH", endpoint, {"status": "disabled"}, 404)
        maia = "/auth/reset-password/" + name
        examiner.call(f"maia {name[:40]}", "POST", maia, {"password": canaries.PASSWORD}, 404)


def forms(examiner):
    for target in FORMS:
        for method in ("GET", "POST", "OPTIONS"):
            examiner.call(f"{method} {target}", method, target, None, (200, 400, 404, 405))
    for target in MALFORMED:
        data = request("GET", target, examiner.headers())
        examiner.lonely(f"target {target!r}", data, "GET", 400, "http_invalid")
    for length in (16_000, 17_000, 64 * 1024 - 2, 64 * 1024, 1024 * 1024):
        data = request("GET", "/" + "a" * length)
        examiner.lonely(f"a target of {length:,} octets", data, "GET", 404 if length == 16_000 else (414, 431))


def queries(examiner):
    for query in QUERIES:
        for path in ("/healthz", "/user_management/users", "/events"):
            examiner.call(f"{path}{query[:40]}", "GET", path + query, None, 200)
    for path, own in {"/user_management/users": OF_USERS, "/events": OF_EVENTS}.items():
        for query in (*BROKEN_QUERIES, *own):
            examiner.call(f"{path}{query[:40]}", "GET", path + query, None, 422)
