"""workos 4: settings are attributes of the module, answers are dictionaries. It has no asynchronous client."""

import requests
import workos
from workos import exceptions
from workos.events import Events
from workos.user_management import UserManagement

from adapter import Client, Page
from expect import equal, expect, moment_of_text

ASYNCHRONOUS = False

EXCEPTIONS = {
    400: exceptions.BadRequestException,
    401: exceptions.AuthenticationException,
    403: exceptions.AuthorizationException,
    404: exceptions.NotFoundException,
    422: exceptions.BadRequestException,
}


class Adapter(Client):
    USER_FIELDS = frozenset(
        "id email first_name last_name email_verified profile_picture_url created_at updated_at".split()
    )
    RESET_FIELDS = frozenset(
        "id user_id email password_reset_token password_reset_url expires_at created_at".split()
    )
    moment = staticmethod(moment_of_text)
    TRANSPORT_ERROR = requests.exceptions.ConnectionError
    WALKS = False
    FINDS_BY_EXTERNAL_ID = False

    def connect(self):
        # Both read the module's address when they send their first request.
        workos.client_id = "client_sdk_tests"
        self._settings()
        self._users = UserManagement()
        self._events = Events()

    def _settings(self):
        workos.api_key = self.api_key
        workos.base_api_url = self.base_url + "/"

    def _call(self, call, *arguments, **named):
        self._settings()
        return call(*arguments, **named)

    def create_user(self, **fields):
        return self._call(self._users.create_user, fields)

    def get_user(self, user_id):
        return self._call(self._users.get_user, user_id)

    def list_users(self, **parameters):
        page = self._call(self._users.list_users, **parameters)
        # The items of a list are not reduced to the fields that the generation knows.
        for user in page.data:
            equal(user.pop("object"), "user", "object of a user")
        users = [{name: user[name] for name in self.USER_FIELDS} for user in page.data]
        return Page(users, page.list_metadata["before"], page.list_metadata["after"])

    def update_user(self, user_id, **fields):
        return self._call(self._users.update_user, user_id, fields)

    def delete_user(self, user_id):
        return self._call(self._users.delete_user, user_id)

    def create_reset(self, email):
        return self._call(self._users.create_password_reset, email)

    def get_reset(self, reset_id):
        return self._call(self._users.get_password_reset, reset_id)

    def confirm(self, token, new_password):
        return self._call(self._users.reset_password, token=token, new_password=new_password)

    def list_events(self, **parameters):
        page = self._call(self._events.list_events, **parameters)
        for event in page["data"]:
            equal(event["object"], "event", "object of an event")
        return Page(page["data"], page["list_metadata"]["before"], page["list_metadata"]["after"])

    def seen(self, error, status):
        equal(type(error), EXCEPTIONS[status], "class of the exception")
        expect(isinstance(error, exceptions.BaseRequestException), "the exception has the SDK's base class")
        return {
            "status": error.response.status_code,
            "code": error.code,
            "message": error.message,
            "errors": error.errors,
            "request_id": error.request_id,
            "body": error.response.json(),
        }
