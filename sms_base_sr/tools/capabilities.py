"""What a type of provider can do, declared in one place; the engine adapts.

A verb that nobody declares is never called, even where a method of its name exists.
"""

from dataclasses import dataclass

#: The largest call that the engine makes, whatever a gateway allows.
LARGEST_BATCH = 1000


@dataclass(frozen=True)
class Capabilities:
    """Declared by ``_<provider_type>_capabilities()``.

    :param batch_size: messages that one call may hold
    :param status_query: can be asked what became of a call, by our reference;
        without it an unknown call waits for a person, and reports come by webhook only
    :param replies: keeps replies that can be fetched
    :param webhooks: calls us, and ``parse_webhook`` understands what it says
    :param blacklist: can be told which numbers it must block
    :param balance: tells what is left on the account
    """

    batch_size: int = LARGEST_BATCH
    status_query: bool = False
    replies: bool = False
    webhooks: bool = False
    blacklist: bool = False
    balance: bool = False

    def __post_init__(self):
        if not 1 <= self.batch_size <= LARGEST_BATCH:
            raise ValueError(f"batch_size: 1 to {LARGEST_BATCH}, not {self.batch_size}")

    def allow(self, verb: str) -> bool:
        """Whether a verb may be called: undeclared are those that none governs."""
        name = _CAPABILITY_OF.get(verb)
        return name is None or getattr(self, name)


#: capability: the verbs that its provider type implements
VERBS = {
    "status_query": ("query_batch",),
    "replies": ("fetch_replies",),
    "webhooks": ("parse_webhook",),
    "blacklist": ("blacklist_add", "blacklist_remove"),
    "balance": ("read_balance", "refresh_balance"),
}
_CAPABILITY_OF = {verb: name for name, verbs in VERBS.items() for verb in verbs}
