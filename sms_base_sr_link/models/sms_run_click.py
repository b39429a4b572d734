from odoo import api, fields, models


class SmsRunClick(models.Model):
    """Clicks on the links of a run, counted: one row per text of the run.

    A form that counted the clicks of a million recipients would be slow. The counters'
    job alone writes it.
    """

    _name = "sms.run.click"
    _description = "SMS click counters"
    _log_access = False
    _rec_name = "run_id"

    run_id = fields.Many2one("sms.run", required=True, ondelete="cascade", index=True)
    variant = fields.Char("Text")
    clicked = fields.Integer("Customers who clicked")
    clicks = fields.Integer()

    @api.model
    def _recompute(self, run_ids):
        """Replace the counters of some runs by what was clicked."""
        self.env["link.tracker.click"].flush_model()
        self.env.cr.execute(
            "DELETE FROM sms_run_click WHERE run_id = ANY(%s)", [run_ids]
        )
        self.env.cr.execute(
            """
            INSERT INTO sms_run_click (run_id, variant, clicked, clicks)
            SELECT c.sms_run_id, COALESCE(m.variant, ''),
                   count(DISTINCT c.sms_message_id), count(*)
            FROM link_tracker_click c LEFT JOIN sms_message m
                ON m.id = c.sms_message_id
            WHERE c.sms_run_id = ANY(%s) GROUP BY 1, 2
            """,
            [run_ids],
        )
        self.invalidate_model()
        self._refresh_links(run_ids)

    def _refresh_links(self, run_ids):
        """Core's own figure of a link: it is stored, and ours come by SQL."""
        self.env.cr.execute(
            """
            UPDATE link_tracker t SET count = f.n
            FROM (
                SELECT c.link_id, count(*) AS n FROM link_tracker_click c
                WHERE c.link_id IN (
                    SELECT link_id FROM link_tracker_click WHERE sms_run_id = ANY(%s))
                GROUP BY c.link_id
            ) f WHERE t.id = f.link_id AND t.count IS DISTINCT FROM f.n
            """,
            [run_ids],
        )
        self.env["link.tracker"].invalidate_model(["count"])
