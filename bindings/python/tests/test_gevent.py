"""gevent: a call holds the thread of the hub, and the guide says how it does not."""

import pathlib
import re

from test_processes import run

GUIDE = pathlib.Path(__file__).resolve().parents[3] / "docs" / "guides" / "in-process.md"

# What both programs begin with: a greenlet that notes the time as often as it may, and the longest time it could not.
BEGINNING = """
from gevent import monkey
monkey.patch_all()
import sys, time
from reset_password import InvalidCredentialsError, UserManagement

users = UserManagement(sys.argv[1], argon2_iterations=16)
users.create_user("ada@example.com", password="a long walk by the sea")
token = users.create_password_reset("ada@example.com").password_reset_token
new_password = "seven green boats at dusk"

def longest_pause(call):
    ticks, done = [time.perf_counter()], []
    def tick():
        while not done:
            ticks.append(time.perf_counter())
            gevent.sleep(0)
    ticking = gevent.spawn(tick)
    gevent.sleep(0)
    began = time.perf_counter()
    call()
    ticks.append(time.perf_counter())
    took = ticks[-1] - began
    done.append(True)
    ticking.join()
    return max(after - before for before, after in zip(ticks, ticks[1:])) / took
"""


def snippet():
    section = GUIDE.read_text().split("\n## gevent\n")[1].split("\n## ")[0]
    return re.search(r"```python\n(.*?)```", section, re.DOTALL)[1]


def test_the_hub_goes_on_while_its_pool_calls(database):
    calls = """
def login():
    return in_pool(users.authenticate_with_password, "ada@example.com", new_password)
assert user.email_verified and login().id == user.id
try:
    in_pool(users.authenticate_with_password, "ada@example.com", "nobody's password")
except InvalidCredentialsError:
    pass
else:
    sys.exit("a wrong password logs in")
pause = longest_pause(login)
assert pause < 0.5, pause

# Whoever stops waiting does not stop the call.
reset = users.create_password_reset("ada@example.com")
waiting = gevent.spawn(
    in_pool, users.reset_password, token=reset.password_reset_token, new_password="nine red kites over the hill"
)
gevent.sleep(0.01)
waiting.kill()
users.close()
assert users.authenticate_with_password("ada@example.com", "nine red kites over the hill")
"""
    run(BEGINNING + snippet() + calls, database)


def test_a_plain_call_keeps_the_hub_waiting(database):
    calls = """
import gevent
pause = longest_pause(lambda: users.reset_password(token=token, new_password=new_password))
assert pause > 0.9, pause
"""
    run(BEGINNING + calls, database)
