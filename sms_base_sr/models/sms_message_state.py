from odoo import api, models

from ..tools.recordset import Recordset
from ..tools.states import OVERRIDDEN_BY_DELIVERED, RANKS

# The rank table as SQL, made from the one in tools so that they cannot differ.
RANK_SQL = "(CASE {column} %s ELSE 0 END)" % " ".join(
    f"WHEN '{state}' THEN {rank}" for state, rank in RANKS.items()
)
# A report of these does not show that the gateway ever accepted the message.
REFUSED_SQL = "'rejected', 'canceled'"
OVERRIDDEN_SQL = ", ".join(f"'{state}'" for state in sorted(OVERRIDDEN_BY_DELIVERED))
MAY_BECOME_SQL = (
    f"({RANK_SQL.format(column='v.state')} > {RANK_SQL.format(column='m.state')}"
    f" OR (v.state = 'delivered' AND m.state IN ({OVERRIDDEN_SQL})))"
)
REPORTED = Recordset(
    id="int", state="varchar", failure_type="varchar", detail="varchar", at="timestamp"
)
ACCEPTED = Recordset(
    id="int",
    state="varchar",
    gateway_id="varchar",
    failure_type="varchar",
    detail="varchar",
)


class SmsMessage(models.Model):
    """The only ways in which a message changes state: upwards, in bulk."""

    _inherit = "sms.message"

    @api.model
    def _raise_states(self, rows):
        """Apply reports; return the ids of the batches whose messages changed.

        :param rows: (id, state, failure_type, text, occurred_at) each message once
        """
        if not rows:
            return []
        self.flush_model()
        self.env.cr.execute(
            f"""
            UPDATE sms_message m SET
                state = v.state,
                failure_type = v.failure_type,
                error_message = CASE WHEN v.state = 'delivered' THEN NULL
                    ELSE COALESCE(v.detail, m.error_message) END,
                delivered_date = CASE WHEN v.state = 'delivered'
                    THEN COALESCE(v.at, now() AT TIME ZONE 'UTC')
                    ELSE m.delivered_date END,
                sent_date = CASE WHEN v.state IN ({REFUSED_SQL}) THEN m.sent_date
                    ELSE COALESCE(m.sent_date, v.at, now() AT TIME ZONE 'UTC') END,
                cost = CASE WHEN v.state IN ({REFUSED_SQL}) AND m.sent_date IS NULL
                    THEN 0 ELSE m.cost END,
                write_date = now() AT TIME ZONE 'UTC'
            FROM {REPORTED.sql}
            WHERE m.id = v.id AND m.direction = 'outgoing' AND {MAY_BECOME_SQL}
            RETURNING m.batch_id
            """,
            {"rows": REPORTED.dump(sorted(rows))},
            log_exceptions=False,
        )
        touched = {row[0] for row in self.env.cr.fetchall() if row[0]}
        self.invalidate_model()
        return sorted(touched)

    @api.model
    def _store_acceptance(self, rows, request_id, sent_date, price=0.0):
        """Store what a gateway answered for the messages of one call.

        Ids are stored whatever the state is by now: a report may have come first.

        :param rows: (id, state, provider_message_id, failure_type, detail)
        :param price: of one segment; fixes the cost of what was accepted
        """
        if not rows:
            return
        self.flush_model()
        self.env.cr.execute(
            f"""
            UPDATE sms_message m SET
                provider_message_id = COALESCE(v.gateway_id, m.provider_message_id),
                provider_job_id = COALESCE(%(request)s::varchar, m.provider_job_id),
                sent_date = CASE WHEN v.state = 'sent'
                    THEN COALESCE(m.sent_date, %(sent)s::timestamp)
                    ELSE m.sent_date END,
                cost = CASE WHEN v.state = 'sent'
                    THEN m.sms_count * %(price)s::numeric
                    WHEN m.sent_date IS NULL THEN 0 ELSE m.cost END,
                state = CASE WHEN {MAY_BECOME_SQL} THEN v.state ELSE m.state END,
                failure_type = CASE WHEN {MAY_BECOME_SQL}
                    THEN v.failure_type ELSE m.failure_type END,
                error_message = CASE WHEN {MAY_BECOME_SQL}
                    THEN v.detail ELSE m.error_message END,
                write_date = now() AT TIME ZONE 'UTC'
            FROM {ACCEPTED.sql}
            WHERE m.id = v.id
            """,
            {
                "rows": ACCEPTED.dump(sorted(rows)),
                "request": request_id,
                "sent": sent_date,
                "price": price,
            },
            log_exceptions=False,
        )
        self.invalidate_model()

    @api.model
    def _raise_states_where(self, condition, parameters, failure_type):
        """Cancel all messages of a condition that were never sent.

        :param condition: SQL of ours on ``sms_message``, with placeholders
        """
        self.flush_model()
        by_user = failure_type == "user_canceled"
        who = ("person", self.env.user.name) if by_user else ("campaign", None)
        self.env.cr.execute(
            f"""
            UPDATE sms_message
            SET state = 'canceled', failure_type = %s, cost = 0,
                suppression_source = %s, suppression_name = %s,
                suppression_date = now() AT TIME ZONE 'UTC',
                write_date = now() AT TIME ZONE 'UTC'
            WHERE {condition} AND state IN ('draft', 'outgoing')
            """,
            [failure_type, *who, *parameters],
        )
        self.invalidate_model()
