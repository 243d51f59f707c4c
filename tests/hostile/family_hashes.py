"""sec36: nobody without a live token makes the service hash a password.

Hashes cannot be counted from outside, but each takes more processor time than all the rest of a request.
"""

import calls
import canaries

NAME = "sec36 no hash without a token"

HASHES = 16
TRIES = 200


def run(examiner, requests):
    cost = cost_of_a_hash(examiner)
    for name, tokens in {
        "unknown": canaries.new_token,
        "malformed": lambda: canaries.new_token()[:-1],
        "used": used(examiner),
        "replaced": replaced(examiner),
        "of nobody": of_nobody(examiner),
    }.items():
        for call in (calls.CONFIRM, calls.MAIA):
            before = examiner.service.processor_seconds()
            for _ in range(TRIES // 2):
                confirm(examiner, f"{name} token", call, tokens(), canaries.new_password(), 404)
            spent = (examiner.service.processor_seconds() - before) / (TRIES // 2)
            if spent > cost / 2:
                examiner.complain(f"{name} token", f"a refusal takes {spent * 1e3:.1f} ms, a hash {cost * 1e3:.1f} ms")


def cost_of_a_hash(examiner):
    """What a user with a password costs more than one without."""
    spent = []
    for password in (None, canaries.new_password()):
        before = examiner.service.processor_seconds()
        for _ in range(HASHES):
            examiner.new_user(password=password)
        spent.append(examiner.service.processor_seconds() - before)
    return (spent[1] - spent[0]) / HASHES


def confirm(examiner, name, call, token, password, expect):
    target = call.template.replace("{resetToken}", token)
    body = {"token": token, "new_password": password} if call is calls.CONFIRM else {"password": password}
    return examiner.call(name, call.method, target, body, expect)


def used(examiner):
    reset = examiner.new_reset(examiner.new_user()["email"])
    token = reset["password_reset_token"]
    confirm(examiner, "the first use", calls.CONFIRM, token, canaries.new_password(), 200)
    return lambda: token


def replaced(examiner):
    email = examiner.new_user()["email"]
    token = examiner.new_reset(email)["password_reset_token"]
    examiner.new_reset(email)
    return lambda: token


def of_nobody(examiner):
    user = examiner.new_user()
    token = examiner.new_reset(user["email"])["password_reset_token"]
    examiner.call("a user is removed", "DELETE", f"/user_management/users/{user['id']}", None, 202)
    return lambda: token
