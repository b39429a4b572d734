"""A gateway that answers as a test tells it; the provider type ``log`` speaks to it."""

from odoo.addons.sms_base_sr.models.sms_provider import SmsProvider
from odoo.addons.sms_base_sr.models.sms_provider_capabilities import (
    SmsProvider as Declaring,
)
from odoo.addons.sms_base_sr.tools import outcomes
from odoo.addons.sms_base_sr.tools.capabilities import VERBS, Capabilities


class FakeGateway:
    """Accepts everything unless the test queues another answer.

    ``calls`` holds the BatchRequests in order; ``answers`` are outcomes or
    functions of a request, used up first; ``listing`` is a QueryAnswer or a function
    of a reference.
    """

    def __init__(self):
        self.calls = []
        self.answers = []
        self.queries = []
        self.listing = outcomes.QueryAnswer(None, detail="not asked to answer")
        self.replies = []
        self.items = []

    def install(self, case):
        """Let the provider type ``log`` use this gateway for one test."""
        case.patch(
            SmsProvider,
            "_log_send_batch",
            lambda provider, request: lambda: self.send_batch(request),
        )
        # Whatever verb a test adds is one that this account has.
        declared = Capabilities(**dict.fromkeys(VERBS, True))
        case.patch(Declaring, "_log_capabilities", lambda provider: declared)
        for verb, value in {
            "_log_query_batch": lambda provider, ref: lambda: self.query(ref),
            "_log_fetch_replies": lambda provider, hours: lambda: self.replies,
            "_log_parse_webhook": lambda provider, body: self.items,
        }.items():
            setattr(SmsProvider, verb, value)
            case.addCleanup(delattr, SmsProvider, verb)
        return self

    def send_batch(self, request):
        """Answer one call."""
        self.calls.append(request)
        answer = self.answers.pop(0) if self.answers else self.accept
        return answer(request) if callable(answer) else answer

    def accept(self, request):
        """Accept every message of a call."""
        results = tuple(
            outcomes.MessageResult(m.reference, "sent", f"gw-{m.reference}")
            for m in request.messages
        )
        return outcomes.Accepted(f"req-{request.reference}", results)

    def query(self, reference):
        """Answer a question about a batch."""
        self.queries.append(reference)
        return self.listing(reference) if callable(self.listing) else self.listing

    @property
    def phones(self):
        """Numbers of all accepted and refused calls, in order."""
        return [m.phone for call in self.calls for m in call.messages]
