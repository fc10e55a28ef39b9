"""The door of the documents engine: numbers, issued papers, and whether a paper is genuine."""

from machi.engines.documents.actions import NotValid, destroy, issue, next_number, pdf, withdraw
from machi.engines.documents.compile import check_data, sample_data
from machi.engines.documents.forms import print_form
from machi.engines.documents.letters import letter, places
from machi.engines.documents.marks import Mark, read_mark
from machi.engines.documents.models import IssuedDocument
from machi.engines.documents.queries import (
    document,
    documents_of,
    find,
    find_by_digest,
    preview,
    verify_url,
)
from machi.engines.documents.rules import faults_of_format
from machi.engines.documents.typesetting import DocumentFault, MissingGlyph

__all__ = [
    "DocumentFault",
    "IssuedDocument",
    "Mark",
    "MissingGlyph",
    "NotValid",
    "check_data",
    "destroy",
    "document",
    "documents_of",
    "faults_of_format",
    "find",
    "find_by_digest",
    "issue",
    "letter",
    "next_number",
    "pdf",
    "places",
    "preview",
    "print_form",
    "read_mark",
    "sample_data",
    "verify_url",
    "withdraw",
]
