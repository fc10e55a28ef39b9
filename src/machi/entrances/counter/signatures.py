"""A signature as a picture, drawn here from the strokes: nothing that a browser drew is kept."""

import io

from PIL import Image, ImageDraw

from machi.entrances.counter.rules import HEIGHT, WIDTH

INK, PEN = (20, 24, 60), 5


def picture(lines):
    """The PNG (bytes) of strokes, on white."""
    image = Image.new("RGB", (WIDTH, HEIGHT), "white")
    pen = ImageDraw.Draw(image)
    for line in lines:
        pen.line(line, fill=INK, width=PEN, joint="curve")
        for x, y in (line[0], line[-1]) if line else ():
            pen.ellipse((x - PEN / 2, y - PEN / 2, x + PEN / 2, y + PEN / 2), fill=INK)
    drawn = io.BytesIO()
    image.save(drawn, "PNG", optimize=True)
    return drawn.getvalue()
