from odoo import fields, models

from ..tools.uuid7 import new_reference

# Messages of a failed batch that nobody has refused and nobody has withdrawn.
NEVER_ATTEMPTED_SQL = """(m.state = 'error' AND m.failure_type = 'not_attempted'
    AND m.sent_date IS NULL AND m.direction = 'outgoing')"""
# Columns of the new row that do not come from the old one.
NEW_COLUMNS = """reference, batch_id, retry_of_id, dedupe_key, state, cost,
    provider_id, create_date, write_date, create_uid, write_uid"""
# `number` becomes `number#2`, and that `number#3`.
NEXT_KEY_SQL = """split_part(m.dedupe_key, '#', 1) || '#' || (1 + COALESCE(NULLIF(
    split_part(m.dedupe_key, '#', 2), ''), '1')::int)"""


class SmsBatch(models.Model):
    """Trying again what never reached the gateway: new messages in a new batch.

    A message's state never falls, so the failed one stays as it is and a new row
    takes its place in all figures. The new batch is claimed as any other, opt-outs
    included.
    """

    _inherit = "sms.batch"

    try_again = fields.Boolean(
        readonly=True, copy=False, help="Somebody has asked for a new batch."
    )
    retried_by_id = fields.Many2one(
        "sms.batch", "Tried again as", readonly=True, copy=False, ondelete="set null"
    )

    _to_try_again = models.Index("(run_id) WHERE try_again")
    _failed_batches = models.Index("(run_id) WHERE state = 'failed'")

    def _ask_to_try_again(self):
        """Mark failed batches; return those that this very call has marked.

        The condition is in the UPDATE: of two people who press one marks them.
        """
        self.flush_recordset()
        self.env.cr.execute(
            """
            UPDATE sms_batch SET try_again = TRUE
            WHERE id = ANY(%s) AND state = 'failed' AND retried_by_id IS NULL
              AND try_again IS NOT TRUE
            RETURNING id
            """,
            [self.ids],
            # A second person pressed at the same moment: tried again above.
            log_exceptions=False,
        )
        marked = self.browse(row[0] for row in self.env.cr.fetchall())
        self.invalidate_recordset()
        return marked

    def _retry(self):
        """Make the batch that takes this one's place; return it, or nothing."""
        self.ensure_one()
        batch = self.try_lock_for_update(allow_referencing=True)
        if not batch or not batch.try_again or batch.state != "failed":
            return self.browse()
        batch.try_again = False
        new = batch._copy_for_retry()
        if new:
            batch.retried_by_id = new
            new._enqueue()
        self.env["sms.batch.touch"]._touch((batch + new).ids)
        return new

    def _copy_for_retry(self):
        ids = self._never_attempted_ids()
        if not ids:
            return self.browse()
        values = self.copy_data()[0]
        new = self.create({**values, "state": "queued", "message_count": len(ids)})
        self._insert_retries(new, ids)
        return new

    def _never_attempted_ids(self):
        self.env["sms.message"].flush_model()
        self.env.cr.execute(
            f"""
            SELECT m.id FROM sms_message m
            WHERE m.batch_id = %s AND {NEVER_ATTEMPTED_SQL} ORDER BY m.id
            """,
            [self.id],
        )
        return [row[0] for row in self.env.cr.fetchall()]

    def _insert_retries(self, batch, message_ids):
        """One statement for a whole batch: a campaign may have a thousand of them."""
        self.env.flush_all()
        kept = self.env["sms.message"]._columns_of_retry()
        names = ", ".join(f'"{name}"' for name in kept)
        values = ", ".join(f'm."{name}"' for name in kept)
        self.env.cr.execute(
            f"""
            INSERT INTO sms_message ({NEW_COLUMNS}, {names})
            SELECT v.reference, %(batch)s, m.id, {NEXT_KEY_SQL}, %(state)s,
                m.sms_count * %(price)s, %(provider)s, now() AT TIME ZONE 'UTC',
                now() AT TIME ZONE 'UTC', %(uid)s, %(uid)s, {values}
            FROM unnest(%(ids)s::int[], %(references)s::varchar[])
                AS v (id, reference)
            JOIN sms_message m ON m.id = v.id ORDER BY m.id
            """,
            {
                "batch": batch.id,
                "state": "draft" if batch.run_id else "outgoing",
                "price": batch.provider_id.price_per_segment,
                "provider": batch.provider_id.id,
                "uid": self.env.uid,
                "ids": message_ids,
                "references": [new_reference() for _id in message_ids],
            },
        )
        self.env.invalidate_all()

    def action_try_again(self):
        """Try a single SMS again; a campaign has its own button for all its batches."""
        return self.message_ids.filtered(lambda m: not m.run_id).action_try_again()
