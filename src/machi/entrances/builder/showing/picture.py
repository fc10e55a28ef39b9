"""The flow as a drawing: steps in rows, ways between them. Pure: only where things stand."""

from collections import defaultdict

WIDE, HIGH, ACROSS, DOWN = 176, 64, 24, 60
LANE, CORNER, EDGE, LINE, LETTERS = 18, 8, 16, 10, 7


def draw(steps, start, links):
    """{width, height, boxes, ways} of a flow.

    `steps` {key: title}, `links` [(from, to, words)] in order. A box knows its place and its title in lines;
    a way its path, its words and where they stand.
    """
    links = _joined([one for one in links if one[0] in steps and one[1] in steps])
    rows = _rows(steps, start, links)
    width = max(map(len, rows.values())) * (WIDE + ACROSS)
    boxes = {}
    for row, keys in rows.items():
        left = (width - len(keys) * (WIDE + ACROSS) + ACROSS) / 2
        for place, key in enumerate(keys):
            x, y = left + place * (WIDE + ACROSS), EDGE + row * (HIGH + DOWN)
            boxes[key] = {
                "key": key,
                "row": row,
                "x": x,
                "y": y,
                "middle": x + WIDE / 2,
                "kind_y": y + 16,
                "lines": _lines(steps[key], y),
            }
    ways = _ways(boxes, links, width)
    lanes = sum(way["outside"] for way in ways)
    room = LETTERS * 13 if lanes else 0
    return {
        "width": round(width + lanes * LANE + room + EDGE),
        "height": round(EDGE * 2 + len(rows) * (HIGH + DOWN) - DOWN),
        "boxes": list(boxes.values()),
        "ways": ways,
        "wide": WIDE,
        "high": HIGH,
    }


def _joined(links):
    """Ways between the same two steps are one way with all their words."""
    found = defaultdict(list)
    for begin, end, words in links:
        found[begin, end].append(words)
    return [(begin, end, " / ".join(word for word in words if word)) for (begin, end), words in found.items()]


def _rows(steps, start, links):
    """{row: keys}: each step below all that lead to it, ways back aside."""
    following = defaultdict(list)
    for begin, end, _words in links:
        following[begin].append(end)
    order, back = _order(steps, start, following)
    depth = dict.fromkeys(steps, 0)
    for key in order:
        for after in following[key]:
            if (key, after) not in back:
                depth[after] = max(depth[after], depth[key] + 1)
    rows = defaultdict(list)
    for key in order:
        rows[depth[key]].append(key)
    return dict(sorted(rows.items()))


def _order(steps, start, following):
    """(steps so that each stands after all that lead to it, the ways that go back)."""
    order, back, seen, open_ = [], set(), set(), set()

    def visit(key):
        seen.add(key)
        open_.add(key)
        for after in following[key]:
            if after in open_:
                back.add((key, after))
            elif after not in seen:
                visit(after)
        open_.discard(key)
        order.append(key)

    for key in (start, *steps):
        if key in steps and key not in seen:
            visit(key)
    return order[::-1], back


def _lines(title, top):
    """The title in one or two lines, in the middle of its box."""
    cut = [title[:LINE], title[LINE : LINE * 2 - 1] + ("…" if len(title) > LINE * 2 - 1 else "")]
    cut = [line for line in cut if line]
    first = top + (HIGH + 26) / 2 - 7 * (len(cut) - 1)
    return [{"words": line, "y": first + 16 * place} for place, line in enumerate(cut)]


def _ways(boxes, links, width):
    down = [one for one in links if boxes[one[1]]["row"] == boxes[one[0]]["row"] + 1]
    outside = [one for one in links if one not in down]
    return [*_straight(boxes, down), *_around(boxes, outside, width)]


def _straight(boxes, links):
    """Ways to the next row: each leaves its box at a place of its own."""
    leaving = defaultdict(list)
    for one in links:
        leaving[one[0]].append(one)
    for begin, found in leaving.items():
        found.sort(key=lambda one: boxes[one[1]]["x"])
        for place, (_begin, end, words) in enumerate(found, 1):
            box, target = boxes[begin], boxes[end]
            x, y = box["x"] + WIDE * place / (len(found) + 1), box["y"] + HIGH
            to_x, to_y = target["middle"], target["y"]
            bend = (to_y - y) / 2
            path = f"M{x:.0f} {y:.0f}C{x:.0f} {y + bend:.0f} {to_x:.0f} {to_y - bend:.0f} {to_x:.0f} {to_y - 7:.0f}"
            yield {
                "path": path,
                "words": _short(words),
                "x": (x + to_x) / 2,
                "y": y + bend + 4,
                "outside": False,
                "end": False,
            }


def _around(boxes, links, width):
    """Ways that skip rows or go back: around, each in a lane of its own at the right."""
    for lane, (begin, end, words) in enumerate(links, 1):
        box, target = boxes[begin], boxes[end]
        x, y = box["x"] + WIDE, box["y"] + HIGH / 2 + 8
        to_x, to_y = target["x"] + WIDE + 7, target["y"] + HIGH / 2 - 6
        out = width + lane * LANE
        turn = CORNER if to_y > y else -CORNER
        path = (
            f"M{x:.0f} {y:.0f}H{out - CORNER:.0f}Q{out:.0f} {y:.0f} {out:.0f} {y + turn:.0f}"
            f"V{to_y - turn:.0f}Q{out:.0f} {to_y:.0f} {out - CORNER:.0f} {to_y:.0f}H{to_x:.0f}"
        )
        middle = (y + to_y) / 2 + 4 + (lane % 3 - 1) * 18
        yield {"path": path, "words": _short(words), "x": out + 4, "y": middle, "outside": True, "end": True}


def _short(words):
    return words if len(words) <= LETTERS * 2 else words[: LETTERS * 2 - 1] + "…"
