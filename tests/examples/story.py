"""What every example application must do: one story, told over HTTP."""

import concurrent.futures
import subprocess
import urllib.parse

from application import Failure, Form

OLD = "a long walk by the sea"
NEW = "seven green boats at dusk"
NEWER = "nine red kites over the hill"
CHANGED = "Your password has been changed"
DEAD = "This link cannot be used any more"
HOSTILE = "\"'><script>alert(1)</script><x y=\""
STEPS = []


def step(name):
    """A step of the story. They run in the order in which they stand here, on one application."""
    def add(function):
        STEPS.append((name, function))
        return function
    return add


def expect(condition, what):
    if not condition:
        raise Failure(what)


def expect_status(answer, *statuses):
    wanted = " or ".join(map(str, statuses))
    expect(answer.status in statuses, f"status {answer.status}, not {wanted}: {answer.body[:300]}")


def expect_private(answer):
    """A page that holds a token, or answers one, stays out of caches and referrers."""
    expect("no-store" in answer.header("cache-control"), f"Cache-Control: {answer.header('cache-control')!r}")
    expect(answer.header("referrer-policy") == "no-referrer", f"Referrer-Policy: {answer.header('referrer-policy')!r}")


def reset_page(app, token):
    return app.get("/reset-password?" + urllib.parse.urlencode({"token": token}))


@step("a user signs up")
def signs_up(app):
    expect_status(app.sign_up("ada@example.com", OLD), 201)


@step("a weak password is refused at sign-up, with every reason")
def weak_sign_up(app):
    answer = app.sign_up("weak@example.com", "weak")
    expect_status(answer, 400)
    expect(any("15" in item for item in answer.items()), f"reasons: {answer.items()}")
    expect_status(app.log_in("weak@example.com", "weak"), 401)


@step("an address is signed up once")
def once(app):
    expect_status(app.sign_up("ADA@example.com", NEW), 400, 409)
    expect_status(app.log_in("ada@example.com", NEW), 401)


@step("the user logs in; a wrong password and an unknown address are answered alike")
def logs_in(app):
    welcome = app.log_in("ada@example.com", OLD)
    expect_status(welcome, 200)
    expect("Welcome" in welcome.body, welcome.body[:300])
    wrong, unknown = app.log_in("ada@example.com", NEW), app.log_in("nobody@example.com", NEW)
    expect_status(wrong, 401)
    expect(wrong.beyond_the_moment() == unknown.beyond_the_moment(), "the answers differ")


@step("whoever guesses has to wait, for a known and for an unknown address")
def guesses(app):
    expect_status(app.sign_up("guessed@example.com", OLD), 201)
    for email in "guessed@example.com", "nobody-else@example.com":
        for _ in range(20):
            answer = app.log_in(email, NEW)
            if answer.status == 429:
                break
            expect_status(answer, 401)
        expect_status(answer, 429)
        expect(int(answer.header("retry-after") or 0) >= 1, f"Retry-After: {answer.header('retry-after')!r}")


@step("a forgotten password: known, repeated and unknown addresses are answered alike")
def forgot(app):
    form = app.get("/forgot-password")
    expect_status(form, 200)
    expect("email" in form.fields(), "no field for the address")
    unknown = app.forgot("nobody@example.com")
    known = app.forgot("ada@example.com")
    expect_status(known, 200)
    expect(known.beyond_the_moment() == unknown.beyond_the_moment(), "known and unknown differ")
    again = app.forgot("ada@example.com")
    expect(known.beyond_the_moment() == again.beyond_the_moment(), "the second request differs")


@step("one link is sent, to the stored address")
def link(app):
    mail = app.mail_to("ada@example.com")
    expect(mail["url"].startswith(f"{app.origin}/reset-password?token="), "the link leads elsewhere")
    # A mail for the one who came after shows that nothing else was on its way.
    expect_status(app.sign_up("Grace@example.com", OLD), 201)
    app.forgot("grace@EXAMPLE.com")
    app.mail_to("Grace@example.com")
    expect([m["to"] for m in app.mails()] == ["ada@example.com", "Grace@example.com"], f"{len(app.mails())} mails")


