"""Capital letters written with a broad pen held aslant, the way Roman capitals were laid out with a brush."""

from collections.abc import Sequence
from itertools import pairwise
from math import atan2, cos, hypot, pi, sin
from typing import NamedTuple

from clinic.demo.art.paint import Point, Stencil

Curve = tuple[Point, Point, Point, Point]
"""Start, two handles and end of a stroke, in a letter 1 high whose foot is at y = 0."""

BREADTH, THICKNESS = 0.071, 0.013
"""Half the pen's breadth and half its thickness."""
SLANT = pi * 0.1
STEM = 0.12


class Letter(NamedTuple):
    """How wide a letter is, its strokes, where its stems have serifs, and what is cut rather than written."""

    width: float
    strokes: list[list[Curve]]
    serifs: list[tuple[float, float, int]]
    shapes: list[list[Point]]


def _line(start: Point, end: Point) -> Curve:
    (x0, y0), (x1, y1) = start, end
    return (start, (x0 + (x1 - x0) / 3, y0 + (y1 - y0) / 3), (x0 + (x1 - x0) * 2 / 3, y0 + (y1 - y0) * 2 / 3), end)


def _bowl(top: float, foot: float, reach: float) -> list[Curve]:
    """The round part of D, P and R: from the stem out to `reach` and back."""
    middle, turn = (top + foot) / 2, (top - foot) / 2 * 0.58
    flat = STEM + (reach - STEM) * 0.36
    return [
        _line((STEM, top), (flat, top)),
        ((flat, top), (flat + (reach - flat) * 0.58, top), (reach, middle + turn), (reach, middle)),
        ((reach, middle), (reach, middle - turn), (flat + (reach - flat) * 0.58, foot), (flat, foot)),
        _line((flat, foot), (STEM, foot)),
    ]


_STEM = [_line((STEM, 1.0), (STEM, 0.0))]
_S = [
    ((0.482, 0.865), (0.43, 0.95), (0.37, 0.985), (0.28, 0.985)),
    ((0.28, 0.985), (0.15, 0.985), (0.085, 0.885), (0.085, 0.775)),
    ((0.085, 0.775), (0.085, 0.61), (0.2, 0.56), (0.295, 0.51)),
    ((0.295, 0.51), (0.4, 0.455), (0.505, 0.4), (0.505, 0.245)),
    ((0.505, 0.245), (0.505, 0.1), (0.41, 0.015), (0.28, 0.015)),
    ((0.28, 0.015), (0.2, 0.015), (0.14, 0.05), (0.082, 0.15)),
]
_BOTH = [(STEM, 0.0, 1), (STEM, 1.0, -1)]

ALPHABET = {
    "A": Letter(
        0.8,
        [[_line((0.2, 0.335), (0.53, 0.335))]],
        [],
        [
            [(0.325, 1.02), (0.4, 1.02), (0.755, 0), (0.605, 0)],
            [(0.348, 0.975), (0.385, 0.9), (0.135, 0), (0.083, 0)],
            [
                (-0.01, 0),
                (-0.01, 0.018),
                (0.06, 0.026),
                (0.088, 0.06),
                (0.15, 0.06),
                (0.17, 0.026),
                (0.225, 0.018),
                (0.225, 0),
            ],
            [
                (0.53, 0),
                (0.53, 0.018),
                (0.575, 0.026),
                (0.595, 0.06),
                (0.742, 0.06),
                (0.77, 0.026),
                (0.835, 0.018),
                (0.835, 0),
            ],
        ],
    ),
    "D": Letter(0.77, [_STEM, _bowl(0.976, 0.024, 0.7)], _BOTH, []),
    "E": Letter(
        0.6,
        [
            _STEM,
            [_line((STEM, 0.976), (0.53, 0.976))],
            [_line((STEM, 0.52), (0.43, 0.52))],
            [_line((STEM, 0.024), (0.55, 0.024))],
        ],
        _BOTH,
        [
            [(0.43, 0.985), (0.53, 1.0), (0.548, 1.0), (0.556, 0.79), (0.538, 0.79), (0.51, 0.92)],
            [(0.37, 0.52), (0.427, 0.56), (0.437, 0.625), (0.45, 0.625), (0.45, 0.415), (0.437, 0.415), (0.427, 0.48)],
            [(0.43, 0.015), (0.56, 0.0), (0.578, 0.0), (0.596, 0.225), (0.578, 0.225), (0.53, 0.08)],
        ],
    ),
    "J": Letter(
        0.43,
        [[_line((0.25, 1.0), (0.25, 0.25)), ((0.25, 0.25), (0.25, 0.04), (0.17, -0.05), (0.01, -0.075))]],
        [(0.25, 1.0, -1)],
        [],
    ),
    "P": Letter(0.58, [_STEM, _bowl(0.976, 0.45, 0.54)], _BOTH, []),
    "R": Letter(
        0.73,
        [_STEM, _bowl(0.976, 0.49, 0.52)],
        _BOTH,
        [
            [
                (0.27, 0.5),
                (0.4, 0.5),
                (0.47, 0.4),
                (0.665, 0.085),
                (0.7, 0.045),
                (0.745, 0.024),
                (0.79, 0.018),
                (0.79, 0),
                (0.585, 0),
                (0.33, 0.41),
            ]
        ],
    ),
    "S": Letter(
        0.58,
        [_S],
        [],
        [
            [
                (0.4, 0.955),
                (0.465, 0.95),
                (0.478, 0.995),
                (0.494, 0.995),
                (0.506, 0.745),
                (0.488, 0.745),
                (0.46, 0.855),
            ],
            [
                (0.17, 0.045),
                (0.112, 0.045),
                (0.094, 0.005),
                (0.078, 0.005),
                (0.058, 0.265),
                (0.076, 0.265),
                (0.11, 0.145),
            ],
        ],
    ),
}


