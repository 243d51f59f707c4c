"""A user with a live reset, whom nothing that is sent may touch."""

import calls
import canaries
from examiner import fields_of


class Control:
    def __init__(self, examiner):
        self._examiner = examiner
        self.user = examiner.new_user("control", password_hash=calls.SOME_HASH)
        self.reset = examiner.new_reset(self.user["email"], "control")
        self.hash = self._stored()
        examiner.reserved |= {self.user["id"], self.user["email"], self.reset["id"]}

    def _stored(self):
        return self._examiner.service.password_hash(self.user["id"])

    def check(self):
        """The reset and the credential are as they were."""
        target = f"/user_management/password_reset/{self.reset['id']}"
        answer = self._examiner.call("control: read", "GET", target, expect=200)
        if answer and answer.status == 200 and fields_of(answer) != self.reset:
            self._examiner.complain("control", "the live reset has changed")
        if self._stored() != self.hash:
            self._examiner.complain("control", "the password has changed")

    def confirm(self):
        """The token still sets a password, once."""
        body = {"token": self.reset["password_reset_token"], "new_password": canaries.new_password()}
        call = self._examiner.call
        answer = call("control: confirm", "POST", calls.CONFIRM.template, body, expect=200)
        if answer and answer.status == 200:
            user = fields_of(answer)["user"]
            if user["id"] != self.user["id"] or not user["email_verified"]:
                self._examiner.complain("control", "another user was confirmed, or none verified", answer=answer)
        if self._stored() == self.hash:
            self._examiner.complain("control", "the password was confirmed and has not changed")
        call("control: confirm again", "POST", calls.CONFIRM.template, body, expect=404)
