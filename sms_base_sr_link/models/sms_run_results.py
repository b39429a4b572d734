from odoo import models

from odoo.addons.sms_base_sr.tools import ab_test


class SmsRun(models.Model):
    """What the links of a campaign have brought, from counters."""

    _inherit = "sms.run"

    def _read_summary(self):
        """Add who clicked, where clicks are counted."""
        summary = super()._read_summary()
        if not self.count_clicks:
            return summary
        figures = self._click_figures().values()
        clicked = sum(f["clicked"] for f in figures)
        return {
            **summary,
            "clicked": clicked,
            "clicks": sum(f["clicks"] for f in figures),
            # Who clicked has got the SMS, as who replied has.
            "click_rate": self._conversion(summary["delivered"], clicked),
        }

    def _click_figures(self):
        """Return {text: figures}; the counters' job follows within two seconds."""
        self.env.cr.execute(
            "SELECT variant, clicked, clicks FROM sms_run_click WHERE run_id = %s",
            [self.id or None],
        )
        return {row["variant"]: row for row in self.env.cr.dictfetchall()}

    def _read_ab(self):
        """Compare the texts by their clicks as well."""
        result = super()._read_ab()
        if not result or not self.count_clicks:
            return result
        figures = self._click_figures()
        sides = [result[ab_test.A], result[ab_test.B]]
        for variant, side in zip((ab_test.A, ab_test.B), sides, strict=True):
            side["clicked"] = figures.get(variant, {}).get("clicked", 0)
        return {**result, "clicks": self._compare_clicks(*sides)}

    def _compare_clicks(self, a, b):
        reached = [self._reached(side["delivered"], side["clicked"]) for side in (a, b)]
        found = ab_test.compare(a["clicked"], reached[0], b["clicked"], reached[1])
        if not found:
            return {"difference": None, "winner": None}
        a["click_rate"], b["click_rate"] = 100 * found.rate_a, 100 * found.rate_b
        return {
            "difference": 100 * found.difference,
            "low": 100 * found.low,
            "high": 100 * found.high,
            "winner": found.winner,
        }

    # -- the list of who clicked -------------------------------------------------------

    def _figure_domains(self):
        clicked = ("link_click_ids.sms_run_id", "=", self.id)
        outgoing = ("direction", "=", "outgoing")
        return {**super()._figure_domains(), "clicked": [outgoing, clicked]}

    def _figure_name(self, figure, reason):
        if figure == "clicked":
            return self.env._("Clicked: %s", self.name)
        return super()._figure_name(figure, reason)
