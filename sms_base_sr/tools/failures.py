"""Why a message was not sent or not delivered: the project's whole vocabulary.

The first group is decided by us before the call, the second by the gateway when
it answers the call, the third reported afterwards.
"""

BEFORE = [
    ("no_number", "No phone number"),
    ("invalid_number", "Invalid phone number"),
    ("landline", "Not a mobile number"),
    ("duplicate", "Number already in this campaign"),
    ("blacklisted", "Blacklisted"),
    ("opt_out", "Opted out"),
    ("do_not_disturb", "Do-not-disturb register"),
    ("no_consent", "Outside consent purpose"),
    ("deceased", "Deceased"),
    ("not_updated", "Limit not updated"),
    ("missing_value", "A value of the text is missing"),
    ("text_failed", "The text could not be made"),
    ("frequency_cap", "Texted too often"),
    ("campaign_canceled", "Campaign cancelled"),
    ("user_canceled", "Cancelled by a user"),
]
BY_GATEWAY = [
    ("gateway_invalid", "Gateway: invalid number"),
    ("gateway_duplicate", "Gateway: repeated number"),
    ("gateway_blacklist", "Gateway: blacklisted"),
    ("gateway_do_not_disturb", "Gateway: do-not-disturb register"),
    ("gateway_content", "Gateway: content refused"),
    ("not_listed", "Gateway: message not listed"),
]
AFTERWARDS = [
    ("not_delivered", "Not delivered"),
    ("rejected", "Rejected by the carrier"),
    ("expired", "Expired"),
    ("not_attempted", "The gateway could not be reached"),
    ("unknown", "Unknown"),
]
FAILURES = BEFORE + BY_GATEWAY + AFTERWARDS

# What may be tried again, and whether that is worth while without a second thought.
# Never: who must not be texted, what would be refused again, and what may have arrived.
# ``error`` stands where a gateway gives no reason.
RETRIABLE = {
    "not_attempted": True,
    "expired": True,
    "not_delivered": True,
    "error": True,
    "rejected": False,
}
