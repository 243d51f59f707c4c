"""What receivers are sent, over TLS and without it; then others verify it.

    story.py PROGRAM WORK

What was sent is written to WORK/deliveries.json, and WORK/verify run beside a service.
"""

import hashlib
import hmac
import json
import os
import pathlib
import socket
import subprocess
import sys
import time
import traceback

from receiver import Receiver
from service import Service

program, work = sys.argv[1], pathlib.Path(sys.argv[2])
results = {"ok": 0, "FAILED": 0}
deliveries = []


def test(name, prove):
    try:
        prove()
        verdict = "ok"
    except Exception:  # noqa: BLE001 any failure is one of the test
        traceback.print_exc()
        verdict = "FAILED"
    results[verdict] += 1
    print(f"{verdict:6} {name}", flush=True)


def folder(name):
    path = work / name
    path.mkdir()
    return str(path)


def equal(found, expected, what=""):
    assert found == expected, f"{what}: {found!r} is not {expected!r}"


def failure_of(service, endpoint):
    """Why the service did not get through to an endpoint, once it has tried."""
    line = service.line(lambda line: line.get("event") == "webhook_failed")
    equal(line["webhook_endpoint_id"], endpoint["id"], "endpoint")
    return line["reason"]


def keep(name, request, secret, vendor_secret, secrets=()):
    """Keeps a request to be verified."""
    old = str(int((time.time() - 600) * 1000))
    body = request["body"]
    digest = hmac.new(vendor_secret.encode(), f"{old}.{body}".encode(), hashlib.sha256).hexdigest()
    deliveries.append(
        {
            "name": name,
            **request,
            "secret": secret,
            "secrets": [secret, *secrets],
            "vendor_secret": vendor_secret,
            "stale_signature": f"t={old}, v1={digest}",
        }
    )


def every_kind_is_sent():
    receiver = Receiver()
    status, endpoint = service.ask("POST", "/webhook_endpoints", {"endpoint_url": receiver.url(), "events": []})
    equal(status, 201)
    secret = endpoint["secret"]
    user_id = service.add_user("ada@example.com")
    change = {"first_name": "Ada \u00e9\u2028\U0001f980 <\"'\\>", "metadata": {"10": "ten", "2": "two"}}
    equal(service.ask("PUT", f"/user_management/users/{user_id}", change)[0], 200)
    _, reset = service.ask("POST", "/user_management/password_reset", {"email": "ada@example.com"})
    confirm = {"token": reset["password_reset_token"], "new_password": "seven green boats at dusk"}
    equal(service.ask("POST", "/user_management/password_reset/confirm", confirm)[0], 200)
    equal(service.ask("DELETE", f"/user_management/users/{user_id}")[0], 202)
    _, feed = service.ask("GET", "/events?limit=100")
    kinds = [event["event"] for event in feed["data"]]
    expected = ["user.created", "user.updated", "password_reset.created", "password_reset.succeeded", "user.deleted"]
    equal(kinds, expected)
    for event in feed["data"]:
        request = receiver.next()
        equal(json.loads(request["body"]), event)
        equal(request["headers"]["webhook-id"], event["id"])
        assert "\n" not in request["body"]
        for hidden in (reset["password_reset_token"], "whsec_"):
            assert hidden not in json.dumps(request), "a secret is sent"
        keep(event["event"], request, secret, secret)
    equal(service.ask("DELETE", f"/webhook_endpoints/{endpoint['id']}")[0], 204)


def a_secret_is_replaced():
    receiver = Receiver()
    made = service.run("webhook", "create", receiver.url(), "--allow-private", "--event", "user.created")
    service.add_user("bob@example.com")
    before = receiver.next()
    equal(before["headers"]["webhook-signature"].count("v1,"), 1)
    rotated = service.run("webhook", "rotate-secret", made["id"])
    service.add_user("eve@example.com")
    during = receiver.next()
    equal(during["headers"]["webhook-signature"].count("v1,"), 2)
    # Whoever has the old one and whoever has the new one verifies Standard Webhooks; the vendor's SDKs have one header.
    keep("during a rotation", during, rotated["secret"], made["secret"], [made["secret"]])
    service.alter("UPDATE reset_password_webhook_endpoints SET previous_ends_at = 1")
    service.add_user("joe@example.com")
    after = receiver.next()
    equal(after["headers"]["webhook-signature"].count("v1,"), 1)
    keep("after a rotation", after, rotated["secret"], rotated["secret"])
    service.run("webhook", "delete", made["id"])


def who_is_gone_is_disabled_and_comes_back():
    receiver = Receiver()
    made = service.run("webhook", "create", receiver.url(), "--allow-private")
    receiver.answers = [410]
    service.add_user("kim@example.com")
    gone = receiver.next()
    service.line(lambda line: line.get("event") == "webhook_endpoint_disabled")
    [endpoint] = service.run("webhook", "list")["data"]
    equal((endpoint["status"], endpoint["last_failure"]), ("disabled", "it answered 410"))
    findings = service.run("doctor")["data"]
    [finding] = [finding for finding in findings if finding["check"] == "webhooks"]
    equal(finding["status"], "warning")
    equal(finding["message"], f"{made['id']} is disabled: it answered 410")
    service.add_user("lee@example.com")
    service.run("webhook", "update", made["id"], "--enable")
    again, disabled, later = receiver.next(), receiver.next(), receiver.next()
    equal(again["body"], gone["body"])
    told = json.loads(disabled["body"])
    equal(told["event"], "webhook_endpoint.disabled")
    origin = receiver.url().removesuffix("/hooks")
    expected = {"object": "webhook_endpoint", "id": made["id"], "endpoint_origin": origin, "reason": "it answered 410"}
    equal(told["data"], expected)
    equal(json.loads(later["body"])["data"]["email"], "lee@example.com")
    keep("webhook_endpoint.disabled", disabled, made["secret"], made["secret"])
    service.run("webhook", "delete", made["id"])


