"""The readable summary, the JSON line, and the comparison with the gateway."""

import json

REASONS = {
    "no_number": "no phone number",
    "invalid_number": "invalid number",
    "landline": "not a mobile number",
    "deceased": "deceased",
    "not_updated": "limit not updated",
    "blacklisted": "blacklisted",
    "opt_out": "opted out",
    "do_not_disturb": "on a do-not-disturb list",
    "no_consent": "no consent for the purpose",
    "duplicate": "number already in this campaign",
    "missing_value": "a value of the text is missing",
    "gateway_invalid": "refused by the gateway: invalid number",
    "gateway_blacklist": "refused by the gateway: its blacklist",
    "gateway_do_not_disturb": "refused by the gateway: do-not-disturb register",
}


def figures(summary: dict, counts: dict, seconds: float) -> dict:
    """Return what the last line shows."""
    return {
        "recipients": summary["recipients"],
        "planned": summary["planned"],
        "excluded": dict(sorted(summary["excluded"].items())),
        "accepted": summary["sent"],
        "delivered": summary["delivered"],
        "failed": summary["failed"],
        "replies": summary["replies"],
        "conversations": counts["conversations"],
        "activities": counts["activities"],
        "cost": summary["cost"],
        "seconds": round(seconds, 2),
    }


def readable(summary: dict, counts: dict, sent_after: float, seconds: float) -> str:
    """Return the summary for people."""
    lines = ["", "Left out, and why:"]
    for reason, count in sorted(summary["excluded"].items(), key=lambda x: -x[1]):
        lines.append(f"  {count:>7}  {REASONS.get(reason, reason)}")
    lines += ["", "Sent:"]
    lines.append(f"  {summary['sent']:>7}  accepted by the gateway")
    lines.append(f"  {summary['delivered']:>7}  delivered")
    for reason, count in sorted(summary["failed_by_reason"].items()):
        lines.append(f"  {count:>7}  failed: {reason}")
    lines += ["", "Answered:"]
    lines.append(f"  {summary['replies']:>7}  replies")
    lines.append(f"  {counts['opt_outs']:>7}  opt-outs among them")
    lines.append(f"  {counts['notes']:>7}  notes in the chatter of contacts (SMS)")
    lines.append(f"  {counts['activities']:>7}  activities for salespeople")
    lines.append(f"  {counts['conversations']:>7}  ChatRoom conversations")
    rate = summary["sent"] / sent_after if sent_after else 0
    lines += ["", f"{summary['segments']} segments, R$ {summary['cost']:.2f}"]
    lines.append(
        f"campaign done after {sent_after:.1f} s ({rate:.0f} messages/s), "
        f"all final after {seconds:.1f} s"
    )
    return "\n".join(lines)


def as_line(shown: dict) -> str:
    """Return the figures as one line of JSON."""
    return json.dumps(shown, ensure_ascii=False)


def differences(shown: dict, summary: dict, ledger: dict) -> list[str]:
    """Return where Odoo's figures and the simulator's ledger disagree."""
    final = ledger["final"]
    pairs = [
        ("accepted", shown["accepted"], ledger["accepted"]),
        ("delivered", shown["delivered"], final.get("delivered", 0)),
        (
            "failed",
            shown["failed"],
            sum(count for name, count in final.items() if name != "delivered"),
        ),
        ("replies", shown["replies"], ledger["replies"]),
        (
            "refused by the gateway",
            sum(n for r, n in shown["excluded"].items() if r.startswith("gateway_")),
            sum(ledger["refused"].values()),
        ),
        ("cost", round(shown["cost"], 2), round(ledger["spent"], 2)),
        (
            "recipients",
            shown["recipients"],
            shown["accepted"] + sum(shown["excluded"].values()),
        ),
        ("texted twice", 0, sum(map(len, ledger["duplicates"].values()))),
        ("unknown", summary["unknown"], 0),
    ]
    return [
        f"{name}: {ours} here, {theirs} there"
        for name, ours, theirs in pairs
        if ours != theirs
    ]
