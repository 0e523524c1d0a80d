"""The clinic's street in winter: clay cliffs, a wooden building with warm windows, snow and lamp light."""

from random import Random

from PIL import Image, ImageChops, ImageFilter

from clinic.demo.art.noise import clouds, contrast, relief
from clinic.demo.art.paint import Point, Stencil, fade, glow, gradient, ramp, shade, wash
from clinic.demo.art.ridges import below, hills
from clinic.demo.art.trees import plant, spruce, stand

GROUND = 690
"""Where the building stands."""


def cliffs(picture: Image.Image, rng: Random) -> None:
    """Pale clay bluffs, cut by gullies, with snow on their ledges and spruces on their edge."""
    size = picture.size
    edge = hills(
        rng, size[0], [(0, 262), (260, 238), (560, 262), (820, 318), (1010, 430), (1190, 560), (1600, 610)], 9, 120
    )
    woods = plant(Stencil(size), rng, stand(rng, edge, (10, 38), 4.5, clearing=-0.3, end=1010)).mask()
    picture.paste(gradient(size, [(220, "#2c3b58"), (460, "#4a5878")]), (0, 0), woods)
    stencil = Stencil(size)
    below(stencil, edge, size[1])
    mask = stencil.mask()
    clay = gradient(size, [(230, "#b79f98"), (380, "#b3a3a8"), (540, "#a9a6bb"), (680, "#b7bdd2")])
    clay = shade(clay, relief(clouds(rng, size, (40, 300), 5, 0.62), (3, 1), 2.0), 34)
    _buttresses(clay, rng, edge)
    ledges = contrast(clouds(rng, size, (260, 16), 4, 0.6), 138, 156)
    wash(clay, "#dfe2ec", fade(ledges, ramp(size, [(230, 40), (420, 70), (640, 255)])), 0.6)
    picture.paste(clay, (0, 0), mask)
    cap = ImageChops.subtract(mask, ImageChops.offset(mask, 0, 7))
    wash(picture, "#eef0f5", cap, 0.9)
    scree = hills(rng, size[0], [(0, 540), (330, 575), (700, 600), (1000, 628), (1300, 640), (1600, 632)], 8)
    trees = plant(Stencil(size), rng, stand(rng, scree, (16, 62), 6.5, clearing=-0.1)).mask()
    picture.paste(gradient(size, [(480, "#34466a"), (640, "#66779c")]), (0, 0), trees)
    ground = Stencil(size)
    below(ground, scree, size[1])
    picture.paste(gradient(size, [(540, "#c9cde0"), (700, "#c3cae0"), (900, "#8da0c6")]), (0, 0), ground.mask())


def _buttresses(clay: Image.Image, rng: Random, edge: list[float]) -> None:
    """Ribs that rain has carved: each has a shaded side."""
    size = clay.size
    dark = Stencil(size)
    x = -30.0
    while x < size[0]:
        gap = rng.uniform(16, 58)
        top = edge[min(size[0] - 1, max(0, round(x)))]
        deep = rng.uniform(90, 250)
        spine: list[Point] = []
        gully: list[Point] = []
        drift = rng.uniform(-0.1, 0.1)
        for step in range(15):
            t = step / 14
            wobble = rng.gauss(0, 2.2) + drift * deep * t
            spine.append((x + wobble - gap * 0.24 * t, top + deep * t + 4))
            gully.append((x + gap * (0.3 + 0.36 * (1 - t)) + wobble + rng.gauss(0, 1.5), top + deep * t + 4))
        dark.shape([*spine, *gully[::-1]], rng.randint(120, 255))
        x += gap
    fading = ramp(size, [(240, 255), (440, 170), (600, 40)])
    wash(clay, "#6f6a86", fade(dark.mask(), fading), 0.68)


