"""A reset in Django's own table: story.py sqlite|postgres|mysql stock|custom|allauth, on the database at STORY_URL."""

import os
import pathlib
import re
import sys
import tempfile
import urllib.parse

import django
import reset_password
from django.conf import settings

HERE = pathlib.Path(__file__).resolve().parent
OLD = "a long walk by the sea"
NEW = "seven green boats at dusk"
ELSEWHERE = "nine red kites over the hill"
KEY = "0123456789abcdef" * 4
kind, model = sys.argv[1:]
ALLAUTH = ["allauth", "allauth.account"] if model == "allauth" else []
url = os.environ["STORY_URL"]
sys.path.insert(0, str(HERE))


def new_database():
    """Makes the database, and answers what Django calls it."""
    if kind == "sqlite":
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": url}
    parts = urllib.parse.urlsplit(url)
    name, server = parts.path[1:], {"host": parts.hostname, "port": parts.port, "user": parts.username, "password": parts.password}
    if kind == "postgres":
        import psycopg

        with psycopg.connect(**server, dbname="postgres", autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
    else:
        import pymysql

        # Django looks at the version of the other driver, whose name this one takes.
        pymysql.version_info = (2, 2, 7, "final", 0)
        pymysql.install_as_MySQLdb()
        with pymysql.connect(**server) as connection, connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE `{name}` CHARACTER SET utf8mb4")
    engine = "postgresql" if kind == "postgres" else "mysql"
    return {
        "ENGINE": f"django.db.backends.{engine}",
        "NAME": name,
        "HOST": parts.hostname,
        "PORT": parts.port,
        "USER": parts.username,
        "PASSWORD": parts.password,
    }


def drop_database(database):
    """Removes what was made on a server."""
    from django.db import connections

    connections.close_all()
    parts = urllib.parse.urlsplit(url)
    server = {"host": parts.hostname, "port": parts.port, "user": parts.username, "password": parts.password}
    if kind == "postgres":
        import psycopg

        with psycopg.connect(**server, dbname="postgres", autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{database["NAME"]}" WITH (FORCE)')
    elif kind == "mysql":
        import pymysql

        with pymysql.connect(**server) as connection, connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE `{database['NAME']}`")


def of_the_guide(folder):
    """Writes the files of docs/guides/django.md into a folder."""
    guide = (HERE.parents[2] / "docs/guides/django.md").read_text(encoding="utf-8")
    for name, text in re.findall(r"```(?:python|html)\n(?:#|<!--) (\S+)(?: -->)?\n(.*?)```", guide, re.S):
        pathlib.Path(folder, f"guide_{name}" if name == "urls.py" else name).write_text(text, encoding="utf-8")


guide = tempfile.TemporaryDirectory()
of_the_guide(guide.name)
sys.path.insert(0, guide.name)
database = new_database()
settings.configure(
    SECRET_KEY="x" * 50,
    USE_TZ=True,
    ALLOWED_HOSTS=["testserver"],
    ROOT_URLCONF="urls",
    LOGIN_REDIRECT_URL="/me/",
    RESET_PASSWORD_DATABASE=url,
    RESET_PASSWORD_KEY=KEY,
    RESET_PASSWORD_URL="https://example.com/reset/",
    RESET_PASSWORD_USERS="django" if model != "custom" else 'preset = "django"\ntable = "member_member"\n',
    EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend",
    DATABASES={"default": database},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "member", *ALLAUTH],
    AUTH_USER_MODEL="member.Member" if model == "custom" else "auth.User",
    AUTHENTICATION_BACKENDS=[
        "django.contrib.auth.backends.ModelBackend",
        *(["allauth.account.auth_backends.AuthenticationBackend"] if ALLAUTH else []),
    ],
    ACCOUNT_LOGIN_METHODS={"email"},
    ACCOUNT_SIGNUP_FIELDS=["email*", "password1*", "password2*"],
    ACCOUNT_EMAIL_VERIFICATION="mandatory",
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        *(["allauth.account.middleware.AccountMiddleware"] if ALLAUTH else []),
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [HERE, guide.name],
            "APP_DIRS": bool(ALLAUTH),
            "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
        }
    ],
)
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.contrib.auth.hashers import PBKDF2PasswordHasher  # noqa: E402
from django.contrib.auth.tokens import default_token_generator  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

