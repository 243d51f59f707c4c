"""workos 6 to 10: `reset_password` creates and `confirm_password_reset` confirms, answers are data classes,
timestamps are datetimes, and what was lost on the way is sent again."""

import dataclasses
import json

import workos
from workos import AsyncWorkOSClient, WorkOSClient
from workos.user_management import PasswordPlaintext

from adapter import Client, Page
from expect import equal, expect, moment_of_datetime

ASYNCHRONOUS = True

EXCEPTIONS = {
    400: workos.BadRequestError,
    401: workos.AuthenticationError,
    403: workos.AuthorizationError,
    404: workos.NotFoundError,
    422: workos.UnprocessableEntityError,
}


class Adapter(Client):
    USER_FIELDS = frozenset(
        "object id first_name last_name profile_picture_url email email_verified external_id last_sign_in_at "
        "created_at updated_at metadata locale".split()
    )
    RESET_FIELDS = frozenset(
        "object id user_id email expires_at created_at password_reset_token password_reset_url".split()
    )
    moment = staticmethod(moment_of_datetime)
    RETRIES = True

    def connect(self):
        client = AsyncWorkOSClient if self.asynchronous else WorkOSClient
        self._sdk = client(api_key=self.api_key, client_id="client_sdk_tests", base_url=self.base_url)
        self._users = self._sdk.user_management

    def create_user(self, **fields):
        return dataclasses.asdict(self.done(self._users.create_user(**_with_password(fields))))

    def get_user(self, user_id):
        return dataclasses.asdict(self.done(self._users.get_user(user_id)))

    def get_user_by_external_id(self, external_id):
        return dataclasses.asdict(self.done(self._users.get_user_by_external_id(external_id)))

    def list_users(self, **parameters):
        return self._page(self._users.list_users(**parameters))

    def walk_users(self, **parameters):
        page = self.done(self._users.list_users(**parameters))
        return [dataclasses.asdict(user) for user in self.every(page.auto_paging_iter())]

    def update_user(self, user_id, **fields):
        return dataclasses.asdict(self.done(self._users.update_user(user_id, **_with_password(fields))))

    def delete_user(self, user_id):
        return self.done(self._users.delete_user(user_id))

    def create_reset(self, email):
        return dataclasses.asdict(self.done(self._users.reset_password(email=email)))

    def get_reset(self, reset_id):
        return dataclasses.asdict(self.done(self._users.get_password_reset(reset_id)))

    def confirm(self, token, new_password):
        answer = self.done(self._users.confirm_password_reset(token=token, new_password=new_password))
        equal([field.name for field in dataclasses.fields(answer)], ["user"], "fields of the answer")
        return dataclasses.asdict(answer.user)

    def list_events(self, **parameters):
        return self._page(self._sdk.events.list_events(**parameters))

    def _page(self, call):
        page = self.done(call)
        equal(page.has_more(), page.after is not None, "has_more")
        return Page([dataclasses.asdict(item) for item in page.data], page.before, page.after)

    def seen(self, error, status):
        equal(type(error), EXCEPTIONS[status], "class of the exception")
        expect(isinstance(error, workos.WorkOSError), "the exception has the SDK's base class")
        equal(json.loads(error.raw_body), error.response_json, "raw body of the exception")
        return {
            "status": error.status_code,
            "code": error.code,
            "message": error.message,
            "errors": error.errors,
            "request_id": error.request_id,
            "body": error.response_json,
        }


def _with_password(fields):
    if "password" in fields:
        fields = {**fields, "password": PasswordPlaintext(password=fields["password"])}
    return fields
