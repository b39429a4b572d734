"""``python -m tests.demo``: run the campaign against a prepared server.

Reads ``.local/demo.json`` (addresses and keys) and ends 0 only if the figures of
Odoo and of the simulator agree.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import requests

from . import campaign, links, recipients, report
from .follow import Follower, TimedOut
from .json2 import Json2


def main() -> int:
    """Run the main job and print its summary."""
    parser = argparse.ArgumentParser(prog="tests.demo")
    parser.add_argument("settings", type=Path)
    parser.add_argument("--recipients", type=int, default=10000)
    parser.add_argument("--limit", type=float, help="seconds at most")
    parser.add_argument("--only-draft", action="store_true")
    options = parser.parse_args()
    options.limit = options.limit or max(300, options.recipients / 100)
    settings = json.loads(options.settings.read_text())
    users = {
        name: Json2(settings["url"], key, settings["database"])
        for name, key in settings["keys"].items()
    }
    if not options.only_draft:
        code = run_campaign(users, options, settings)
        if code:
            return code
        if settings.get("simulator"):
            clicked_campaign(users["manager"], settings)
    draft_campaign(users["manager"])
    return 0


def clicked_campaign(manager: Json2, settings: dict) -> None:
    """Leave a campaign with short links that some customers have opened."""
    print("==> a small campaign with short links, opened by some ...", end=" ")
    summary = links.run(manager, settings["simulator"], "Oferta com link")
    print(f"{summary['clicked']} of {summary['sent']}", flush=True)


def draft_campaign(manager: Json2) -> None:
    """Leave a small campaign that a person can send by hand."""
    name = "Demo: press Send SMS"
    domain = [["name_campaign", "=", name]]
    if not manager.count("contacts.realcred.campaign", domain):
        contacts = recipients.make(300, seed=77)
        campaign.import_contacts(manager, name, contacts, "realcred_margem")


def run_campaign(users: dict, options, settings: dict) -> int:
    """Import, send, follow, compare."""
    manager = users["manager"]
    started = time.monotonic()
    contacts = recipients.make(options.recipients)
    print(f"==> importing {len(contacts)} made-up contacts ...", end=" ", flush=True)
    campaign.import_blacklist(users["admin"], contacts)
    number = campaign.import_contacts(
        manager, "Margem de novembro", contacts, "realcred_margem"
    )
    print(f"{time.monotonic() - started:.1f} s")
    print("==> the campaign manager presses “Send SMS”", flush=True)
    follower = Follower(lambda: campaign.read_summary(manager, number), options.limit)
    campaign.send(manager, number)
    try:
        summary = follower.follow()
    except TimedOut as error:
        print(f"The campaign did not come to rest {error}", file=sys.stderr)
        if settings.get("simulator"):
            return 1
        summary = campaign.read_summary(manager, number)
    return finish(users, settings, summary, follower)


def finish(users: dict, settings: dict, summary: dict, follower: Follower) -> int:
    """Print the summary and compare it with the gateway's ledger."""
    counts = count_effects(users["admin"])
    seconds = follower.final_after or time.monotonic() - follower.started
    shown = report.figures(summary, counts, seconds)
    print(report.readable(summary, counts, follower.sent_after or seconds, seconds))
    wrong = compare(settings, shown, summary)
    for difference in wrong:
        print(f"DISAGREES WITH THE GATEWAY'S LEDGER: {difference}", file=sys.stderr)
    print(report.as_line(shown), flush=True)
    return 1 if wrong else 0


def count_effects(admin: Json2) -> dict:
    """Count what the replies have led to."""
    [reply] = admin.call(
        "ir.model.data",
        "search_read",
        domain=[
            ["module", "=", "sms_base_sr"],
            ["name", "=", "mail_activity_type_reply"],
        ],
        fields=["res_id"],
    )
    todo = [["activity_type_id", "=", reply["res_id"]]]
    return {
        "conversations": admin.count(
            "acrux.chat.conversation", [["connector_id.connector_type", "=", "sms"]]
        ),
        "activities": admin.count("mail.activity", todo),
        "opt_outs": admin.count("sms.message", [["reply_class", "=", "opt_out"]]),
        "notes": admin.count("mail.message", [["message_type", "=", "sms"]]),
    }


def compare(settings: dict, shown: dict, summary: dict) -> list[str]:
    """Return the differences; there is nothing to compare with a real gateway."""
    if not settings.get("simulator"):
        return []
    url = f"{settings['simulator']}/_control/ledger"
    ledger = requests.get(url, timeout=30).json()
    return report.differences(shown, summary, ledger)


if __name__ == "__main__":
    sys.exit(main())
