"""Kolmeya behind the neutral contract of ``sms_base_sr.tools.outcomes``.

The only question that matters after a call is whether the gateway may have
accepted it. Whatever does not prove the contrary is ``Unknown``.
"""

from odoo.addons.sms_base_sr.tools.gateway_outcome import (
    answer_of,
    outcome_of,
    rate_limit,
)
from odoo.addons.sms_base_sr.tools.inbound import ReplyItem
from odoo.addons.sms_base_sr.tools.outcomes import (
    Accepted,
    Balance,
    BatchRequest,
    MessageResult,
    Outcome,
    QueryAnswer,
    RateLimit,
    RefusedContent,
)

from .kolmeya_api import MAX_MESSAGES, KolmeyaAPI
from .kolmeya_errors import HttpRefusal
from .kolmeya_match import Matcher
from .kolmeya_parse import as_text
from .kolmeya_verdict import rows_named
from .payloads import reply_item, status_items

#: array of the answer: (state, failure type)
ARRAYS = {
    "valids": ("sent", None),
    "invalids": ("rejected", "gateway_invalid"),
    "blacklist": ("canceled", "gateway_blacklist"),
    "not_disturb": ("canceled", "gateway_do_not_disturb"),
    "duplicates": ("canceled", "gateway_duplicate"),
}


class KolmeyaGateway:
    """One account at Kolmeya, in the words that all providers share.

    ``send_batch`` and ``query_batch`` never raise; the others raise a
    ``KolmeyaError``, whose text is fit to be shown.
    """

    def __init__(self, api: KolmeyaAPI):
        self.api = api

    def __repr__(self) -> str:
        return f"<KolmeyaGateway of {self.api!r}>"

    @property
    def limits(self) -> RateLimit | None:
        """What the last answer's headers said."""
        return rate_limit(self.api.limits)

    def send_batch(self, batch: BatchRequest) -> Outcome:
        """Make the call, once, and say what is known of it."""
        if not 1 <= len(batch.messages) <= MAX_MESSAGES:
            return RefusedContent(detail=f"not 1 to {MAX_MESSAGES} messages")
        rows = [
            {"phone": sms.phone, "message": sms.text, "reference": sms.reference}
            for sms in batch.messages
        ]
        references = [sms.reference for sms in batch.messages]

        def send():
            answer = self.api.send_batch(rows, batch.reference, batch.webhook_url)
            return self._accepted(batch, answer)

        return outcome_of(send, lambda body: rows_named(references, body))

    def _accepted(self, batch: BatchRequest, answer: dict) -> Accepted:
        sent = [(sms.reference, sms.phone) for sms in batch.messages]
        found = Matcher(sent).read(answer)
        results = tuple(
            _result(sms.reference, *found[sms.reference])
            for sms in batch.messages
            if sms.reference in found
        )
        return Accepted(as_text(answer["id"]), results, limits=self.limits)

    def query_batch(self, reference: str) -> QueryAnswer:
        """What the gateway knows of a request of ours.

        *Not found* only on a 404 that is JSON: a proxy's page proves nothing.
        """
        return answer_of(lambda: self._query(reference))

    def _query(self, reference: str) -> QueryAnswer:
        try:
            return _found(reference, self.api.status_request(reference=reference))
        except HttpRefusal as error:
            absent = error.status == 404 and error.is_json
            return QueryAnswer(False if absent else None, detail=str(error))

    def fetch_replies(self, hours: int) -> list[ReplyItem]:
        """Replies to API messages of the last ``hours`` (at most 168 are kept)."""
        return [reply_item(raw) for raw in self.api.iter_replies(hours)]

    def balance(self) -> Balance:
        """Balance of the account; the amount is None when it cannot be read."""
        answer = self.api.get_balance()
        return Balance(answer["saldo"], answer["balance_str"])

    def segments(self) -> list[tuple[str, str]]:
        """Cost centres of the account as ``(id, name)``."""
        rows = [
            (as_text(row.get("id")), as_text(row.get("name")))
            for row in self.api.get_segments()
        ]
        return [(number, name or number) for number, name in rows if number]


def _result(reference, array, message_id, detail) -> MessageResult:
    state, failure_type = ARRAYS[array]
    return MessageResult(reference, state, message_id, failure_type, detail)


def _found(reference: str, answer: object) -> QueryAnswer:
    if not isinstance(answer, dict) or not as_text(answer.get("id")):
        return QueryAnswer(None, detail="the answer names no request")
    echoed = as_text(answer.get("reference"))
    if echoed not in (None, reference):
        return QueryAnswer(None, detail="the answer is of another request")
    items = tuple(status_items({"messages": [], **answer}))
    return QueryAnswer(True, as_text(answer["id"]), items)
