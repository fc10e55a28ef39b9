"""PDFs per second through the documents engine, beside Typst alone.

A certificate as PDF/A-2a and PDF/UA-1 with QR code and checked letters, beside the same page as a plain PDF.
And whether the same input gives the same bytes, 1,000 times.
"""
# ruff: noqa: E402 (Django must be set up before the engine is imported)

import datetime as dt
import hashlib
import json
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "machi.house.settings")
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

import django

django.setup()

import typst

from machi.engines.documents.fonts import fonts
from machi.engines.documents.queries import issued_words, to_be_set
from machi.engines.documents.typesetting import OPENING, PAPER, plain, typeset
from machi.ground.calendar import TOKYO
from machi.ground.ids import reference_code

COUNT = 1000
AT = dt.datetime(2026, 11, 22, 9, 30, tzinfo=TOKYO)
OFFICE = {"unit": "citizens", "title": {"ja": "市民課"}, "city": {"ja": "常総市"}, "sign": "市民"}
BUNDLE = {
    "title": {"ja": "証明書"},
    "paper": "A4",
    "data": {"name": "name", "birth": "birth", "address": "address", "fee": "fee"},
    "template": """#show: paper
= 証明書
#facts(
  ([氏名], name(data.name)), ([生年月日], era(data.birth)), ([住所], data.address), ([手数料], yen(data.fee)),
)
#certify([上記のとおり相違ないことを証明する。], [#issued.city 市長])
""",
}


def person(number):
    """The data of the certificate number `number`."""
    name = ("髙橋", "𠮷野", "渡邊\U000e0112", "宮﨑")[number % 4]
    return {
        "name": f"{name} 花子{number}",
        "birth": dt.date(1950 + number % 70, 3, 4),
        "address": f"常総市水海道諏訪町{number}番地",
        "fee": 300,
    }


def through_the_engine(codes):
    """One PDF for each code; the digest of all of them."""
    digest = hashlib.sha256()
    for number, code in enumerate(codes):
        issued = issued_words(
            BUNDLE, at=AT, number=f"市民第{number}号", code=code, office=OFFICE, language="ja"
        )
        digest.update(typeset(**to_be_set(BUNDLE, person(number), issued), at=AT))
    return digest.hexdigest()


def through_typst_alone(inputs):
    """The same pages from ready inputs, without standards, tags and checks."""
    compiler = typst.Compiler(root=PAPER, font_paths=fonts(wide=False))
    source = (OPENING + BUNDLE["template"]).encode()
    for ready in inputs:
        compiler.compile(input=source, format="pdf", sys_inputs=ready, timestamp=0, pdf_tags=False)


def ready_inputs(codes):
    """What the engine hands to Typst for each code."""
    for number, code in enumerate(codes):
        issued = issued_words(
            BUNDLE, at=AT, number=f"市民第{number}号", code=code, office=OFFICE, language="ja"
        )
        yield {"data": json.dumps(plain(person(number))), "issued": json.dumps(issued)}


def per_second(work, inputs):
    """(PDFs per second, what the work gave) after one PDF that warms up."""
    work(inputs[:1])
    start = time.perf_counter()
    result = work(inputs)
    return len(inputs) / (time.perf_counter() - start), result


codes = [reference_code() for _ in range(COUNT)]
ours, first = per_second(through_the_engine, codes)
alone, _nothing = per_second(through_typst_alone, list(ready_inputs(codes)))
again = through_the_engine(codes)
if again != first:
    sys.exit("The same input gave other bytes.")
print(f"{COUNT} documents: the same bytes twice (SHA-256 of all: {first[:16]}…)")
print(
    json.dumps(
        {
            "name": "documents.pdf",
            "value": round(ours, 1),
            "unit": "PDF/s",
            "beside": "Typst alone, plain PDF",
            "beside_value": round(alone, 1),
            "ratio": round(ours / alone, 3),
        },
        ensure_ascii=False,
    )
)
