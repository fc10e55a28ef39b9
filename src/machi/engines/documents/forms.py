"""Forms as paper: set like documents, with a mark in the corner of each page by which the paper finds its way back."""

import io

import pypdf

from machi.engines.documents.marks import written
from machi.engines.documents.typesetting import qr_svg, typeset

TEMPLATE = '#import "/form.typ": form\n#show: form'


def print_form(*, form, version, code, data, at):
    """The PDF (bytes) of a form. `form` and `version` name its definition, `code` the draft or case ("" when blank).

    data: title, gloss, city, office, legal, language, and `pages` as questions.on_paper gives them. It is set twice:
    how many pages there are is known only then. Raises MissingGlyph, DocumentFault.
    """
    issued = {"code": code, "marks": []}
    first = typeset(TEMPLATE, data=data, issued=issued, at=at)
    count = len(pypdf.PdfReader(io.BytesIO(first)).pages)
    marks = [qr_svg(written(form, version, code, page, count)) for page in range(1, count + 1)]
    return typeset(TEMPLATE, data=data, issued={**issued, "marks": marks}, at=at)
