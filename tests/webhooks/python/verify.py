"""Verifies what was sent with a generation of the vendor's SDK, or with standardwebhooks.

    verify.py PACKAGE VERSION DELIVERIES
"""

import base64
import datetime
import json
import os
import sys

package, version, path = sys.argv[1:]
generation = int(version.split(".")[0])
with open(path, encoding="utf-8") as file:
    deliveries = json.load(file)


def vendor(delivery, body, signature, secret):
    """The event, if the SDK believes it."""
    if generation == 4:
        import workos

        workos.api_key, workos.client_id = "sk_test", "client_test"
        return workos.client.webhooks.verify_event(payload=body, sig_header=signature, secret=secret)
    from workos import WorkOSClient

    client = WorkOSClient(api_key="sk_test", client_id="client_test")
    event = client.webhooks.verify_event(event_body=body, event_signature=signature, secret=secret)
    if generation == 5:
        return event.model_dump()
    return event.to_dict()


def standard(delivery, body, headers, secret):
    from standardwebhooks import Webhook

    return Webhook(secret).verify(body, headers)


def is_refused(work):
    try:
        work()
    except Exception as error:  # noqa: BLE001 each package has errors of its own
        if isinstance(error, (AttributeError, ImportError, NameError, TypeError)):
            raise
        return True
    return False


def check_vendor(delivery):
    body, signature = delivery["body"].encode(), delivery["headers"]["workos-signature"]
    secret = delivery["vendor_secret"]
    event = vendor(delivery, body, signature, secret)
    assert event["id"] == delivery["headers"]["webhook-id"], event
    assert event["event"] == json.loads(delivery["body"])["event"], event
    changed = body[:-2] + b" " + body[-2:]
    assert is_refused(lambda: vendor(delivery, changed, signature, secret)), "a changed byte"
    assert is_refused(lambda: vendor(delivery, body, signature, secret + "x")), "another secret"
    assert is_refused(lambda: vendor(delivery, body, delivery["stale_signature"], secret)), "ten minutes old"


def check_standard(delivery):
    body, headers = delivery["body"], delivery["headers"]
    for secret in delivery["secrets"]:
        assert standard(delivery, body, headers, secret)["id"] == headers["webhook-id"]
    assert is_refused(lambda: standard(delivery, body + " ", headers, delivery["secret"])), "a changed byte"
    other = "whsec_" + base64.b64encode(bytes(32)).decode()
    assert is_refused(lambda: standard(delivery, body, headers, other)), "another secret"
    replayed = {**headers, "webhook-id": "event_1"}
    assert is_refused(lambda: standard(delivery, body, replayed, delivery["secret"])), "another id"
    from standardwebhooks import Webhook

    old = datetime.datetime.now(tz=datetime.timezone.utc) - datetime.timedelta(minutes=10)
    signed = Webhook(delivery["secret"]).sign(headers["webhook-id"], old, body)
    stale = {**headers, "webhook-timestamp": str(int(old.timestamp())), "webhook-signature": signed}
    assert is_refused(lambda: standard(delivery, body, stale, delivery["secret"])), "ten minutes old"


def manage():
    """The SDK's own calls on endpoints."""
    from workos import WorkOSClient

    client = WorkOSClient(
        api_key=os.environ["WEBHOOKS_API_KEY"], client_id="client_test", base_url=os.environ["WEBHOOKS_BASE_URL"]
    )
    made = client.webhooks.create_webhook_endpoint(endpoint_url="https://example.com/hooks", events=["user.created"])
    assert made.secret.startswith("whsec_") and made.status == "enabled", made
    listed = client.webhooks.list_webhook_endpoints()
    assert made.id in [endpoint.id for endpoint in listed.data], listed
    changed = client.webhooks.update_webhook_endpoint(made.id, status="disabled")
    assert changed.status == "disabled", changed
    client.webhooks.delete_webhook_endpoint(made.id)
    listed = client.webhooks.list_webhook_endpoints()
    assert made.id not in [endpoint.id for endpoint in listed.data], listed


check = check_standard if package == "standardwebhooks" else check_vendor
failed = False
tests = [(f"verifies: {delivery['name']}", lambda delivery=delivery: check(delivery)) for delivery in deliveries]
if package == "workos" and generation >= 6:
    tests.append(("makes, lists, changes and removes an endpoint", manage))
for name, prove in tests:
    try:
        prove()
        print(f"ok     {package} {version} (Python) {name}", flush=True)
    except Exception as error:  # noqa: BLE001 any failure is one of the test
        failed = True
        print(f"FAILED {package} {version} (Python) {name}\n       {type(error).__name__} {error}", flush=True)
sys.exit(failed)
