from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

KEPT = timedelta(days=30)


class SmsSendQuota(models.Model):
    """How many SMS a person has sent by hand within one hour of the clock.

    One row per person, company, kind and hour: nothing is counted over messages, and
    of two requests at once the second waits for the first and is repeated. Only
    sending writes it; old rows go by themselves.
    """

    _name = "sms.send.quota"
    _description = "SMS sent by hand within an hour"
    _order = "hour desc, id"
    _rec_name = "user_id"

    user_id = fields.Many2one(
        "res.users", "Person", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    kind = fields.Selection(
        [("single", "By hand"), ("test", "Test")], required=True, readonly=True
    )
    hour = fields.Datetime(required=True, readonly=True)
    count = fields.Integer("SMS", readonly=True)

    _one_row = models.UniqueIndex("(user_id, company_id, kind, hour)")
    _old_rows = models.Index("(hour)")

    @api.model
    def _take(self, company, kind, number):
        """Count ``number`` SMS of the present user.

        :raises UserError: that is more than the company allows within an hour
        """
        limit = company[f"sms_hourly_{kind}"]
        if not limit or number <= 0:
            return
        hour = self._this_hour()
        if number > limit or not self._count(company, kind, hour, number, limit):
            raise UserError(self._too_many(kind, limit, hour))

    @api.model
    def _this_hour(self):
        return fields.Datetime.now().replace(minute=0, second=0, microsecond=0)

    @api.model
    def _count(self, company, kind, hour, number, limit):
        """Add to the row of this hour unless that would be too many."""
        self.env.cr.execute(
            """
            INSERT INTO sms_send_quota AS q (user_id, company_id, kind, hour, count)
            VALUES (%(user)s, %(company)s, %(kind)s, %(hour)s, %(number)s)
            ON CONFLICT (user_id, company_id, kind, hour)
            DO UPDATE SET count = q.count + excluded.count
                WHERE q.count + excluded.count <= %(limit)s
            RETURNING id
            """,
            {
                "user": self.env.uid,
                "company": company.id,
                "kind": kind,
                "hour": hour,
                "number": number,
                "limit": limit,
            },
            # Two requests of one person at once: the second is repeated above.
            log_exceptions=False,
        )
        return bool(self.env.cr.fetchone())

    @api.model
    def _too_many(self, kind, limit, hour):
        opens = fields.Datetime.context_timestamp(self, hour + timedelta(hours=1))
        # Without a time zone of their own people would read UTC as theirs.
        shown = f"{opens:%H:%M} ({opens.tzname()})"
        if kind == "test":
            return self.env._(
                "You may send %(limit)s test SMS within an hour: the next from "
                "%(opens)s on. An administrator sets the limit under Settings › SMS.",
                limit=limit,
                opens=shown,
            )
        return self.env._(
            "You may send %(limit)s SMS by hand within an hour: the next from "
            "%(opens)s on. Use a campaign for many contacts, or ask an administrator "
            "for a higher limit (Settings › SMS).",
            limit=limit,
            opens=shown,
        )

    @api.autovacuum
    def _forget_old(self):
        self.env.cr.execute(
            "DELETE FROM sms_send_quota WHERE hour < %s",
            [fields.Datetime.now() - KEPT],
        )
