"""The pictures' bars, lines and words, in the units of an SVG, and the table behind each. Pure functions.

Nothing is told by colour alone: each row and column has its words, and each look its own hatching.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from contact.statistics.figures import TOPICS, Answers, in_hours

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

WIDTH = 720
SMALL = 4
STEPS = (1, 2, 4, 6, 8)


@dataclass(frozen=True)
class Bar:
    """`look`: how it is filled, a class of the style sheet; `says` is read out, and shown under the mouse."""

    x: float
    y: float
    width: float
    height: float
    look: str
    says: str = ""


@dataclass(frozen=True)
class Words:
    """`anchor`: which end of the words stands at x, as SVG calls it."""

    x: float
    y: float
    text: str
    anchor: str = "middle"
    look: str = ""


@dataclass(frozen=True)
class Line:
    """A level line; quiet where it is only a help for the eye."""

    y: float
    x: float
    width: float
    look: str = ""


@dataclass
class Picture:
    """`more`: what a screen that is too narrow for all of it leaves out at first. Months begin at their end there: the
    newest ones are seen, and beside them what the rows are, and the scale.
    """

    name: str
    title: str
    says: str
    height: int
    head: list[str]
    rows: list[list[str]]
    bars: list[Bar] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    legend: list[tuple[str, str]] = field(default_factory=list)
    note: str = ""
    width: int = WIDTH
    more: str = "the months before"
    is_newest_first: bool = True


def round_up(most: int) -> int:
    """Return the end of a scale that has room for this much, and a round number in its middle: 4, 6, 8, 10, 20 …"""
    scale = 1
    while True:
        for step in STEPS:
            if step * scale >= most:
                return step * scale
        scale *= 10


def weeks_by_topic(weeks: Sequence[date], numbers: dict[str, list[int]]) -> Picture:
    """Draw a row of weekly bars for all enquiries, and one for each topic; the topics' rows share one scale."""
    left, right, top, row, first = 0, 520, 30, 46, 76
    pitch = (right - left) / len(weeks)
    everything = [sum(week) for week in zip(*numbers.values(), strict=True)]
    most_of_one = max((number for week in numbers.values() for number in week), default=0)
    total = sum(everything)
    height = top + first + row * len(numbers)
    picture = Picture(
        "weeks",
        "Enquiries per week, by topic",
        f"{total} in {len(weeks)} weeks, spam left out; the fullest week brought {max(everything, default=0)}.",
        height,
        ["Week of", "All", *TOPICS.values()],
        [
            [day_of(week), str(everything[at]), *(str(numbers[topic][at]) for topic in TOPICS)]
            for at, week in enumerate(weeks)
        ],
    )
    bottom = top
    for name, row_of in (("All", everything), *((TOPICS[topic], week) for topic, week in numbers.items())):
        tall = first if name == "All" else row
        bottom += tall
        most = max(everything, default=0) if name == "All" else most_of_one
        picture.lines.append(Line(bottom - SMALL, left, right - left))
        look = "strong" if name == "All" else ""
        picture.words.append(Words(right + 12, bottom - SMALL - 5, name, "start", look))
        picture.words.append(Words(WIDTH, bottom - SMALL - 5, str(sum(row_of)), "end", look))
        for at, number in enumerate(row_of):
            tallness = number / most * (tall - 14) if most else 0
            x, width = left + at * pitch + 1, pitch - 2
            if number:
                says = f"{name}, week of {day_of(weeks[at])}: {number}"
                picture.bars.append(Bar(x, bottom - SMALL - tallness, width, tallness, "plain", says))
    picture.words += [
        Words(left + at * pitch, top - 12, f"{week:%Y}" if week.month == 1 else f"{week:%b}", "start", "quiet")
        for at, week in enumerate(weeks)
        if week.day <= 7 and (at + 3) * pitch < right - left  # noqa: PLR2004  the month's first Monday, with room
    ]
    picture.words.append(Words(WIDTH, top - 12, "In all", "end", "quiet"))
    return picture


