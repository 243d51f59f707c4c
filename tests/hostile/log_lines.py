"""What the service's log may look like after hostile input."""

from collections import Counter
import re

import canaries
from service import parsed

LONGEST_LINE = 2_048
# A request has its line, one more if it presents a spent token, and one if its connection ends early, for
# all is logged that can be; now and then there is a warning besides.
LINES_OF_A_REQUEST = 3
MOST_OTHERS = 20
# Controls, and the characters that end or turn round a line in some viewers.
UNPRINTABLE = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8e\x8f\xa8-\xae]|\xe2\x81[\xa6-\xa9]")


def violations(lines, sent, answered, secrets):
    """Everything that is wrong with the lines that were written while `sent` requests were sent."""
    search = canaries.Search([canaries.MARK, *secrets])
    if search.find(b"".join(lines)):
        leaking = [line for line in lines if search.find(line)]
        yield f"{len(leaking)} lines show what a client sent, such as one of {kind(leaking[0])}"
    noted = Counter()
    for line in lines:
        read = parsed(line)
        if read is None:
            yield f"a line is not a JSON object: {line[:200]!r}"
            continue
        if "request_id" in read:
            noted[read["request_id"]] += 1
        if b"panic" in line.lower():
            yield f"a line tells of a panic: {line[:400]!r}"
        if read.get("level") == "ERROR" and read.get("status") != 503:
            yield f"a line tells of an error: {line[:400]!r}"
        if len(line) > LONGEST_LINE or UNPRINTABLE.search(line.rstrip(b"\n")):
            yield f"a line is too long, or holds controls: {line[:200]!r}"
    missing = sum(noted[request_id] != 1 for request_id in answered)
    if missing:
        yield f"{missing} answers do not have exactly one line with their x-request-id"
    if len(lines) > LINES_OF_A_REQUEST * sent + MOST_OTHERS:
        yield f"{len(lines)} lines for {sent} requests"


def kind(line):
    """A line's own description, without what leaked into it."""
    read = parsed(line) or {}
    return f"{read.get('message')!r}, route {read.get('route')!r}, status {read.get('status')!r}"
