from odoo import models

FAILED_STATES = ("error", "expired", "rejected")


class SmsRun(models.Model):
    """What a campaign has brought: made of counters, so as quick for a million."""

    _inherit = "sms.run"

    def _read_summary(self):
        """Add how the customers answered, what that cost, and which text was better."""
        replies = self._read_reply_counts()
        minutes, answered = replies.pop("answer_minutes"), replies.pop("answered")
        summary = {**super()._read_summary(), **replies}
        return {
            **summary,
            "run_id": self.id,
            "conversion": self._conversion(summary["delivered"], summary["replied"]),
            "cost_per_reply": _ratio(summary["cost"], summary["replied"]),
            "answer_minutes": _ratio(minutes, answered),
            "pace": self._read_pace(summary),
            "ab": self._read_ab(),
        }

    def _reached(self, delivered, replied):
        """Who replied has got the SMS, whether the gateway told of it or not."""
        return max(delivered, replied)

    def _conversion(self, delivered, replied):
        """Customers who replied, in percent of those who got the SMS."""
        reached = self._reached(delivered, replied)
        return 100.0 * replied / reached if reached else 0.0

    # -- each figure opens its list ----------------------------------------------------

    def action_view_figure(self, figure, reason=None):
        """Open the messages behind a figure of the summary.

        :param reason: key of ``failures``; of those not delivered or left out, these
        """
        self.ensure_one()
        domains = self._figure_domains()
        if figure not in domains:
            return self.action_view_messages()
        incoming = ("direction", "=", "incoming") in domains[figure]
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sms_base_sr.sms_message_action_replies"
            if incoming
            else "sms_base_sr.sms_message_action"
        )
        domain = [("run_id", "=", self.id), *domains[figure]]
        if figure == "failed" and self._has_second_attempts():
            # The last attempt counts: it is in the list too, where it failed.
            domain.append(("retry_ids", "=", False))
        if reason:
            domain += self._reason_domain(reason)
        name = self._figure_name(figure, reason)
        return {
            **action,
            "domain": domain,
            "context": {"create": False},
            "name": name,
            "display_name": name,
        }

    def _figure_domains(self):
        outgoing, incoming = (
            ("direction", "=", "outgoing"),
            ("direction", "=", "incoming"),
        )
        return {
            "planned": [outgoing, ("dedupe_key", "!=", False)],
            "sent": [outgoing, ("sent_date", "!=", False)],
            "delivered": [outgoing, ("state", "=", "delivered")],
            "failed": [
                outgoing,
                ("state", "in", FAILED_STATES),
                ("sent_date", "!=", False),
            ],
            "excluded": [outgoing, ("sent_date", "=", False)],
            "replied": [incoming],
            "interested": [incoming, ("reply_class", "=", "interested")],
            "opted_out": [incoming, ("reply_class", "=", "opt_out")],
            "unanswered": [incoming, ("needs_answer", "=", True)],
        }

    def _reason_domain(self, reason):
        """Where the gateway gives no reason, the state itself is shown as one."""
        domain = [("failure_type", "=", reason)]
        if reason in FAILED_STATES:
            domain = ["|", *domain, "&", ("failure_type", "=", False)]
            domain.append(("state", "=", reason))
        return domain

    def _figure_name(self, figure, reason):
        if reason:
            messages = self.env["sms.message"]
            reasons = messages._fields["failure_type"]._description_selection(self.env)
            return dict(reasons).get(reason, self.name)
        titles = {
            "planned": self.env._("To be sent"),
            "sent": self.env._("Sent"),
            "delivered": self.env._("Delivered"),
            "failed": self.env._("Not delivered"),
            "excluded": self.env._("Left out"),
            "replied": self.env._("Replies"),
            "interested": self.env._("Interested"),
            "opted_out": self.env._("Opt-outs"),
            "unanswered": self.env._("Unanswered"),
        }
        return f"{titles[figure]}: {self.name}"


def _ratio(total, count):
    """Return the average; None, and no zero, where nothing was counted."""
    return total / count if count else None
