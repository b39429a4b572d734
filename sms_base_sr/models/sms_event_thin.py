from odoo import api, fields, models

PAGE = 10_000


class SmsEvent(models.Model):
    """Thinning: what was applied long ago goes, page by page, with its raw bodies.

    A message keeps its state, dates and reason in its own row; what the gateway said
    word by word is evidence for a while only. What still waits is never deleted.
    """

    _inherit = "sms.event"

    # Old events are found without reading the table; costs next to nothing to keep.
    _received = models.Index("USING brin (create_date)")

    @api.autovacuum
    def _gc_events(self):
        """Delete a page of old events, and their bodies; say whether there are more."""
        deleted = 0
        for company in self.env["res.company"].search([("sms_event_days", ">", 0)]):
            limit = fields.Datetime.subtract(
                fields.Datetime.now(), days=company.sms_event_days
            )
            # sudo, by SQL: nobody may delete events, and there may be millions.
            providers = self.env["sms.provider"].with_context(active_test=False)
            of_company = providers.search([("company_id", "=", company.id)])
            deleted += self._delete_events(of_company.ids, limit)
            deleted += self._delete_bodies(of_company.ids, limit)
        self.invalidate_model()
        return deleted, int(deleted >= PAGE)

    @api.model
    def _delete_events(self, provider_ids, limit):
        self.env.cr.execute(
            """
            DELETE FROM sms_event WHERE id IN (
                SELECT id FROM sms_event
                WHERE create_date < %s AND provider_id = ANY(%s) AND state != 'new'
                LIMIT %s)
            """,
            [limit, provider_ids, PAGE],
        )
        return self.env.cr.rowcount

    @api.model
    def _delete_bodies(self, provider_ids, limit):
        """Delete bodies that no event speaks of any more."""
        self.env.cr.execute(
            """
            DELETE FROM sms_event_body WHERE id IN (
                SELECT b.id FROM sms_event_body b
                WHERE b.create_date < %s AND b.provider_id = ANY(%s)
                  AND NOT EXISTS (SELECT 1 FROM sms_event e WHERE e.body_id = b.id)
                LIMIT %s)
            """,
            [limit, provider_ids, PAGE],
        )
        return self.env.cr.rowcount


class SmsEventBody(models.Model):
    """Found by age, as the events that came in it."""

    _inherit = "sms.event.body"

    _received = models.Index("USING brin (create_date)")
