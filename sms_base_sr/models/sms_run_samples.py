from odoo import models

from ..tools import segments

SAMPLES = 3


class SmsRun(models.Model):
    """Real messages of the plan, as their recipients will see them."""

    _inherit = "sms.run"

    def _review_samples(self, sample_ids=()):
        """Describe the messages shown so far, else some by chance."""
        messages = self.env["sms.message"]
        if sample_ids:
            chosen = [("id", "in", list(sample_ids)), ("run_id", "=", self.id)]
            messages = messages.search(chosen, limit=SAMPLES)
        if not messages:
            messages = messages.browse(self._random_ids(SAMPLES))
        # In the order of those that were asked for.
        order = {key: place for place, key in enumerate(sample_ids)}
        ordered = messages.sorted(lambda m: order.get(m.id, SAMPLES))
        return [self._describe_sample(message) for message in ordered]

    def _random_ids(self, count):
        """Some messages to be sent, found by the index whatever the run's size.

        The first ones after some random ids; a few more from the beginning where those
        were not different ones.
        """
        self.env["sms.message"].flush_model()
        self.env.cr.execute(
            """
            WITH ends AS (
                SELECT (SELECT id FROM sms_message WHERE run_id = %(run)s
                        ORDER BY id LIMIT 1) AS low,
                       (SELECT id FROM sms_message WHERE run_id = %(run)s
                        ORDER BY id DESC LIMIT 1) AS high
            ), starts AS (
                SELECT floor(low + random() * (high - low + 1))::int AS id
                FROM ends, generate_series(1, %(tries)s)
            ), found AS (
                SELECT DISTINCT next.id FROM starts, LATERAL (
                    SELECT m.id FROM sms_message m
                    WHERE m.run_id = %(run)s AND m.id >= starts.id
                      AND m.batch_id IS NOT NULL ORDER BY m.id LIMIT 1) next
            ), picked AS (
                SELECT id, 1 AS rank FROM found
                UNION ALL
                (SELECT id, 2 FROM sms_message WHERE run_id = %(run)s
                   AND batch_id IS NOT NULL ORDER BY id LIMIT %(tries)s)
            )
            SELECT id FROM picked GROUP BY id
            ORDER BY min(rank), random() LIMIT %(count)s
            """,
            {"run": self.id, "count": count, "tries": count * 3},
        )
        return [row[0] for row in self.env.cr.fetchall()]

    def _describe_sample(self, message):
        size, _plain, plain_size = segments.compare(message.body)
        reasons = message._fields["failure_type"]._description_selection(self.env)
        return {
            "id": message.id,
            "name": message.recipient_name or "",
            "phone": message.phone or "",
            "text": message.body or "",
            "segments": size.segments,
            "characters": size.characters,
            "unicode": size.encoding == segments.UCS2,
            # Which characters make it so, and what it would be without accents.
            "culprits": segments.culprits(message.body),
            "plain_segments": plain_size.segments,
            "reason": dict(reasons).get(message.failure_type, ""),
            "detail": message.error_message or "",
        }