call_command("migrate", run_syncdb=True, verbosity=0)
User = get_user_model()
users = settings.RESET_PASSWORD_USERS


def sign_up(name, email):
    """A user, as the framework makes one."""
    if model != "custom":
        return User.objects.create_user(name, email, OLD)
    return User.objects.create_user(email, OLD)


def log_in(user, password):
    """A browser that was logged in by Django's own form; None if it was not."""
    user.refresh_from_db()
    browser = Client()
    answer = browser.post("/login/", {"username": user.get_username(), "password": password})
    return browser if answer.status_code == 302 else None


def is_alive(browser):
    return browser.get("/me/").status_code == 200


def key_of(user):
    """The user's key as the table has it: on SQLite Django keeps a UUID as its digits."""
    return user.pk.hex if kind == "sqlite" and model == "custom" else str(user.pk)


def refused(work):
    """The code that a call is refused with."""
    try:
        work()
    except reset_password.Error as error:
        return error.code
    raise AssertionError("it was not refused")


def story():
    anna, bob = sign_up("anna", "Anna@example.org"), sign_up("bob", "bob@example.org")
    session, bobs = log_in(anna, OLD), log_in(bob, OLD)
    own_link = default_token_generator.make_token(anna)
    engine = reset_password.UserManagement(url, key=KEY, users=users, argon2_memory_kib=19_456, argon2_iterations=2)

    assert engine.get_user_by_email("anna@EXAMPLE.org").id == key_of(anna)
    assert engine.get_user(key_of(bob)).email == "bob@example.org"
    reset = engine.request_password_reset("anna@example.org")
    assert reset.email == "Anna@example.org" and is_alive(session)
    assert engine.request_password_reset("nobody@example.org") is None
    token = reset.password_reset_token
    assert refused(lambda: engine.reset_password(token, "short")) == "password_rejected"
    assert engine.reset_password(token, NEW).id == key_of(anna)
    assert refused(lambda: engine.reset_password(token, NEW)) == "password_reset_token_not_found"

    assert not is_alive(session) and is_alive(bobs), "sessions"
    anna.refresh_from_db()
    written = anna.password
    assert written.startswith(f"pbkdf2_sha256${PBKDF2PasswordHasher.iterations}$"), written
    assert not default_token_generator.check_token(anna, own_link), "Django's own link"
    assert log_in(anna, OLD) is None and is_alive(log_in(anna, NEW)), "logins"
    anna.refresh_from_db()
    assert anna.password == written, "the login made the hash anew"
    assert engine.authenticate_with_password("anna@example.org", NEW).id == key_of(anna)
    kinds = [event.event for event in engine.events().data]
    assert kinds == ["password_reset.created", "password_reset.succeeded"], kinds

    # What Django does between the link and its redemption.
    token = engine.create_password_reset("bob@example.org").password_reset_token
    bob.set_password(ELSEWHERE)
    bob.save()
    assert refused(lambda: engine.reset_password(token, NEW)) == "password_reset_token_not_found"
    token = engine.create_password_reset("bob@example.org").password_reset_token
    bob.email = "bobby@example.org"
    bob.save()
    assert refused(lambda: engine.reset_password(token, NEW)) == "password_reset_token_not_found"
    token = engine.create_password_reset("bobby@example.org").password_reset_token
    bob.is_active = False
    bob.save()
    assert refused(lambda: engine.reset_password(token, NEW)) == "password_reset_token_not_found"
    assert engine.request_password_reset("bobby@example.org") is None
    assert refused(lambda: engine.create_password_reset("bobby@example.org")) == "user_not_found"
    bob.refresh_from_db()
    assert bob.check_password(ELSEWHERE)

    # Whoever has no password, and an address that is nobody's alone.
    carl = sign_up("carl", "carl@example.org")
    carl.set_unusable_password()
    carl.save()
    assert refused(lambda: engine.create_password_reset("carl@example.org")) == "user_not_found"
    assert refused(lambda: engine.get_user_by_email("\u00c4nna@example.org")) == "user_not_found"
    if model != "custom":
        sign_up("anna2", "ANNA@example.org")
        assert refused(lambda: engine.create_password_reset("anna@example.org")) == "user_not_found"
        assert engine.request_password_reset("Anna@example.org") is None
    assert refused(lambda: engine.create_user("new@example.org")) == "unsupported"