def street(picture: Image.Image, rng: Random) -> None:
    """The street in front: packed snow, wheel tracks, a bank thrown up by the plough."""
    size = picture.size
    snow = gradient(size, [(GROUND, "#ccd2e4"), (760, "#b4c0db"), (900, "#7f95bf")])
    snow = shade(snow, relief(clouds(rng, size, (300, 40), 4), (4, 4), 2.0), 22)
    plain = Stencil(size)
    plain.shape([(0, GROUND - 4), (size[0], GROUND - 4), (size[0], 900), (0, 900)])
    picture.paste(snow, (0, 0), plain.mask())
    road = Stencil(size)
    road.shape([(0, 786), (1600, 770), (1600, 872), (0, 900), (0, 900)])
    wash(picture, "#8596bb", road.mask().filter(ImageFilter.GaussianBlur(3)), 0.8)
    tracks = Stencil(size)
    for start, end, width in ((806, 787, 5.0), (826, 803, 6.0), (856, 828, 8.0), (884, 852, 9.0)):
        points = [(x, start + (end - start) * x / 1600 + rng.uniform(-0.8, 0.8)) for x in range(0, 1601, 16)]
        tracks.stroke(points, width)
    wash(picture, "#667aa6", tracks.mask().filter(ImageFilter.GaussianBlur(1.2)), 0.6)
    bank = hills(rng, size[0], [(0, 768), (400, 760), (800, 764), (1200, 756), (1600, 750)], 7, 90)
    heap = Stencil(size)
    foot = [(x, 790 - 16 * x / 1600) for x in range(1600, -1, -20)]
    heap.shape([*((float(x), y) for x, y in enumerate(bank)), *foot])
    picture.paste(gradient(size, [(748, "#dfe3ef"), (792, "#a3b2d3")]), (0, 0), heap.mask())


def house(picture: Image.Image, rng: Random) -> None:
    """A low wooden building with a snowy roof, a lit porch and three lit windows."""
    size = picture.size
    glow(picture, "#ffb765", (600, 640), (520, 210), 0.4)
    behind = [
        (250.0, 700.0, 300.0),
        (315.0, 704.0, 220.0),
        (212.0, 706.0, 180.0),
        (1010.0, 700.0, 190.0),
        (1052.0, 704.0, 130.0),
    ]
    for x, foot, height in behind:
        boughs, snow = Stencil(size), Stencil(size)
        spruce(boughs, rng, x, foot, height, snow=snow, girth=1.15)
        wash(picture, "#263a58", boughs.mask())
        wash(picture, "#dbe2f0", fade(snow.mask(), boughs.mask()), 0.55)
    _walls(picture, rng)
    _roof(picture)
    for left in (404, 490, 758):
        _window(picture, left, 584, 62, 66)
    _door(picture)
    _lamp(picture, 1262)
    pool = Stencil(size)
    pool.shape([(600, 702), (714, 702), (800, 770), (560, 770)])
    for left in (404, 490, 758):
        pool.shape([(left, 706), (left + 62, 706), (left + 92, 752), (left - 20, 752)], 170)
    wash(picture, "#ffcf8a", pool.mask().filter(ImageFilter.GaussianBlur(11)), 0.62)


def _walls(picture: Image.Image, rng: Random) -> None:
    size = picture.size
    front = Stencil(size)
    front.shape([(360, 548), (860, 548), (860, 704), (360, 704)])
    wall = gradient(size, [(548, "#3c5a62"), (640, "#48676c"), (704, "#3a555f")])
    boards = Stencil(size)
    for y in range(556, 704, 11):
        boards.stroke([(360, y), (860, y)], 1.0, rng.randint(120, 200))
    wash(wall, "#2a434d", boards.mask(), 0.7)
    picture.paste(wall, (0, 0), front.mask())
    side = Stencil(size)
    side.shape([(860, 548), (960, 556), (960, 698), (860, 704)])
    side.shape([(860, 548), (910, 470), (960, 556)])
    wash(picture, "#2b434f", side.mask())
    eaves = Stencil(size)
    eaves.shape([(360, 548), (860, 548), (860, 562), (360, 566)])
    wash(picture, "#1d313c", eaves.mask().filter(ImageFilter.BoxBlur(2)), 0.6)
    drift = Stencil(size)
    drift.shape([(330, 706), (372, 694), (440, 700), (590, 703), (590, 712), (330, 714)])
    drift.shape([(722, 703), (800, 698), (900, 692), (990, 700), (1010, 710), (722, 712)])
    wash(picture, "#d5dbea", drift.mask())


