"""Photos for the sample cases, drawn: nobody's sofa, nobody's street."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

SIZE = (640, 480)
NAMES = {"sofa": "sofa.jpg", "pothole": "michi.jpg", "lamp": "gaitou.jpg", "card": "techou.jpg"}
FABRICS = ("#7a5c46", "#4d6b7a", "#8a3f3f")
SKIES = ("#c9d6df", "#aebfd0", "#dfd8c9")


def picture(kind, number):
    """An uploaded photo of `kind` (sofa, pothole, lamp, card); `number` (0 to 2) varies it."""
    image = Image.new("RGB", SIZE, "#d8d2c4")
    DRAWINGS[kind](ImageDraw.Draw(image), number)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return SimpleUploadedFile(NAMES[kind], out.getvalue(), content_type="image/jpeg")


def _sofa(pen, number):
    fabric = FABRICS[number]
    pen.rectangle((0, 330, 640, 480), fill="#9c8a70")
    pen.rounded_rectangle((110, 170, 530, 320), 30, fill=fabric)
    pen.rounded_rectangle((70, 230, 160, 400), 25, fill=fabric, outline="#3a2f28", width=3)
    pen.rounded_rectangle((480, 230, 570, 400), 25, fill=fabric, outline="#3a2f28", width=3)
    for left in (160, 320):
        pen.rounded_rectangle((left, 280, left + 160, 380), 18, fill=fabric, outline="#3a2f28", width=3)
    for left in (100, 510):
        pen.rectangle((left, 400, left + 25, 430), fill="#2e2620")


def _pothole(pen, number):
    pen.rectangle((0, 0, 640, 150), fill=SKIES[number])
    pen.polygon(((180, 150), (460, 150), (700, 480), (-60, 480)), fill="#6d6e70")
    pen.polygon(((312, 150), (328, 150), (340, 260), (300, 260)), fill="#e8e6df")
    left, top = 230 + 30 * number, 320
    pen.ellipse((left, top, left + 190, top + 90), fill="#3b3a38", outline="#55524e", width=8)
    pen.ellipse((left + 35, top + 25, left + 150, top + 75), fill="#7d8a90")


def _lamp(pen, number):
    pen.rectangle((0, 0, 640, 480), fill=("#1d2533", "#232a3a", "#1a2030")[number])
    pen.rectangle((0, 400, 640, 480), fill="#2b2d30")
    pen.rectangle((300, 90, 314, 430), fill="#8b8f94")
    pen.line((307, 96, 420, 70), fill="#8b8f94", width=10)
    pen.rounded_rectangle((400, 58, 470, 84), 10, fill="#55595e")
    pen.rectangle((282, 250, 332, 300), fill="#e6e2d3")
    pen.text((288, 268), f"{number + 1}4-{number}27", fill="#222")


def _card(pen, number):
    pen.rounded_rectangle(
        (120, 90, 520, 390), 16, fill=("#e9efe6", "#efe9e1", "#e4eaf1")[number], outline="#888", width=3
    )
    pen.rectangle((150, 130, 270, 290), fill="#b9bec4")
    for row in range(6):
        pen.rectangle((300, 140 + 36 * row, 490 - 22 * (row % 3), 156 + 36 * row), fill="#9aa0a6")
    pen.text((270, 350), "SAMPLE", fill="#b33")


DRAWINGS = {"sofa": _sofa, "pothole": _pothole, "lamp": _lamp, "card": _card}
