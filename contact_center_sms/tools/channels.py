"""Which channel a ChatRoom connector is: what people call it, not whom it connects.

WhatsApp has several types of connectors, one for each way to it.
"""

WHATSAPP = ("apichat.io", "chatapi", "gupshup", "waba_extern")
OTHERS = {"facebook": "facebook", "instagram": "instagram", "wechat": "wechat"}
CHANNELS = [
    ("sms", "SMS"),
    ("whatsapp", "WhatsApp"),
    ("facebook", "Facebook"),
    ("instagram", "Instagram"),
    ("wechat", "WeChat"),
    ("other", "Other"),
]


def channel_of(connector_type: str | None) -> str:
    """Return the channel's key for a connector's type."""
    if connector_type == "sms":
        return "sms"
    if connector_type in WHATSAPP:
        return "whatsapp"
    return OTHERS.get(connector_type or "", "other")


def types_of(channel: str, known: list[str]) -> list[str]:
    """Return those of the known connector types that are a channel."""
    return [name for name in known if channel_of(name) == channel]


def case_sql(column: str) -> str:
    """Return the same decision as an SQL expression of constants."""
    ways = ", ".join(f"'{name}'" for name in WHATSAPP)
    others = " ".join(f"WHEN {column} = '{n}' THEN '{c}'" for n, c in OTHERS.items())
    return (
        f"(CASE WHEN {column} = 'sms' THEN 'sms'"
        f" WHEN {column} IN ({ways}) THEN 'whatsapp' {others} ELSE 'other' END)"
    )
