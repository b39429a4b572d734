"""How core's ``sms`` names what happens to an SMS: our states in its words.

Core knows *process* (handed over), *pending* (which it shows as Sent) and *sent*
(Delivered). The reasons are those of its notifications, traces and rows.
"""

# Why a message was left out, refused or not delivered, by our name of it.
FAILURES = {
    "no_number": "sms_number_missing",
    "invalid_number": "sms_number_format",
    "gateway_invalid": "sms_number_format",
    "landline": "sms_invalid_destination",
    "opt_out": "sms_optout",
    "blacklisted": "sms_blacklist",
    "gateway_blacklist": "sms_blacklist",
    "do_not_disturb": "sms_not_allowed",
    "gateway_do_not_disturb": "sms_not_allowed",
    "no_consent": "sms_not_allowed",
    "frequency_cap": "sms_not_allowed",
    "duplicate": "sms_duplicate",
    "gateway_duplicate": "sms_duplicate",
    "gateway_content": "sms_rejected",
    "not_listed": "sms_rejected",
    "rejected": "sms_rejected",
    "expired": "sms_expired",
    "not_delivered": "sms_not_delivered",
    "not_attempted": "sms_server",
}
# Where the state alone tells the reason.
STATE_FAILURES = {
    "error": "sms_not_delivered",
    "expired": "sms_expired",
    "rejected": "sms_rejected",
}
# Names that core lacks on some of its models; each is made where it is missing.
ADDED_CHOICES = [
    ("sms_blacklist", "Blacklisted"),
    ("sms_duplicate", "Duplicate"),
    ("sms_optout", "Opted Out"),
    ("sms_expired", "Expired"),
    ("sms_invalid_destination", "Invalid Destination"),
    ("sms_not_allowed", "Not Allowed"),
    ("sms_not_delivered", "Not Delivered"),
    ("sms_rejected", "Rejected"),
]
# What core's sending understands as having gone well.
_RESULTS = {
    "draft": "processing",
    "outgoing": "processing",
    "sent": "sent",
    "delivered": "delivered",
}


def failure(state: str, reason: str | None) -> str:
    """Core's reason for a message of ours that is not going to arrive."""
    if state in STATE_FAILURES and reason != "not_attempted":
        return STATE_FAILURES[state]
    return FAILURES.get(reason or "", "unknown")


def result(state: str, reason: str | None) -> str:
    """What a provider of core's answers for a message in this state."""
    return _RESULTS.get(state) or failure(state, reason)


def may_begin_anew(state: str, reason: str | None) -> bool:
    """Whether nothing of a message has left, or ever will."""
    return state == "canceled" or reason == "not_attempted"
