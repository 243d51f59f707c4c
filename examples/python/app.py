"""Sign-up, log-in and password reset with Flask."""

import json
import os
import queue
import signal
import sys
import threading
from urllib.parse import urlsplit

import reset_password
import waitress
from flask import Flask, abort, render_template, request

PORT = int(os.environ["PORT"])
RESET_URL = os.environ.get("RESET_URL", f"http://127.0.0.1:{PORT}/reset-password")
ORIGIN = "{0.scheme}://{0.netloc}".format(urlsplit(RESET_URL))
MEMORY_KIB = os.environ.get("ARGON2_MEMORY_KIB")

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 64 * 1024
user_management = reset_password.UserManagement(
    os.environ["DATABASE"],
    reset_url=RESET_URL,
    argon2_memory_kib=int(MEMORY_KIB) if MEMORY_KIB else None,
)
outbox: queue.SimpleQueue[tuple[str, str] | None] = queue.SimpleQueue()


def deliver():
    """Stands in for a mailer. It works behind the answers, so that they take the same time for everybody."""
    while (mail := outbox.get()) is not None:
        to, url = mail
        with open(os.environ["OUTBOX"], "a", encoding="utf-8") as file:
            file.write(json.dumps({"to": to, "url": url}) + "\n")


@app.before_request
def refuse_forms_of_other_sites():
    """Browsers say where a form comes from; what is no browser says nothing. From a page without referrers
    the Origin is "null", so it only counts where the browser does not say more."""
    if request.method == "POST":
        site = request.headers.get("Sec-Fetch-Site")
        origin = request.headers.get("Origin", ORIGIN)
        if site not in ("same-origin", "none") if site else origin != ORIGIN:
            abort(403)


@app.after_request
def keep_private(response):
    """Pages with a token stay out of caches, of referrers and of frames."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Content-Security-Policy"] = "default-src 'none'; form-action 'self'; frame-ancestors 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@app.errorhandler(reset_password.OverloadedError)
@app.errorhandler(reset_password.StorageUnavailableError)
def try_again(error):
    retry_after = {"Retry-After": str(error.retry_after or 1)}
    return render_template("message.html", message="Please try again in a moment"), 503, retry_after


@app.errorhandler(reset_password.RateLimitedError)
def too_often(error):
    retry_after = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
    return render_template("message.html", message=error.message), 429, retry_after


@app.errorhandler(reset_password.InputInvalidError)
@app.errorhandler(reset_password.PasswordRejectedError)
def refused(error):
    return render_template("message.html", message="That cannot be used", reasons=error.errors), 400


@app.errorhandler(reset_password.EmailNotAvailableError)
def taken(error):
    return render_template("message.html", message="That cannot be used", reasons=[error]), 400


@app.get("/healthz")
def healthz():
    return "ok"


@app.post("/sign-up")
def sign_up():
    user_management.create_user(request.form["email"], password=request.form["password"])
    return render_template("message.html", message="Your account is ready"), 201


@app.post("/log-in")
def log_in():
    try:
        user_management.authenticate_with_password(request.form["email"], request.form["password"])
    except reset_password.InvalidCredentialsError as error:
        return render_template("message.html", message=error.message), 401
    # Here the application begins a session of its own, and refuses those that began before
    # the user's `credentials_changed_at`.
    return render_template("message.html", message="Welcome")


@app.get("/forgot-password")
def forgot_password_form():
    return render_template("forgot.html")


@app.post("/forgot-password")
def forgot_password():
    reset = user_management.request_password_reset(request.form["email"])
    if reset is not None:
        outbox.put((reset.email, reset.password_reset_url))
    return render_template("message.html", message="If that address is known, a link is on its way")


@app.get("/reset-password")
def reset_password_form():
    return render_template("reset.html", token=request.args["token"])


@app.post("/reset-password")
def set_new_password():
    token = request.form["token"]
    try:
        user_management.reset_password(token, request.form["new_password"])
    except reset_password.PasswordRejectedError as error:
        return render_template("reset.html", token=token, reasons=error.errors), 400
    except (reset_password.PasswordResetTokenNotFoundError, reset_password.PasswordResetTokenExpiredError):
        return render_template("message.html", message="This link cannot be used any more"), 400
    return render_template("message.html", message="Your password has been changed")


if __name__ == "__main__":
    mailer = threading.Thread(target=deliver)
    mailer.start()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    try:
        # Waitress writes no access log: the address of the reset page holds the token.
        waitress.serve(app, host="127.0.0.1", port=PORT)
    finally:
        outbox.put(None)
        mailer.join()
        user_management.close()
