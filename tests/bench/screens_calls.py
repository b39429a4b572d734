"""The screens that are measured: who opens them, and what the client asks then."""

from datetime import date

from .browser import Browser, Call, View

CAMPAIGN = "contacts.realcred.campaign"
MESSAGE = "sms.message"
REPORTS = {
    "sms.report": (["run_id"], ["state"], ["n:sum", "accepted:sum", "cost:sum"]),
    "sms.reply.report": (["run_id"], ["reply_class"], ["n:sum", "customers:sum"]),
}


def screens(
    people: dict[str, Browser], big: int, run: int, partner: int, number: str
) -> dict[str, tuple[str, Call]]:
    """{name: (who, call)} of all screens."""
    boss = people["manager"]
    found = {
        **campaigns(boss.view(CAMPAIGN, "form"), boss.view(CAMPAIGN, "list"), big),
        **messages(boss.view(MESSAGE, "list"), run, partner, number),
        **replies(boss, run),
        **contacts(boss, partner),
        **reports(),
    }
    found["import list"] = boss.view("sms.contact.import", "list").page()
    found["overview"] = Call("sms.watch", "read_overview")
    by_manager = {name: ("manager", call) for name, call in found.items()}
    return {**by_manager, **of_others(people)}


def campaigns(form: View, lines: View, big: int) -> dict[str, Call]:
    """The form, and what its widgets ask for beside it."""
    return {
        "campaign form": form.read(big),
        "campaign form: live figures": Call(CAMPAIGN, "read", [[big], ["sms_summary"]]),
        "campaign form: review": Call(CAMPAIGN, "sms_read_review", [[big]]),
        "campaigns list": lines.page(),
    }


def messages(lines: View, run: int, partner: int, number: str) -> dict[str, Call]:
    """The list of messages, searched and grouped as people do."""
    delivered = [("state", "=", "delivered"), ("direction", "=", "outgoing")]
    failed = [("state", "in", ["error", "rejected", "expired"])]
    local = number.removeprefix("+5511")
    return {
        "messages": lines.page(),
        "messages: page in the middle": lines.page(offset=5000),
        "messages of the campaign": lines.page([("run_id", "=", run)]),
        "messages: whole number typed": lines.page(typed("typed_phone", number)),
        "messages: number as people write": lines.page(
            typed("typed_phone", f"(11) {local[:5]}-{local[5:]}")
        ),
        "messages: last digits typed": lines.page(typed("typed_phone", local[-6:])),
        "messages: contact's name typed": lines.page(
            [("partner_id", "ilike", "Pessoa 77")]
        ),
        "messages: contact chosen": lines.page([("partner_id", "=", partner)]),
        "messages: delivered": lines.page(delivered),
        "messages: failed": lines.page(failed),
        "messages: left out (none)": lines.page([("state", "=", "canceled")]),
        "messages by state": lines.grouped(["state"]),
        "messages by campaign": lines.grouped(["run_id"]),
        "messages of campaign by state": lines.grouped(
            ["state"], [("run_id", "=", run)]
        ),
    }


def typed(field: str, text: str) -> list:
    """What the search bar makes of a text for a field without a domain of its own."""
    return [(field, "ilike", text)]


def replies(boss: Browser, run: int) -> dict[str, Call]:
    """*SMS › Replies* as it opens, and what waits."""
    incoming = [("direction", "=", "incoming")]
    lines = boss.view_of_action("sms-replies", "list")
    return {
        "replies": lines.page(incoming),
        "replies: unanswered": lines.page([*incoming, ("needs_answer", "=", True)]),
        "replies of the campaign": lines.page([*incoming, ("run_id", "=", run)]),
    }


def contacts(boss: Browser, partner: int) -> dict[str, Call]:
    """A customer of years."""
    form, timeline = boss.view("res.partner", "form"), boss.view("sms.timeline", "list")
    return {
        "contact form": form.read(partner),
        "contact's timeline": timeline.page([("partner_id", "=", partner)]),
    }


def reports() -> dict[str, Call]:
    """Graphs and pivots, of this month and of all times."""
    found = {}
    month = [("date", ">=", f"{date.today():%Y-%m}-01 00:00:00")]
    for model, (rows, columns, measures) in REPORTS.items():
        by_day = ["date:day", *columns]
        for period, domain in (("month", month), ("ever", [])):
            found[f"{model} graph: {period}"] = Call(
                model,
                "formatted_read_group",
                [domain, by_day, measures[:1]],
                {"context": {"fill_temporal": True}},
            )
            found[f"{model} pivot: {period}"] = Call(
                model,
                "formatted_read_grouping_sets",
                [domain, [[], rows, columns, rows + columns], measures],
            )
    return found


def of_others(people: dict[str, Browser]) -> dict[str, tuple[str, Call]]:
    """Screens of the salesperson, whose rules ask more, and of the supervisor."""
    salesperson, boss = people["salesperson"], people["admin"]
    own = salesperson.view(MESSAGE, "list")
    unanswered = [("direction", "=", "incoming"), ("needs_answer", "=", True)]
    jobs = boss.view("queue.job", "list").page(order="date_created DESC, id DESC")
    return {
        "salesperson: messages": ("salesperson", own.page()),
        "salesperson: unanswered replies": ("salesperson", own.page(unanswered)),
        "jobs list": ("admin", jobs),
    }
