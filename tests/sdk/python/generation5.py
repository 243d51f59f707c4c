"""workos 5: a client, strict models, timestamps as text."""

import httpx
from workos import AsyncWorkOSClient, WorkOSClient, exceptions

from adapter import Client, Page
from expect import equal, expect, moment_of_text

ASYNCHRONOUS = True

EXCEPTIONS = {
    400: exceptions.BadRequestException,
    401: exceptions.AuthenticationException,
    403: exceptions.AuthorizationException,
    404: exceptions.NotFoundException,
    422: exceptions.BadRequestException,
}


class Adapter(Client):
    USER_FIELDS = frozenset(
        "object id email first_name last_name email_verified profile_picture_url last_sign_in_at locale "
        "created_at updated_at external_id metadata".split()
    )
    RESET_FIELDS = frozenset(
        "object id user_id email password_reset_token password_reset_url expires_at created_at".split()
    )
    moment = staticmethod(moment_of_text)
    TRANSPORT_ERROR = httpx.RemoteProtocolError

    def connect(self):
        client = AsyncWorkOSClient if self.asynchronous else WorkOSClient
        self._sdk = client(api_key=self.api_key, client_id="client_sdk_tests", base_url=self.base_url)
        self._users = self._sdk.user_management

    def create_user(self, **fields):
        return self.done(self._users.create_user(**fields)).model_dump()

    def get_user(self, user_id):
        return self.done(self._users.get_user(user_id)).model_dump()

    def get_user_by_external_id(self, external_id):
        return self.done(self._users.get_user_by_external_id(external_id)).model_dump()

    def list_users(self, **parameters):
        return self._page(self._users.list_users(**parameters))

    def walk_users(self, **parameters):
        page = self.done(self._users.list_users(**parameters))
        return [user.model_dump() for user in self.every(page)]

    def update_user(self, user_id, **fields):
        return self.done(self._users.update_user(user_id=user_id, **fields)).model_dump()

    def delete_user(self, user_id):
        return self.done(self._users.delete_user(user_id))

    def create_reset(self, email):
        return self.done(self._users.create_password_reset(email)).model_dump()

    def get_reset(self, reset_id):
        return self.done(self._users.get_password_reset(reset_id)).model_dump()

    def confirm(self, token, new_password):
        return self.done(self._users.reset_password(token=token, new_password=new_password)).model_dump()

    def list_events(self, **parameters):
        return self._page(self._sdk.events.list_events(**parameters))

    def _page(self, call):
        page = self.done(call)
        equal(page.object, "list", "object of a list")
        cursors = page.list_metadata
        return Page([item.model_dump() for item in page.data], getattr(cursors, "before", None), cursors.after)

    def seen(self, error, status):
        equal(type(error), EXCEPTIONS[status], "class of the exception")
        expect(isinstance(error, exceptions.BaseRequestException), "the exception has the SDK's base class")
        return {
            "status": error.response.status_code,
            "code": error.code,
            "message": error.message,
            "errors": error.errors,
            "request_id": error.request_id,
            "body": error.response_json,
        }
