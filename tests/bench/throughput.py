"""Draws what many callers get done on a server, of what scripts/bench --json wrote.

scripts/bench --only databases --json FILE
python3 tests/bench/throughput.py <FILE >docs/guides/figures/throughput.svg
"""

import json
import math
import sys

from svg import COLOURS, head, line, text

WIDTH, HEIGHT = 760, 400
LEFT, RIGHT, TOP, BOTTOM = 70, 230, 60, 60
LEAST, MOST = 10, 2_000  # a second
STEPS = (10, 20, 50, 100, 200, 500, 1_000, 2_000)
WORK = {"links ended": "", "resets": "5 4"}


def main():
    measured = json.load(sys.stdin)["databases"]
    print(draw(measured["throughput"], measured["added_us"] / 1000))


def draw(throughput, added_ms):
    title = f"Done in a second, by callers, each round trip {added_ms:.1f} ms longer"
    lines = [*head(WIDTH, HEIGHT, title), text(LEFT, 24, title, size=15)]
    lines.append(text(LEFT, 44, "engine, server and the longer way share two cores", size=15))
    callers = [int(many) for many in next(iter(throughput.values()))["resets"]]
    for step in STEPS:
        lines.append(line([(LEFT, height(step)), (WIDTH - RIGHT, height(step))], "#ddd", 1))
        lines.append(text(LEFT - 8, height(step) + 4, f"{step:,}", anchor="end"))
    for many in callers:
        lines.append(text(place(many, callers), HEIGHT - BOTTOM + 22, str(many), anchor="middle"))
    lines.append(text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, "callers", anchor="middle"))
    row = TOP + 20
    for (label, by_work), colour in zip(throughput.items(), COLOURS):
        for work, dashes in WORK.items():
            done = [(place(many, callers), height(by_work[work][str(many)])) for many in callers]
            lines.append(line(done, colour, 2, dashes))
            lines += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in done]
            key = WIDTH - RIGHT + 8
            lines.append(line([(key, row - 4), (key + 24, row - 4)], colour, 2, dashes))
            lines.append(text(key + 30, row, f"{label.split(', ')[-1]}: {work}"))
            row += 20
    return "\n".join([*lines, "</svg>"])


def height(rate):
    share = math.log(rate / LEAST) / math.log(MOST / LEAST)
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def place(many, callers):
    share = math.log(many / callers[0]) / math.log(callers[-1] / callers[0])
    return LEFT + 40 + share * (WIDTH - LEFT - RIGHT - 80)


if __name__ == "__main__":
    main()