def monogram(stencil: Stencil, initials: str, middle: Point, height: float) -> None:
    """Write the initials side by side, centred on a point, their capitals `height` pixels high."""
    gap = 0.1
    letters = [ALPHABET[initial] for initial in initials]
    total = sum(letter.width for letter in letters) + gap * (len(letters) - 1)
    x, foot = middle[0] - total * height / 2, middle[1] + height / 2
    for letter in letters:

        def place(point: Point, left: float = x) -> Point:
            return left + point[0] * height, foot - point[1] * height

        outlines = [_swept(stroke, tapered=letter is ALPHABET["S"]) for stroke in letter.strokes]
        outlines += [_serif(*serif) for serif in letter.serifs]
        outlines += letter.shapes
        for outline in outlines:
            stencil.shape([place(point) for point in outline])
        x += (letter.width + gap) * height


def _swept(stroke: Sequence[Curve], *, tapered: bool) -> list[Point]:
    """The outline the pen leaves: broad where it moves across its edge, thin along it.

    A tapered stroke starts and ends with the pen turned onto its corner.
    """
    spine: list[Point] = []
    for p0, p1, p2, p3 in stroke:
        for knot in range(25):
            t = knot / 24
            a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
            point = (a * p0[0] + b * p1[0] + c * p2[0] + d * p3[0], a * p0[1] + b * p1[1] + c * p2[1] + d * p3[1])
            if not spine or hypot(point[0] - spine[-1][0], point[1] - spine[-1][1]) > 1e-6:
                spine.append(point)
    left: list[Point] = []
    right: list[Point] = []
    steps = list(pairwise(spine))
    for number, (x, y) in enumerate(spine):
        before, after = steps[max(0, number - 1)], steps[min(len(steps) - 1, number)]
        way = atan2(after[1][1] - before[0][1], after[1][0] - before[0][0])
        half = hypot(BREADTH * sin(way - SLANT), THICKNESS * cos(way - SLANT))
        if tapered:
            half *= min(1.0, 0.22 + min(number, len(spine) - 1 - number) / 26)
        left.append((x - half * sin(way), y + half * cos(way)))
        right.append((x + half * sin(way), y - half * cos(way)))
    return [*left, *right[::-1]]


def _serif(x: float, y: float, up: int) -> list[Point]:
    """A foot (or, turned over, a head) for a stem, its brackets curved."""
    half, reach, flat, rise = 0.062, 0.15, 0.018, 0.085
    side: list[Point] = [(reach, 0.0), (reach, flat)]
    for knot in range(1, 9):
        t = knot / 8
        side.append((reach + (half - reach) * (1 - (1 - t) ** 2.4), flat + (rise - flat) * t**2.4))
    right = [(x + px, y + up * py) for px, py in side]
    left = [(x - px, y + up * py) for px, py in side]
    return [*right, *left[::-1]]
