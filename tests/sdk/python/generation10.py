"""workos 10: as 6, and users have a `name`; what is created may also name a risk assessment."""

from expect import equal
import generation6

ASYNCHRONOUS = True


class Adapter(generation6.Adapter):
    USER_FIELDS = generation6.Adapter.USER_FIELDS | {"name"}

    def create_user(self, **fields):
        user = super().create_user(**fields)
        equal(user.pop("radar_auth_attempt_id"), None, "radar_auth_attempt_id")
        return user
