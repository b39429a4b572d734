"""Rows that Kolmeya refuses, as the body of a 422 names them."""

import re
from collections.abc import Sequence

from odoo.addons.sms_base_sr.tools.gateway_headers import error_texts

from .kolmeya_errors import redact

_ROW = re.compile(r"\bmessages\.(\d+)(?!\d)")


def rows_named(references: Sequence[str], body: object) -> dict[str, str]:
    """Reason by reference of every row that ``errors.messages.N…`` names.

    The errors come as an object of lists, or as texts that quote the field.
    """
    rows: dict[str, str] = {}
    for text in error_texts(body):
        for number in map(int, _ROW.findall(text)):
            if number < len(references):
                rows.setdefault(references[number], redact(text))
    return rows
