"""What was sent, what came back, and what was wrong with it."""

from collections import Counter
import re

# A broken rule breaks for many cases: some of each kind are shown.
SHOWN_OF_A_KIND = 2
KINDS_SHOWN = 12


class Results:
    def __init__(self):
        self.statuses = {}
        self.sent = Counter()
        self.problems = {}
        self.remarks = {}
        self.request_ids = set()
        self._seen_now = []
        self._family = None

    def begin(self, family):
        self._family = family
        self.statuses[family] = Counter()
        self.problems[family] = []
        self._seen_now = []

    def forget(self, family):
        """Leaves a family out of the counts: it was not hostile."""
        del self.statuses[family], self.sent[family]

    def send(self, requests=1):
        self.sent[self._family] += requests

    def note(self, outcome, count=1):
        """A status, or a word where there is no answer."""
        self.statuses[self._family][outcome] += count

    def identify(self, request_id):
        """False for an id that was seen before."""
        is_new = request_id not in self.request_ids
        self.request_ids.add(request_id)
        self._seen_now.append(request_id)
        return is_new

    @property
    def ids_of_family(self):
        return self._seen_now

    @property
    def sent_by_family(self):
        return self.sent[self._family]

    def remark(self, text):
        """Something to say that nothing depends on."""
        self.remarks[self._family] = text

    def problem(self, text, kind=None):
        """What was wrong. Those of one kind differ in the case alone."""
        self.problems[self._family].append((re.sub(r"\d[\d.,]*", "…", kind or text), text))

    @property
    def total(self):
        return self.sum_of(self.sent)

    @staticmethod
    def sum_of(counts):
        return sum(counts.values())

    def shown_problems(self, family):
        shown = Counter()
        for kind, text in self.problems[family]:
            shown[kind] += 1
            if shown[kind] <= SHOWN_OF_A_KIND and len(shown) <= KINDS_SHOWN:
                yield text
        for kind, count in list(shown.items())[:KINDS_SHOWN]:
            if count > SHOWN_OF_A_KIND:
                yield f"... and {count - SHOWN_OF_A_KIND} more like it: {kind.splitlines()[0]}"
        if len(shown) > KINDS_SHOWN:
            yield f"... and {len(shown) - KINDS_SHOWN} other kinds"


def table(results):
    """Requests by family and status."""
    outcomes = sorted({outcome for counts in results.statuses.values() for outcome in counts}, key=str)
    rows = [["requests by family", "sent", *map(str, outcomes)]]
    totals = Counter()
    for family, counts in results.statuses.items():
        if not counts:
            continue
        totals.update(counts)
        rows.append([family, results.sent[family], *(counts[outcome] or "" for outcome in outcomes)])
    rows.append(["all", results.total, *(totals[outcome] for outcome in outcomes)])
    texts = [[f"{cell:,}" if isinstance(cell, int) else cell for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*texts)]
    for first, *others in texts:
        cells = [first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(others, widths[1:]))]
        yield "  ".join(cells).rstrip()