def pages():
    """The guide's own views: a form, a mail, a page."""
    import resets
    from django.core import mail

    dora = sign_up("dora", "dora@example.org")
    browser = Client()
    unknown = browser.post("/forgot/", {"email": "nobody@example.org"})
    known = browser.post("/forgot/", {"email": "dora@example.org"})
    assert known.content == unknown.content and known.status_code == unknown.status_code == 200
    assert browser.post("/forgot/", {"email": "x"}).status_code == 422
    resets.MAIL.shutdown(wait=True)
    [message] = mail.outbox
    assert message.to == ["dora@example.org"]
    link = re.search(r"https://example\.com(/reset/\?token=\S{43})\n", message.body).group(1)
    first = browser.get(link)
    assert (first.status_code, first["Location"]) == (302, "/reset/"), "the token leaves the address"
    page = browser.get("/reset/")
    assert b"new-password" in page.content and page["Referrer-Policy"] == "no-referrer"
    assert browser.get(link).status_code == 302 and b"new-password" in browser.get("/reset/").content, "a scanner"
    assert b"characters" in browser.post("/reset/", {"password": "short"}).content
    assert b"Log in" in browser.post("/reset/", {"password": NEW}).content
    assert log_in(dora, OLD) is None and is_alive(log_in(dora, NEW))
    browser.get(link)
    assert b"does not work" in browser.get("/reset/").content
    assert browser.post("/reset/", {"password": ELSEWHERE}).status_code == 404


def allauth():
    """Somebody who signs up by django-allauth, and never opened the mail that it sent."""
    from allauth.account.models import EmailAddress

    eve = "Eve@example.org"
    browser = Client()
    signed_up = browser.post("/accounts/signup/", {"email": eve, "password1": OLD, "password2": OLD})
    assert signed_up.status_code == 302, signed_up.content
    rows = EmailAddress.objects.filter(email__iexact=eve)

    def log_in_by_allauth(password):
        browser = Client()
        answer = browser.post("/accounts/login/", {"login": eve, "password": password})
        return browser if answer.status_code == 302 and is_alive(browser) else None

    assert [row.verified for row in rows] == [False] and log_in_by_allauth(OLD) is None
    engine = reset_password.UserManagement(url, key=KEY, users=users, argon2_memory_kib=19_456, argon2_iterations=2)
    assert not engine.get_user_by_email(eve).email_verified
    token = engine.request_password_reset(eve).password_reset_token
    assert engine.reset_password(token, NEW).email_verified
    assert [row.verified for row in rows.all()] == [True], "who has redeemed a link has read the mail"
    session = log_in_by_allauth(NEW)
    assert session and log_in_by_allauth(OLD) is None
    engine.reset_password(engine.create_password_reset(eve).password_reset_token, ELSEWHERE)
    assert not is_alive(session) and log_in_by_allauth(ELSEWHERE)


try:
    story()
    pages()
    if ALLAUTH:
        allauth()
finally:
    drop_database(database)