@step("the link shows a form, and looking at it spends nothing")
def form(app):
    token = app.token_for("ada@example.com")
    for _ in range(2):
        page = reset_page(app, token)
        expect_status(page, 200)
        expect_private(page)
        expect("text/html" in page.header("content-type"), page.header("content-type"))
        fields = page.fields()
        expect(fields.get("token", {}).get("type") == "hidden", "no hidden field")
        expect(fields["token"].get("value") == token, "the field holds another token")
        expect(fields.get("new_password", {}).get("type") == "password", "no field for the password")


@step("a weak new password is refused with its reasons, and the form is there again")
def weak_reset(app):
    token = app.token_for("ada@example.com")
    for refused in ("short", "password password", "ada@example.com ada@example.com", "x" * 5_000):
        answer = app.reset(token, refused)
        expect_status(answer, 400)
        expect_private(answer)
        expect(any(item.strip() for item in answer.items()), "no reasons")
        expect(answer.fields().get("token", {}).get("value") == token, "the form has no token")
        expect(refused not in answer.body, "the refused password is shown")
        expect_status(app.log_in("ada@example.com", OLD), 200)


@step("a database that is busy is answered with 503 and Retry-After, and the token stays usable")
def busy(app):
    token = app.token_for("ada@example.com")
    program = [app.tools / "hold-lock", "--database", app.database]
    other = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        expect(other.stdout.readline() == "locked\n", "the database could not be locked")
        answer = app.reset(token, NEW)
    finally:
        other.communicate()
    expect_status(answer, 503)
    expect(answer.header("retry-after").isdigit(), f"Retry-After: {answer.header('retry-after')!r}")
    expect_status(app.log_in("ada@example.com", OLD), 200)


@step("the new password is set with the same token, and takes the old one's place")
def resets(app):
    answer = app.reset(app.token_for("ada@example.com"), NEW)
    expect_status(answer, 200)
    expect(CHANGED in answer.body, answer.body[:300])
    expect_private(answer)
    expect_status(app.log_in("ada@example.com", OLD), 401)
    expect_status(app.log_in("ada@example.com", NEW), 200)


@step("a token that was used, is unknown or is none gets one answer")
def dead(app):
    used = app.reset(app.token_for("ada@example.com"), NEWER)
    expect_status(used, 400)
    expect(DEAD in used.body, used.body[:300])
    expect_private(used)
    for token in ("A" * 43, "A" * 42, "x", "\u00e9", "a\0b"):
        expect(app.reset(token, NEWER).beyond_the_moment() == used.beyond_the_moment(), f"{token!r} differs")
    expect_status(app.log_in("ada@example.com", NEW), 200)


@step("of two who use one token at once, one succeeds")
def race(app):
    token = app.token_for("Grace@example.com")
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda number: app.reset(token, f"{NEW} {number}"), range(4)))
    expect(sorted(a.status for a in answers) == [200, 400, 400, 400], f"{[a.status for a in answers]}")
    winner = next(number for number, answer in enumerate(answers) if answer.status == 200)
    expect_status(app.log_in("grace@example.com", f"{NEW} {winner}"), 200)


@step("a missing field, a list and a body of another kind are 400")
def missing(app):
    whole = {
        "/sign-up": {"email": "new@example.com", "password": NEW},
        "/log-in": {"email": "ada@example.com", "password": NEW},
        "/forgot-password": {"email": "ada@example.com"},
        "/reset-password": {"token": "A" * 43, "new_password": NEW},
    }
    for path, fields in whole.items():
        for left_out in fields:
            rest = {name: value for name, value in fields.items() if name != left_out}
            expect_status(app.post(path, rest), 400)
            expect_status(app.post(path, rest | {f"{left_out}[]": "x", f"{left_out}[a]": "y"}), 400)
        expect_status(app.post(path, ""), 400)
        json = {"Origin": app.origin, "Sec-Fetch-Site": "same-origin", "Content-Type": "application/json"}
        expect_status(app.request("POST", path, '{"email": {"x": 1}}', json), 400, 415)
        # What is not UTF-8 and what is no escape is somebody's mistake, and no failure of the application.
        for broken in ("%ff%fe", "%zz%", "%ed%a0%80"):
            body = "&".join(f"{name}={broken}" for name in fields)
            answer = app.post(path, body)
            expect(answer.status < 500, f"{path} {broken}: status {answer.status}")


