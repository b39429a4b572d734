from odoo import api, models
from odoo.tools.misc import hmac

from ..tools import short_link


class LinkTracker(models.Model):
    """A link of a campaign: one record for all of its recipients.

    Who clicked is in the link itself (:mod:`short_link`), so that a million texts need
    no row before somebody opens them.
    """

    _inherit = "link.tracker"

    @api.model
    def _sms_secret(self):
        """What keys are signed with; a copy of the database has another."""
        return hmac(self.env(su=True), "sms_short_link", "key")

    @api.model
    def _sms_read_key(self, code, key):
        """Return the message's id that a link names; None where it is not ours."""
        return short_link.read_key(self._sms_secret(), code, key)

    @api.model
    def _sms_of_code(self, code):
        codes = self.env["link.tracker.code"].search([("code", "=", code)], limit=1)
        return codes.link_id

    def _sms_click(self, message_id, country_code=None):
        """Note that the link of a message was opened; nobody's row is changed.

        By SQL: core's create() counts anew and writes that into the link's row, for
        which all who click at the same time would wait. The counters' job does it.
        What belongs to no message (a test, one that was deleted) is not noted, nor
        which address it came from: the person is known already.
        """
        self.ensure_one()
        self.env.cr.execute(
            """
            INSERT INTO link_tracker_click (link_id, campaign_id, country_id,
                sms_message_id, sms_run_id, create_uid, write_uid,
                create_date, write_date)
            SELECT t.id, t.campaign_id,
                (SELECT id FROM res_country WHERE code = %(country)s),
                m.id, m.run_id, %(user)s, %(user)s,
                now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
            FROM link_tracker t, sms_message m
            WHERE t.id = %(link)s AND m.id = %(message)s
            RETURNING sms_run_id
            """,
            {
                "link": self.id,
                "message": message_id,
                "country": country_code or None,
                "user": self.env.uid,
            },
        )
        run_ids = [row[0] for row in self.env.cr.fetchall() if row[0]]
        self.env["sms.run.touch"]._touch(self.env["sms.run"].browse(run_ids))