def _roof(picture: Image.Image) -> None:
    size = picture.size
    roof = Stencil(size)
    left: list[Point] = [(338, 552), (402, 462), (908, 462), (872, 552)]
    roof.shape(left)
    picture.paste(gradient(size, [(455, "#f3ecec"), (500, "#dfe2ee"), (556, "#b8c4de")]), (0, 0), roof.mask())
    gable = Stencil(size)
    gable.stroke([(870, 552), (909, 466), (968, 560)], 7)
    wash(picture, "#e9ebf3", gable.mask())
    edge = Stencil(size)
    edge.shape([(338, 551), (872, 551), (872, 557), (338, 557)])
    wash(picture, "#24404a", edge.mask())
    chimney = Stencil(size)
    chimney.shape([(520, 424), (548, 424), (548, 470), (520, 470)])
    wash(picture, "#5d4a4c", chimney.mask())
    cap = Stencil(size)
    cap.shape([(516, 417), (552, 417), (552, 426), (516, 426)])
    wash(picture, "#eef0f5", cap.mask())
    smoke = Stencil(size)
    for puff in range(26):
        smoke.dot(536 + puff**1.5 * 0.8, 412 - puff * 7.5, 6 + puff * 1.2)
    thin = fade(smoke.mask().filter(ImageFilter.GaussianBlur(8)), ramp(size, [(200, 0), (330, 150), (415, 255)]))
    wash(picture, "#f4dfd8", thin, 0.75)


def _window(picture: Image.Image, left: float, top: float, width: float, height: float) -> None:
    size = picture.size
    frame, glass, bars = Stencil(size), Stencil(size), Stencil(size)
    frame.shape(_box(left - 5, top - 5, width + 10, height + 10))
    wash(picture, "#e9e4da", frame.mask())
    glass.shape(_box(left, top, width, height))
    picture.paste(
        gradient(size, [(top, "#ffc773"), (top + height * 0.6, "#ffdf9e"), (top + height, "#f9b55f")]),
        (0, 0),
        glass.mask(),
    )
    bars.shape(_box(left + width / 2 - 1.5, top, 3, height))
    bars.shape(_box(left, top + height * 0.4, width, 3))
    wash(picture, "#e9e4da", bars.mask())
    sill = Stencil(size)
    sill.shape(_box(left - 8, top + height + 3, width + 16, 5))
    wash(picture, "#f2f4f8", sill.mask())
    glow(picture, "#ffb45c", (left + width / 2, top + height / 2), (120, 105), 0.38)


def _door(picture: Image.Image) -> None:
    size = picture.size
    porch, door, glass = Stencil(size), Stencil(size), Stencil(size)
    door.shape(_box(626, 590, 62, 114))
    wash(picture, "#a61e63", door.mask())
    glass.shape(_box(638, 602, 38, 46))
    wash(picture, "#ffdb97", glass.mask())
    porch.shape([(588, 574), (657, 538), (726, 574), (726, 580), (588, 580)])
    porch.shape(_box(594, 578, 6, 126))
    porch.shape(_box(714, 578, 6, 126))
    porch.shape(_box(586, 702, 142, 6))
    wash(picture, "#e4dfd8", porch.mask())
    snow = Stencil(size)
    snow.shape([(582, 574), (657, 532), (732, 574), (732, 566), (657, 522), (582, 566)])
    wash(picture, "#f4f5f9", snow.mask())
    glow(picture, "#ffc06a", (657, 596), (170, 130), 0.5)


def _lamp(picture: Image.Image, x: float) -> None:
    size = picture.size
    post = Stencil(size)
    post.stroke([(x, 766), (x, 532)], 5)
    post.stroke([(x, 534), (x - 10, 524), (x - 46, 520)], 4)
    wash(picture, "#22344f", post.mask())
    glow(picture, "#ffd08a", (x - 50, 526), (210, 190), 0.75)
    glow(picture, "#ffcf90", (x - 50, 770), (240, 46), 0.5)
    head = Stencil(size)
    head.shape([(x - 64, 521), (x - 42, 516), (x - 38, 524), (x - 62, 527)])
    wash(picture, "#fff1cf", head.mask())


def _box(left: float, top: float, width: float, height: float) -> list[Point]:
    return [(left, top), (left + width, top), (left + width, top + height), (left, top + height)]
