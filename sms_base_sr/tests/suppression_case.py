"""Facts for which somebody is not texted, each made as it comes about."""

from datetime import datetime, timedelta

from odoo import fields

from .reply_case import ReplyCase

NUMBER = "+5511900000000"
LONG_AGO = datetime(2026, 1, 5, 12, 0)
# The reasons that hold at the claim as well; the others are the planner's alone.
LATE = (
    "opt_out",
    "blacklisted",
    "gateway_blacklist",
    "do_not_disturb",
    "gateway_do_not_disturb",
    "no_consent",
    "frequency_cap",
)


class SuppressionCase(ReplyCase):
    """A promotional campaign of a company that asks for consent and caps its SMS."""

    def setUp(self):
        super().setUp()
        self.company.write(
            {
                "sms_consent_promotional": "marketing",
                "sms_cap_promotional": 1,
                "sms_window_start": 0,
                "sms_window_end": 24,
                "sms_holidays": "none",
            }
        )
        self.consent = self.consent_of(NUMBER)
        self.earlier = self.new_run(message_class="promotional", name="Earlier")

    def consent_of(self, number, **values):
        defaults = {"phone": number, "source": "Form", "date_from": LONG_AGO}
        return self.env["sms.consent"].create({**defaults, **values})

    def register(self, *numbers, name="Não Perturbe", **values):
        """A list in force."""
        made = self.env["sms.do.not.disturb"].create(
            {"name": name, "state": "active", "loaded_at": LONG_AGO, **values}
        )
        self.env["sms.do.not.disturb.number"].create(
            [{"list_id": made.id, "number": number} for number in numbers]
        )
        return made

    def refused(self, reason, number=NUMBER, days_ago=1, provider=None):
        """A gateway has refused the number."""
        since = fields.Datetime.now() - timedelta(days=days_ago)
        provider = provider or self.provider
        return self.env["sms.gateway.block"].create(
            {
                "provider_id": provider.id,
                "number": number,
                "reason": reason,
                "since": since,
            }
        )

    def happen(self, reason):
        """Let one reason hold for NUMBER; returns nothing."""
        getattr(self, f"happen_{reason}")()

    def happen_opt_out(self):
        self.accepted_message(phone=NUMBER, run_id=self.earlier.id, sent_date=LONG_AGO)
        day = LONG_AGO + timedelta(days=1)
        self.reply("SAIR", phone=NUMBER, occurred_at=day)

    def happen_blacklisted(self):
        if not self.blacklisted(NUMBER):
            self.env["phone.blacklist"].create({"number": NUMBER})

    def happen_gateway_blacklist(self):
        self.refused("gateway_blacklist")

    def happen_gateway_do_not_disturb(self):
        self.refused("gateway_do_not_disturb")

    def happen_do_not_disturb(self):
        self.register(NUMBER, valid_from=LONG_AGO.date())

    def happen_no_consent(self):
        self.consent._revoke("by telephone")

    def happen_frequency_cap(self):
        sent = fields.Datetime.now() - timedelta(days=2)
        self.accepted_message(
            phone=NUMBER,
            run_id=self.earlier.id,
            message_class="promotional",
            sent_date=sent,
        )

    def planned_message(self, **values):
        """The decision for NUMBER, alone in a campaign planned now."""
        self.campaign.recipients.clear()
        self.campaign.add(**{"phone": NUMBER, **values})
        run = self.new_run(message_class="promotional")
        run.action_plan()
        self.run_jobs("_plan")
        return self.messages(run)
