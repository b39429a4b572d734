from datetime import timedelta

from odoo import api, fields, models

KINDS = [
    ("suspended", "Suspended"),
    ("circuit", "Calls stopped"),
    ("limited", "Rate limit"),
    ("takeover", "Taken over"),
    ("archived", "Archived"),
]
# Refusals with a shorter break between them are one incident.
SAME_LIMIT = timedelta(minutes=10)
KEPT = timedelta(days=180)
PAGE = 10_000


class SmsProviderIncident(models.Model):
    """What kept an account from sending, from when to when: its history for people.

    Jobs write it together with the provider's health, whose lock they hold; the
    person who resumes an account is named. Old ones are deleted.
    """

    _name = "sms.provider.incident"
    _description = "SMS provider incident"
    _order = "id desc"
    _rec_name = "kind"
    _log_access = False

    provider_id = fields.Many2one(
        "sms.provider", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="provider_id.company_id")
    kind = fields.Selection(KINDS, "What", required=True, readonly=True)
    reason = fields.Char("Why", readonly=True)
    started_at = fields.Datetime("Since", required=True, readonly=True)
    ended_at = fields.Datetime("Until", readonly=True)
    times = fields.Integer(
        readonly=True, default=1, help="Refusals, or probes that failed and the first."
    )
    ended_by_id = fields.Many2one("res.users", "Resumed by", readonly=True)

    @api.model
    def _begin(self, provider, kind, reason, **values):
        """Write down that something begins."""
        return self.sudo().create(
            {
                "provider_id": provider.id,
                "kind": kind,
                "reason": reason,
                "started_at": fields.Datetime.now(),
                **values,
            }
        )

    @api.model
    def _open(self, provider, *kinds):
        """Incidents of an account that last."""
        domain = [("provider_id", "=", provider.id), ("ended_at", "=", False)]
        if kinds:
            domain.append(("kind", "in", kinds))
        return self.sudo().search(domain)

    @api.model
    def _again(self, provider, kind, reason):
        """The same once more, while it lasts."""
        for incident in self._open(provider, kind):
            incident.write({"reason": reason, "times": incident.times + 1})

    @api.model
    def _end(self, provider, *kinds, person=None):
        """Close what lasts, of some kinds or of all.

        :param person: who did it; None means that it ended by itself
        """
        self._open(provider, *kinds).write(
            {
                "ended_at": fields.Datetime.now(),
                "ended_by_id": person and person.id,
            }
        )

    @api.model
    def _note_limited(self, provider, until):
        """A 429: another one soon after prolongs the incident."""
        recent = self.sudo().search(
            [
                ("provider_id", "=", provider.id),
                ("kind", "=", "limited"),
                ("ended_at", ">", fields.Datetime.now() - SAME_LIMIT),
            ],
            limit=1,
        )
        if recent:
            recent.write({"ended_at": until, "times": recent.times + 1})
            return
        reason = self.env._("The gateway accepts no more calls for now (429).")
        self._begin(provider, "limited", reason, ended_at=until)

    @api.autovacuum
    def _delete_old(self):
        """Keep half a year; what lasts still is kept."""
        limit = fields.Datetime.now() - KEPT
        self.sudo().search(
            [("started_at", "<", limit), ("ended_at", "!=", False)], limit=PAGE
        ).unlink()