@step("what changes something takes a POST")
def only_post(app):
    for path in ("/sign-up", "/log-in"):
        expect_status(app.get(f"{path}?email=get@example.com&password=seven+green+boats+at+dusk"), 404, 405)
    expect_status(app.log_in("get@example.com", NEW), 401)


@step("a form of this site is taken, whatever the browser says of it")
def own_site(app):
    own = (
        # What browsers send from a page without referrers, and from any other; older ones; no browser.
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
        {"Origin": app.origin, "Sec-Fetch-Site": "same-origin"},
        {"Origin": app.origin},
        {},
    )
    for number, headers in enumerate(own):
        email = f"own{number}@example.com"
        expect_status(app.post("/sign-up", {"email": email, "password": NEW}, headers), 201)
        expect_status(app.post("/log-in", {"email": email, "password": NEW}, headers), 200)


@step("a form on another site is refused")
def cross_site(app):
    foreign = (
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": f"{app.origin}.evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": f"http://127.0.0.1:{app.port - 1}", "Sec-Fetch-Site": "same-site"},
    )
    for number, headers in enumerate(foreign):
        email = f"foreign{number}@example.com"
        expect_status(app.post("/sign-up", {"email": email, "password": NEW}, headers), 400, 403)
        expect_status(app.log_in(email, NEW), 401)
        expect_status(app.post("/log-in", {"email": "ada@example.com", "password": NEW}, headers), 400, 403)
    mails = len(app.mails())
    expect_status(app.sign_up("target@example.com", OLD), 201)
    expect_status(app.post("/forgot-password", {"email": "target@example.com"}, foreign[0]), 400, 403)
    token = app.token_for("target@example.com")
    expect(len(app.mails()) == mails + 1, "the foreign form sent a mail")
    expect_status(app.post("/reset-password", {"token": token, "new_password": NEW}, foreign[0]), 400, 403)
    expect_status(app.reset(token, NEW), 200)


@step("what was typed is shown as text")
def escaped(app):
    page = reset_page(app, HOSTILE)
    expect(page.status < 500, f"status {page.status}")
    if page.status == 200:
        expect(page.fields().get("token", {}).get("value") == HOSTILE, "the token is not kept as it was")
    answers = [page, app.reset(HOSTILE, HOSTILE), app.reset(HOSTILE, "weak"), app.sign_up(HOSTILE, HOSTILE),
               app.sign_up(f"{HOSTILE}@example.com", NEW), app.log_in(HOSTILE, HOSTILE), app.forgot(HOSTILE),
               app.get("/forgot-password?email=" + urllib.parse.quote(HOSTILE)),
               app.get("/" + urllib.parse.quote(HOSTILE))]
    for number, answer in enumerate(answers):
        expect(answer.status < 500, f"answer {number}: status {answer.status}")
        expect("<script>alert" not in answer.body, f"answer {number} holds a script")
        expect(Form.of(answer.body).scripts == 0, f"answer {number} holds a script")


@step("neither a token nor a password is in what it writes")
def silent(app):
    secrets = [urllib.parse.parse_qs(urllib.parse.urlsplit(mail["url"]).query)["token"][0] for mail in app.mails()]
    expect(len(secrets) >= 3, f"{len(secrets)} tokens")
    secrets += [OLD, NEW, urllib.parse.quote_plus(NEW), NEWER]
    for path in sorted(path for path in app.folder.rglob("*") if path.is_file() and path != app.outbox):
        content = path.read_bytes()
        for secret in secrets:
            expect(secret.encode() not in content, f"{path.name} holds a secret")


@step("SIGTERM ends it")
def ends(app):
    code, left = app.end()
    expect(code in (0, -15, 143), f"it ended with {code}: {app.said()[-500:]}")
    expect(not left, "it left processes behind")
