import functools

from odoo import fields, models

from ..tools import ab_test, planning, text_template


class SmsRun(models.Model):
    """Two texts in one run: the planner writes into each message which one it got."""

    _inherit = "sms.run"

    template_b_id = fields.Many2one(
        "sms.template", "Second template", readonly=True, ondelete="set null"
    )
    text_b = fields.Text("Second text", readonly=True)
    share_b = fields.Integer(
        "Share of the second text (%)", readonly=True, default=50, aggregator=None
    )

    def _page_class(self):
        if not self.text_b:
            return planning.Page
        return functools.partial(
            ab_test.SplitPage,
            other=text_template.compile_text(self.text_b),
            # The campaign's, so that a second run keeps to what the first one did.
            key=f"{self.res_model},{self.res_id}",
            share=self.share_b,
        )

    def _compile(self, campaign):
        """The second text must not stop the campaign halfway either."""
        template = super()._compile(campaign)
        if self.text_b:
            self._compile_text(self.text_b, campaign)
        return template

    def _text_names(self, template):
        names = super()._text_names(template)
        if self.text_b:
            names = names | text_template.compile_text(self.text_b).names
        return names

    def _message_row(self, decision, batches):
        variant = None
        if self.text_b and decision.sendable:
            key = f"{self.res_model},{self.res_id}"
            phone = decision.recipient.phone
            variant = ab_test.variant_of(key, phone, self.share_b)
        return (*super()._message_row(decision, batches), variant)

    def _message_columns(self):
        return (*super()._message_columns(), "variant")

    # -- the result --------------------------------------------------------------------

    def _read_ab(self):
        """Return what each text has reached, and whether one is better; else None."""
        if not self.text_b:
            return None
        sides = {ab_test.A: self._ab_side("A"), ab_test.B: self._ab_side("B")}
        for variant, sent, delivered in self._read_ab_counters():
            sides[variant] |= {"sent": sent, "delivered": delivered}
        for variant, figures in self._reply_figures().items():
            if variant in sides:
                sides[variant]["replied"] = figures["replied"]
        return {**sides, **self._compare_sides(**sides)}

    def _ab_side(self, name):
        share = self.share_b if name == "B" else 100 - self.share_b
        zero = dict.fromkeys(("sent", "delivered", "replied"), 0)
        return {"name": name, "share": share, **zero}

    def _read_ab_counters(self):
        self.env.cr.execute(
            """
            SELECT variant, sum(accepted),
                   COALESCE(sum(n) FILTER (WHERE state = 'delivered'), 0)
            FROM sms_batch_stat WHERE run_id = %s AND variant IS NOT NULL
            GROUP BY variant
            """,
            [self.id],
        )
        return self.env.cr.fetchall()

    def _compare_sides(self, a, b):
        """Replies of those reached, in percent; differences in percentage points."""
        reached = [self._reached(side["delivered"], side["replied"]) for side in (a, b)]
        found = ab_test.compare(a["replied"], reached[0], b["replied"], reached[1])
        if not found:
            return {"difference": None, "winner": None}
        a["rate"], b["rate"] = 100 * found.rate_a, 100 * found.rate_b
        return {
            "difference": 100 * found.difference,
            "low": 100 * found.low,
            "high": 100 * found.high,
            "p_value": found.p_value,
            "winner": found.winner,
        }
