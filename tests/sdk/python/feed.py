"""The feed of events, as the SDK reads it."""

KINDS = ["password_reset.created", "password_reset.succeeded"]


def whole_feed(client, limit=100):
    """Every event of these kinds, oldest first, read in pages."""
    events, cursor = [], {}
    while True:
        page = client.list_events(events=KINDS, limit=limit, **cursor)
        events += page.data
        if page.after is None:
            return events
        cursor = {"after": page.after}


def events_of(client, user_id):
    """What the feed tells of a user's resets, oldest first."""
    return [event for event in whole_feed(client) if event["data"]["user_id"] == user_id]
