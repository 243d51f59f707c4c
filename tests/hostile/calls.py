"""The calls of the service: where they are, what they take, and a request that none of them refuses for its form."""

import json

import canaries

JSON = ("content-type", "application/json")
FORM = ("content-type", "application/x-www-form-urlencoded")
# The bcrypt hash of a well-known test vector: a credential that cost us nothing to make.
SOME_HASH = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"

PROFILE = {
    "email_verified": True,
    "first_name": canaries.MARK,
    "last_name": canaries.MARK,
    "name": canaries.MARK,
    "external_id": None,
    "metadata": {"a": canaries.MARK},
    "locale": "en",
}
CREDENTIAL = {
    "password": None,
    "password_hash": None,
    "password_hash_type": None,
    "password_salt_position": None,
}
# What is neither a text nor null is not for these fields, and the other way round.
NOT_TEXTS = {"email_verified": bool, "metadata": dict}


class Call:
    """A call with a JSON body. `template` is its path as the log writes it."""

    def __init__(self, name, method, template, required, optional=()):
        self.name = name
        self.method = method
        self.template = template
        self.required = tuple(required)
        self.optional = tuple(optional)
        self.is_maia = template.startswith("/auth/")

    @property
    def fields(self):
        return self.required + self.optional


CREATE_USER = Call("create user", "POST", "/user_management/users", ["email"], [*CREDENTIAL, *PROFILE])
UPDATE_USER = Call("update user", "PUT", "/user_management/users/{id}", [], ["email", *CREDENTIAL, *PROFILE])
CREATE_RESET = Call("create reset", "POST", "/user_management/password_reset", ["email"])
CONFIRM = Call("confirm", "POST", "/user_management/password_reset/confirm", ["token", "new_password"])
MAIA = Call("maia", "POST", "/auth/reset-password/{resetToken}", ["password"], ["passwordConfirmation", "new_password"])
WITH_BODY = (CREATE_USER, UPDATE_USER, CREATE_RESET, CONFIRM, MAIA)

# Every route and its methods; GET brings HEAD with it.
ROUTES = {
    "/user_management/password_reset": ("POST",),
    "/user_management/password_reset/{id}": ("GET", "HEAD"),
    "/user_management/password_reset/confirm": ("POST",),
    "/auth/reset-password/{resetToken}": ("POST",),
    "/user_management/users": ("GET", "HEAD", "POST"),
    "/user_management/users/{id}": ("DELETE", "GET", "HEAD", "PUT"),
    "/user_management/users/external_id/{external_id}": ("GET", "HEAD"),
    "/events": ("GET", "HEAD"),
    "/healthz": ("GET", "HEAD"),
    "/readyz": ("GET", "HEAD"),
    "/openapi.json": ("GET", "HEAD"),
}
OPEN = ("/healthz", "/readyz", "/openapi.json")


class Requests:
    """Requests of good form about an account that is there for that."""

    def __init__(self, user_id, email):
        self.user_id = user_id
        self.email = email

    def target(self, call):
        token = canaries.new_token()
        return call.template.replace("{id}", self.user_id).replace("{resetToken}", token)

    def body(self, call):
        """Fields that are well-formed and change as little as can be: an unknown token, a short password."""
        if call is CREATE_USER:
            return {"email": canaries.new_address()}
        if call is UPDATE_USER:
            return {"name": canaries.MARK}
        if call is CREATE_RESET:
            return {"email": self.email}
        if call is CONFIRM:
            return {"token": canaries.new_token(), "new_password": canaries.PASSWORD}
        return {"password": canaries.PASSWORD}


def as_json(value):
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


def pairs_as_json(pairs):
    """An object as text, its keys and values already written as JSON; a key may stand twice."""
    return "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"
