"""HTTP client of the Kolmeya SMS gateway.

Plain Python: no database and no framework. It speaks the service's own words;
``gateway.py`` translates them. Everything is a POST, reads included.
"""

from collections.abc import Iterable, Iterator

from .kolmeya_client import KolmeyaClient
from .kolmeya_errors import UnreadableAnswer
from .kolmeya_parse import as_id, as_int, as_rows, as_text, digits, parse_balance

MAX_MESSAGES = 1000
MAX_PERIOD = 168  # hours that the service keeps replies
MAX_PAGES = 1000


class KolmeyaAPI(KolmeyaClient):
    """One account at Kolmeya. Not thread-safe: one instance per thread.

    Every method raises a ``KolmeyaError``. ``limits`` holds the rate headers of
    the last answer. Timeouts are in seconds.
    """

    # Sending: never repeated here, whatever happens.

    def send_batch(
        self,
        messages: Iterable[dict],
        reference: str | None = None,
        webhook_url: str | None = None,
    ) -> dict:
        """Send 1 to 1000 ``{"phone", "message", "reference"}`` (``sms/store``).

        Returns the answer, which has an ``id``; being in the answer is not being
        accepted: see its arrays.
        """
        return self._store("sms/store", messages, reference, webhook_url)

    def send_sms(
        self,
        phone: str,
        message: str,
        reference: str | None = None,
        webhook_url: str | None = None,
    ) -> dict:
        """Send one message; ``reference`` is the message's and the call's."""
        messages = [{"phone": phone, "message": message, "reference": reference}]
        return self._store("sms/store", messages, reference, webhook_url)

    def send_token(
        self,
        phone: str,
        message: str,
        reference: str | None = None,
        webhook_url: str | None = None,
    ) -> dict:
        """Send a one-time code: no address and no 0800 in it, ignores opt-outs."""
        messages = [{"phone": phone, "message": message, "reference": reference}]
        return self._store("sms/store-token", messages, reference, webhook_url)

    def _store(self, path, messages, reference, webhook_url) -> dict:
        body = self._store_body(list(messages), reference, webhook_url)
        self._drop_idle()
        answer = self._json(path, body)
        if not isinstance(answer, dict) or not as_text(answer.get("id")):
            raise UnreadableAnswer("no id", status=200, limits=self.limits)
        return answer

    def _store_body(self, messages, reference, webhook_url) -> dict:
        if not 1 <= len(messages) <= MAX_MESSAGES:
            raise ValueError(f"{len(messages)} messages, not 1 to {MAX_MESSAGES}")
        body = {
            "messages": [self._message(message) for message in messages],
            "reference": reference,
            "webhook_url": webhook_url,
            "tenant_segment_id": as_id(self.segment_id),
            "sms_api_id": as_id(self.sms_api_id),
        }
        return {key: value for key, value in body.items() if value}

    @staticmethod
    def _message(message: dict) -> dict:
        row = {"phone": digits(message["phone"]), "message": message["message"]}
        if message.get("reference"):
            row["reference"] = message["reference"]
        return row

    # Asking: changes nothing, hence repeated a little.

    def get_balance(self) -> dict:
        """``{"saldo": 9396.84, "balance_str": "R$9.396,84"}``; saldo may be None."""
        answer = self._ask("sms/balance")
        known = answer if isinstance(answer, dict) else {}
        value = known.get("balance", known.get("saldo"))
        return {"saldo": parse_balance(value), "balance_str": as_text(value) or ""}

    def get_segments(self) -> list[dict]:
        """Cost centres: ``[{"id": 109, "name": "CORPORATIVO"}]``."""
        return as_rows(self._ask("sms/segments"), "segments")

    def get_apis(self) -> list[dict]:
        """API products: ``[{"id": 12, "name": "Kolmeya"}]`` (a bare array)."""
        return as_rows(self._ask("sms/apis"), "apis")

    def status_request(
        self, *, id: str | None = None, reference: str | None = None
    ) -> dict:
        """Messages of one request, asked for by one of its two names."""
        if bool(id) == bool(reference):
            raise ValueError("either the id or the reference")
        body = {"id": id} if id else {"reference": reference}
        return self._ask("sms/status/request", body)

    def status_message(self, id: str) -> dict:
        """Status of one message, flat or with one entry in ``messages``."""
        return self._ask("sms/status/message", {"id": id})

    def get_replies(self, period: int = 24, page: int = 1) -> dict:
        """One page of the replies of the last ``period`` hours (1 to 168)."""
        period = max(1, min(int(period), MAX_PERIOD))
        return self._ask("sms/replys", {"period": period, "page": page})

    def iter_replies(self, period: int = 24) -> Iterator[dict]:
        """All pages' replies; ``next_page_url`` is a GET that would be a 404."""
        for page in range(1, MAX_PAGES + 1):
            answer = self.get_replies(period, page)
            rows = as_rows(answer, "data")
            yield from rows
            known = answer if isinstance(answer, dict) else {}
            if not rows or as_int(known.get("last_page")) <= page:
                return
            if as_int(known.get("current_page"), page) != page:
                return  # it ignores the page: the same rows would come for ever

    # Lists and the webhook.

    def blacklist_store(self, phones: Iterable[str]) -> None:
        """Block numbers for the whole account (201 with an empty body)."""
        self._blacklist("blacklist/store", phones)

    def blacklist_destroy(self, phones: Iterable[str]) -> None:
        """Unblock numbers (204 with an empty body)."""
        self._blacklist("blacklist/destroy", phones)

    def _blacklist(self, path: str, phones: Iterable[str]) -> None:
        rows = [{"phone": digits(phone)} for phone in phones]
        for start in range(0, len(rows), MAX_MESSAGES):
            raw = self._call(path, {"phones": rows[start : start + MAX_MESSAGES]})
            # It has no body; a page in its place comes from something before it.
            if raw.content.strip() and not raw.is_json:
                raise UnreadableAnswer("a page", status=raw.status, limits=self.limits)

    def test_webhook(self, url: str) -> None:
        """Ask the service to post a sample event to ``url``."""
        self._call("sms/webhook", {"webhook_url": url})