def answers_by_month(months: Sequence[date], answers: Sequence[Answers], whole: Answers) -> Picture:
    """Draw a column for each month: answered in time, answered late, still waiting though overdue."""
    left, right, top, bottom = 0, WIDTH - 40, 28, 220
    pitch = (right - left) / len(months)
    scale = round_up(max((month.judged for month in answers), default=0))
    kept = "" if whole.share_kept is None else f"{whole.share_kept} % were answered by the promised moment. "
    waited = "" if whole.median is None else f"Half came within {in_hours(whole.median)} of working time."
    picture = Picture(
        "answers",
        "Time to the answer, against the promise",
        (kept + waited) or "No enquiry has been answered yet.",
        bottom + 48,
        [
            "Received in", "Enquiries", "In time", "Late", "Overdue, waiting", "Not due yet", "Closed unanswered",
            "In time, %", "Half within",
        ],
        [
            [
                f"{month:%B %Y}", *(str(n) for n in (of.received, of.in_time, of.late, of.overdue, of.waiting)),
                str(of.unanswered), "–" if of.share_kept is None else str(of.share_kept), in_hours(of.median),
            ]
            for month, of in zip(months, answers, strict=True)
        ],
        legend=[("plain", "In time"), ("hatched", "Late"), ("urgent", "Overdue, still waiting")],
        note="Over each column: how many were answered in time. Below it: within how many working hours half of the "
        "answers came.",
    )  # fmt: skip
    _scale(picture, scale, left, right, top, bottom)
    for at, (month, of) in enumerate(zip(months, answers, strict=True)):
        x, foot = left + at * pitch + pitch / 2, float(bottom)
        for look, words in picture.legend:
            number = {"plain": of.in_time, "hatched": of.late, "urgent": of.overdue}[look]
            tall = number / scale * (bottom - top)
            foot -= tall
            if number:
                says = f"{month:%B %Y}: {number} {words[0].lower()}{words[1:]}"
                picture.bars.append(Bar(x - pitch / 2 + 8, foot, pitch - 16, tall, look, says))
        if of.share_kept is not None:
            picture.words.append(Words(x, foot - 7, f"{of.share_kept} %", look="strong"))
        picture.words.append(Words(x, bottom + 18, f"{month:%b}", look="quiet"))
        picture.words.append(Words(x, bottom + 36, in_hours(of.median)))
    return used(picture)


def hours_of_day(numbers: Sequence[int], staffed: set[int]) -> Picture:
    """Draw a column for each hour of the day; those outside of the desk's hours are hatched."""
    left, right, top, bottom = 40, WIDTH, 28, 200
    pitch = (right - left) / len(numbers)
    total, outside = sum(numbers), sum(number for hour, number in enumerate(numbers) if hour not in staffed)
    scale = round_up(max(numbers))
    picture = Picture(
        "hours",
        "Hour of arrival",
        f"{round(outside * 100 / total)} % come at an hour when nobody is at the desk on most days."
        if total
        else "No enquiry has come yet.",
        bottom + 26,
        ["Hour", "Enquiries", "Share, %"],
        [
            [f"{hour}:00 to {hour + 1}:00", str(number), str(round(number * 100 / total)) if total else "–"]
            for hour, number in enumerate(numbers)
        ],
        legend=[("plain", "While the desk is staffed"), ("hatched", "At other hours")],
        more="the later hours",
        is_newest_first=False,
    )
    _scale(picture, scale, left, right, top, bottom)
    for hour, number in enumerate(numbers):
        tall = number / scale * (bottom - top)
        look = "plain" if hour in staffed else "hatched"
        x = left + hour * pitch
        if number:
            says = f"{hour}:00 to {hour + 1}:00: {number}"
            picture.bars.append(Bar(x + 3, bottom - tall, pitch - 6, tall, look, says))
        if hour % 3 == 0:
            picture.words.append(Words(x, bottom + 18, f"{hour}:00", "start", "quiet"))
    return used(picture)


def _scale(picture: Picture, end: int, left: float, right: float, top: float, bottom: float) -> None:
    """Draw the ground line, the scale's end and, where there is a number for it, its middle."""
    for level in {0, end // 2, end} if end % 2 == 0 else {0, end}:
        y = bottom - level / end * (bottom - top)
        picture.lines.append(Line(y, left, right - left, "" if level == 0 else "quiet"))
        x, anchor = (right + 8, "start") if picture.is_newest_first else (left - 8, "end")
        picture.words.append(Words(x, y + 4, str(level), anchor, "quiet"))


def used(picture: Picture) -> Picture:
    """Leave in the legend what is to be seen: no red where nothing is to be done."""
    looks = {bar.look for bar in picture.bars}
    picture.legend = [entry for entry in picture.legend if entry[0] in looks]
    return picture


def day_of(week: date) -> str:
    return f"{week.day} {week:%B %Y}"
