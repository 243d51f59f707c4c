"""Draws what a reset costs in a large database, of what the long test of it printed.

RESET_PASSWORD_LONG=1 RESET_PASSWORD_ROWS=10000000 \\
    cargo test -p reset-password --test engine size -- --nocapture --test-threads 1 >printed
python3 tests/bench/size.py <printed >docs/guides/figures/size.svg
"""

import json
import math
import sys

from svg import COLOURS, head, line, text

WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 70, 190, 60, 60
TARGET = 1.20
LEAST, MOST = 0.80, 1.40  # of the shares shown
NAMES = {"Postgres": "PostgreSQL", "MariaDb": "MariaDB"}
PARTS = (("whole", "", "the whole reset"), ("without_hash", "5 4", "without its hash"))


def main():
    marked = (line.partition("size: ") for line in sys.stdin)
    measures = [json.loads(text) for before, mark, text in marked if mark and not before.strip()]
    if not measures:
        sys.exit("size: nothing was measured")
    print(draw(measures))


def draw(measures):
    sizes = sorted({it["rows"] for it in measures})
    databases = list(dict.fromkeys(it["database"] for it in measures))
    lines = [
        *head(WIDTH, HEIGHT, "The cost of a reset, by the size of the database"),
        text(LEFT, 24, "A reset (create and confirm, m=19,456 KiB t=2 p=1) among so many,", size=15),
        text(LEFT, 44, "as a share of one among 65 users and 65 resets: medians of 60 each", size=15),
    ]
    for share in steps():
        y = height(share)
        colour = "#c00" if math.isclose(share, TARGET) else "#ddd"
        lines.append(line([(LEFT, y), (WIDTH - RIGHT, y)], colour, 1))
        lines.append(text(LEFT - 8, y + 4, f"{share:.1f}", anchor="end"))
    lines.append(text(WIDTH - RIGHT + 8, height(TARGET) + 4, "limit of the whole", fill="#c00"))
    for rows in sizes:
        x = place(rows, sizes)
        lines.append(text(x, HEIGHT - BOTTOM + 22, f"{rows:,}", anchor="middle"))
    middle = (LEFT + WIDTH - RIGHT) / 2
    lines.append(text(middle, HEIGHT - 12, "users, and as many resets", anchor="middle"))
    row = TOP + 20
    for database, colour in zip(databases, COLOURS):
        of_it = sorted((it for it in measures if it["database"] == database), key=lambda it: it["rows"])
        for part, dashes, label in PARTS:
            points = [(place(it["rows"], sizes), height(it[part])) for it in of_it]
            lines.append(line(points, colour, 2, dashes))
            lines += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in points]
            if math.isclose(row, height(TARGET), abs_tol=14):
                row += 28
            key = WIDTH - RIGHT + 8
            lines.append(line([(key, row - 4), (key + 24, row - 4)], colour, 2, dashes))
            name = NAMES.get(database, database) if not dashes else label
            lines.append(text(key + 30, row, name))
            row += 18
        row += 8
    return "\n".join([*lines, "</svg>"])


def steps():
    count = round((MOST - LEAST) / 0.1)
    return [LEAST + 0.1 * number for number in range(count + 1)]


def height(share):
    inside = min(max(share, LEAST), MOST)
    return HEIGHT - BOTTOM - (inside - LEAST) / (MOST - LEAST) * (HEIGHT - TOP - BOTTOM)


def place(rows, sizes):
    """From left to right by the number of digits."""
    first, last = (math.log10(size) for size in (sizes[0], sizes[-1]))
    share = (math.log10(rows) - first) / (last - first) if last > first else 0.5
    return LEFT + 40 + share * (WIDTH - LEFT - RIGHT - 80)


if __name__ == "__main__":
    main()