def an_endpoint_is_tried():
    receiver = Receiver()
    made = service.run("webhook", "create", receiver.url(), "--allow-private")
    refused = service.run("webhook", "test", made["id"], code=3)
    assert "its address is not public" in json.dumps(refused), refused
    sent = service.run("webhook", "test", made["id"], "--webhooks-allow-private")
    request = receiver.next()
    equal(request["headers"]["webhook-id"], sent["event_id"])
    equal(json.loads(request["body"])["event"], "webhook.test")
    keep("webhook.test", request, made["secret"], made["secret"])
    service.run("webhook", "delete", made["id"])


def a_name_that_leads_to_this_network_is_not_reached():
    """The name is looked at when it is registered, and where it leads when something is sent."""
    other = Service(program, folder("public"), [])
    receiver = Receiver(good)
    name = socket.gethostname()
    try:
        socket.getaddrinfo(name, None)
    except OSError:
        name = "localhost"
    status, refused = other.ask("POST", "/webhook_endpoints", {"endpoint_url": "https://10.0.0.1/"})
    equal((status, refused["errors"][0]["code"]), (422, "endpoint_url_invalid"))
    made = other.run("webhook", "create", receiver.url(name), "--allow-private")
    other.add_user("ada@example.com")
    equal(failure_of(other, made), "its address is not public")
    equal(receiver.connections, 0, "connections")
    other.stop()


def certificate(name, *, host="localhost", authority=True, days=("-days", "2")):
    """A certificate and its key, signed by the authority or by itself."""
    key, request, pem = (str(work / f"{name}.{end}") for end in ("key", "csr", "pem"))
    new = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", f"/CN={name}"]
    names = work / f"{name}.names"
    names.write_text(f"subjectAltName=DNS:{host}\n")

    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True, timeout=60)

    if name == "authority":
        openssl("req", "-x509", *new, "-days", "2", "-keyout", key, "-out", pem)
        return pem, key
    openssl("req", *new, "-keyout", key, "-out", request)
    if authority:
        signed = ["-CA", str(work / "authority.pem"), "-CAkey", str(work / "authority.key"), "-CAcreateserial"]
    else:
        signed = ["-signkey", key]
    openssl("x509", "-req", *days, "-in", request, *signed, "-extfile", str(names), "-out", pem)
    return pem, key


def a_receiver_is_reached_by_tls_with_a_certificate_that_is_good():
    other = Service(program, folder("tls"), ["--webhooks-allow-private", "--webhooks-ca", str(work / "authority.pem")])
    receiver = Receiver(good)
    made = other.run("webhook", "create", receiver.url("localhost"), "--allow-private")
    other.add_user("ada@example.com")
    keep("over TLS", receiver.next(), made["secret"], made["secret"])
    other.line(lambda line: line.get("event") == "webhook_sent")
    other.run("webhook", "delete", made["id"])
    bad = {
        "of nobody": certificate("stranger", authority=False),
        "for another name": certificate("elsewhere", host="elsewhere.example"),
        "that has expired": certificate("expired", days=("-days", "-1")),
    }
    for number, (what, pair) in enumerate(bad.items()):
        receiver = Receiver(pair)
        made = other.run("webhook", "create", receiver.url("localhost"), "--allow-private")
        other.add_user(f"user{number}@example.com")
        equal(failure_of(other, made), "its certificate or its TLS is not good", f"a certificate {what}")
        assert receiver.is_quiet(), f"something was sent to one {what}"
        other.run("webhook", "delete", made["id"])
    other.stop()
    # Without the authority, the good one is a stranger's.
    other = Service(program, folder("stranger"), ["--webhooks-allow-private"])
    receiver = Receiver(good)
    made = other.run("webhook", "create", receiver.url("localhost"), "--allow-private")
    other.add_user("ada@example.com")
    equal(failure_of(other, made), "its certificate or its TLS is not good")
    assert receiver.is_quiet()
    other.stop()


def nothing_is_in_the_log():
    equal(service.stop(), 0)
    log = "".join(service.log)
    hidden = ["whsec_", "/hooks", "@example.com", *(part for one in deliveries for part in one["secrets"])]
    for secret in hidden:
        assert secret not in log, f"{secret} is in the log"


certificate("authority")
good = certificate("good")
service = Service(program, folder("plain"), ["--webhooks-allow-private"])
test("every kind of event is sent, in the order of the feed", every_kind_is_sent)
test("while a secret is replaced, both sign", a_secret_is_replaced)
test("who answers 410 is disabled, which is told, and comes back", who_is_gone_is_disabled_and_comes_back)
test("an endpoint is tried from the command line", an_endpoint_is_tried)
test("a name that leads to this network is not reached", a_name_that_leads_to_this_network_is_not_reached)
test("TLS: a good certificate, and no other", a_receiver_is_reached_by_tls_with_a_certificate_that_is_good)
test("the log holds no secret, no path and no address", nothing_is_in_the_log)
(work / "deliveries.json").write_text(json.dumps(deliveries))
service = Service(program, folder("api"), [])
environment = {**os.environ, "WEBHOOKS_BASE_URL": service.base_url, "WEBHOOKS_API_KEY": service.key}
verified = subprocess.run(["sh", str(work / "verify")], env=environment, check=False)
test("the service stops when it is told to", lambda: equal(service.stop(), 0))
# Receivers that wait are not waited for.
sys.stdout.flush()
os._exit(1 if results["FAILED"] or verified.returncode else 0)
