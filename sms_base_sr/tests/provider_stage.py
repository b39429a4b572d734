"""What the contract's suite must be told of a provider type and its gateway."""

from odoo.addons.sms_base_sr.tools import outcomes


class ProviderStage:
    """Override these; a gateway that has no such thing keeps what stands here."""

    #: The reasons for which the gateway refuses single messages of an accepted call,
    #: and the state that each leads to.
    REFUSALS: dict[str, str] = {}
    #: Whether a refused call is answered at all (a type without a wire has none).
    REFUSES_CONTENT = False

    def make_provider(self):
        """Return a provider of the type under test, ready to be used."""
        raise NotImplementedError

    def point_to(self, provider, url):
        """Let the provider call ``url`` instead; False where it calls nobody."""
        return False

    def accept_everything(self):
        """Let the gateway that the provider talks to accept each message."""

    def accepted(self):
        """Return our references of all messages that the gateway took, in order."""
        return []

    def refuse_number(self, phone, failure_type):
        """Let the gateway refuse this number, for one of ``REFUSALS``."""

    def refuse_content(self, row):
        """Let the gateway refuse the next call for one row (None: it names none)."""

    def lose_answer(self, accepted):
        """Let the next call's answer get lost, after or before it was accepted."""

    def know_nothing(self):
        """Let the gateway know no call at all."""

    def status_body(self, message, state):
        """Return what a webhook says of a message (``sent``, ``delivered`` …)."""

    def reply_body(self, message, text):
        """Return what a webhook says of a reply to a message."""

    # -- tools of the suite ------------------------------------------------------------

    def request(self, count=2, reference="batch-1", texts=None):
        """Return a call with some messages."""
        texts = texts or [f"Olá {n}" for n in range(count)]
        messages = tuple(
            outcomes.OutgoingSms(f"ref-{n}", f"+55119{n + 80_000_000:08d}", text)
            for n, text in enumerate(texts)
        )
        return outcomes.BatchRequest(reference, messages)

    def secrets_of(self, provider):
        """All secrets in clear; none of them may be seen anywhere."""
        sealed = [name for name in provider._fields if name.endswith("_sealed")]
        found = (provider._get_secret(name.removesuffix("_sealed")) for name in sealed)
        return [secret for secret in found if secret]
