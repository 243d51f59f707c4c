"""Django's whole reset: the steps of its PasswordResetConfirmView without the view.

Arguments: memory in KiB, iterations, folder for the database; after them the URL of a PostgreSQL database to
use instead.

Left out, to Django's advantage: the request, the session that its view stores the token in, and
the template.
"""

import itertools
import queue
import sys
import threading
import time
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

import django
from django.conf import settings

import protocol

MEMORY_KIB, ITERATIONS, FOLDER = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
URL = urlsplit(sys.argv[4]) if len(sys.argv) > 4 else None
FILE = None if URL else FOLDER / "django.db"


def database():
    if URL:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": URL.path.removeprefix("/"),
            "USER": URL.username,
            "PASSWORD": URL.password,
            "HOST": URL.hostname,
            "PORT": URL.port,
            # As is usual where speed matters: connections are kept.
            "CONN_MAX_AGE": None,
        }
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": FILE,
        # Django's own default is not durable in the way ours is; this makes them equal.
        "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL"},
    }


settings.configure(
    SECRET_KEY="only-for-this-measurement-0123456789-0123456789",
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth"],
    DATABASES={"default": database()},
    PASSWORD_HASHERS=[f"{__name__}.Hasher"],
    # What `startproject` writes.
    AUTH_PASSWORD_VALIDATORS=[
        {"NAME": f"django.contrib.auth.password_validation.{name}"}
        for name in (
            "UserAttributeSimilarityValidator",
            "MinimumLengthValidator",
            "CommonPasswordValidator",
            "NumericPasswordValidator",
        )
    ],
    USE_TZ=True,
)
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402 (only importable after setup)
from django.contrib.auth.forms import SetPasswordForm  # noqa: E402
from django.contrib.auth.hashers import Argon2PasswordHasher  # noqa: E402
from django.contrib.auth.tokens import default_token_generator  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import OperationalError, connection  # noqa: E402
from django.utils.encoding import force_bytes  # noqa: E402
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode  # noqa: E402


class Hasher(Argon2PasswordHasher):
    memory_cost = MEMORY_KIB
    time_cost = ITERATIONS
    parallelism = 1


User = get_user_model()
numbers = itertools.count()


class Refused(Exception):
    pass


def create_users(count):
    """New users without a password, so that making them costs no hash."""
    users = []
    for number in itertools.islice(numbers, count):
        user = User(username=f"bench-{number}", email=f"bench-{number}@example.com")
        user.set_unusable_password()
        users.append(user)
    return User.objects.bulk_create(users)


def create_reset(user):
    """What Django puts into the link: the user's id and the token."""
    user.refresh_from_db()
    return urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)


def reset_password(uid, token, password):
    try:
        user = User.objects.get(pk=urlsafe_base64_decode(uid).decode())
    except User.DoesNotExist:
        raise Refused("user") from None
    if not default_token_generator.check_token(user, token):
        raise Refused("token")
    form = SetPasswordForm(user, {"new_password1": password, "new_password2": password})
    if not form.is_valid():
        raise Refused(form.errors.as_json())
    form.save()


def reset(password):
    create_ns, link = protocol.timed(create_reset, account)
    ns, _ = protocol.timed(reset_password, *link, password)
    return {"ns": ns, "create_ns": create_ns}


def refuse(count):
    """A well-formed token of today that nobody was given, for a user who exists."""
    uid, token = create_reset(account)
    moment, digest = token.split("-")
    forged = [f"{moment}-{n:0{len(digest)}x}" for n in range(count)]

    def refuse_all():
        for token in forged:
            try:
                reset_password(uid, token, "never looked at, not one bit")
            except Refused:
                continue
            raise RuntimeError("a forged token was accepted")

    ns, _ = protocol.timed(refuse_all)
    return {"ns": ns}


def redeem(link, password):
    """Resets, tries again after "database is locked"; answers how often that was.

    A server would answer 500 there. Our own callers do the same after `overloaded`.
    """
    for locked in itertools.count():
        try:
            reset_password(*link, password)
            return locked
        except OperationalError as error:
            if "locked" not in str(error):
                raise
            time.sleep(0.05)


def throughput(callers, resets, password):
    """`callers` threads of this one process redeem `resets` links, one user each."""
    work = queue.SimpleQueue()
    for user in create_users(resets):
        work.put(create_reset(user))
    ready = threading.Barrier(callers + 1)
    locked, failures = [], []

    def caller():
        try:
            # Every thread has its own connection, opened before the clock starts.
            connection.ensure_connection()
            ready.wait()
            while True:
                locked.append(redeem(work.get_nowait(), password))
        except queue.Empty:
            pass
        except Exception as error:
            failures.append(error)
            ready.abort()
        finally:
            connection.close()

    threads = [threading.Thread(target=caller) for _ in range(callers)]
    for thread in threads:
        thread.start()
    try:
        ready.wait()
    except threading.BrokenBarrierError:
        pass  # the failure is raised below
    ns, _ = protocol.timed(lambda: [thread.join() for thread in threads])
    if failures:
        raise failures[0]
    return {"ns": ns, "overloaded": sum(locked)}


def check(password):
    """The measured steps do what they are measured for: new password in, link dead."""
    link = create_reset(account)
    reset_password(*link, password)
    account.refresh_from_db()
    if not account.check_password(password):
        raise RuntimeError("the new password does not log in")
    try:
        reset_password(*link, password)
    except Refused:
        # Django writes the name of its hasher before the hash.
        stored = account.password.removeprefix("argon2")
        return {"database": FILE and str(FILE), "stored": stored}
    raise RuntimeError("the token was accepted twice")


call_command("migrate", verbosity=0)
account = create_users(1)[0]
protocol.serve(
    {
        "Django": django.get_version(),
        "Python": ".".join(map(str, sys.version_info[:3])),
        "hash": f"Argon2id of argon2-cffi {version('argon2-cffi')}",
        "database": f"psycopg {version('psycopg')}"
        if URL
        else "a file with WAL and synchronous=FULL",
        "callers": "threads of one process",
    },
    {"reset": reset, "refuse": refuse, "throughput": throughput, "check": check},
)
