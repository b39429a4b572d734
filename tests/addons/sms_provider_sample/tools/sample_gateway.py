"""The sample gateway's words, translated: plain Python, no database."""

from datetime import datetime

from odoo.addons.sms_base_sr.tools import inbound, outcomes
from odoo.addons.sms_base_sr.tools.gateway_client import GatewayClient
from odoo.addons.sms_base_sr.tools.gateway_errors import UnreadableAnswer
from odoo.addons.sms_base_sr.tools.gateway_outcome import (
    answer_of,
    outcome_of,
    rate_limit,
    replies_of,
)

RESULTS = {
    "QUEUED": ("sent", None),
    "BAD_NUMBER": ("rejected", "gateway_invalid"),
    "REPEATED": ("canceled", "gateway_duplicate"),
}
STATES = {
    "QUEUED": ("sent", None),
    "DONE": ("delivered", None),
    "FAILED": ("error", "not_delivered"),
    "TIMED_OUT": ("expired", "expired"),
}


class SampleGateway(GatewayClient):
    """One account at the sample gateway, in the words that all providers share."""

    TOKEN_HEADER = ("X-Api-Key", "{}")

    def send_batch(self, request):
        references = [sms.reference for sms in request.messages]
        rows = [
            {"to": m.phone, "content": m.text, "custom_id": m.reference}
            for m in request.messages
        ]
        body = {"items": rows, "tag": request.reference, "notify": request.webhook_url}

        def send():
            found = {row["custom_id"]: row for row in self.items("v2/messages", body)}
            results = [result_of(ref, found[ref]) for ref in references if ref in found]
            limits = rate_limit(self.limits)
            return outcomes.Accepted(request.reference, tuple(results), limits=limits)

        return outcome_of(send, lambda answer: rows_named(references, answer))

    def query_batch(self, reference):
        def ask():
            rows = self.items("v2/lookup", {"tag": reference}, self.ask)
            items = tuple(map(status_item, rows))
            return outcomes.QueryAnswer(bool(items), reference, items)

        return answer_of(ask)

    def fetch_replies(self, hours):
        def fetch():
            return list(map(reply_item, self.items("v2/inbox", {"hours": hours})))

        return replies_of(fetch)

    def items(self, path, body, call=None):
        answer = (call or self.send)(path, body)
        if not isinstance(answer, dict) or not isinstance(answer.get("items"), list):
            raise UnreadableAnswer("no items", status=200)
        return answer["items"]


def result_of(reference, row):
    state, failure_type = RESULTS[row["result"]]
    return outcomes.MessageResult(reference, state, row.get("id"), failure_type)


def rows_named(references, answer):
    errors = answer.get("errors") if isinstance(answer, dict) else None
    return {references[e["item"]]: e["why"] for e in errors or [] if "item" in e}


def status_item(row):
    state, failure_type = STATES.get(row["state"], (None, None))
    known = {"code": row["state"], "state": state, "failure_type": failure_type}
    return inbound.StatusItem(message_id=row["id"], reference=row["custom_id"], **known)


def reply_item(row):
    at = datetime.fromisoformat(row["at"])
    who = {"phone": row["from"], "message_id": row.get("answers"), "occurred_at": at}
    return inbound.ReplyItem(reply_id=row["id"], text=row["text"], **who)


def parse_webhook(body):
    if "reply" in body:
        return [reply_item(body["reply"])]
    return [status_item(body["status"])]
