from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import suppression

DEFAULT_ZONE = "America/Sao_Paulo"


class SmsSuppression(models.AbstractModel):
    """Who must not be texted, looked up for any number of numbers in one statement.

    Planning and claim ask the same question of the same tables. It has no records:
    each source is a table of its own, which those write who know the fact.
    """

    _name = "sms.suppression"
    _description = "SMS suppression"

    @api.model
    def _sources(self, scope):
        """Hook: SELECTs of (number, reason, source, name, since) for ``wanted``.

        Each looks its numbers up one by one, by the index: the planner would rather
        read a list of half a million from end to end for a page of a thousand.

        :param scope: what is sent, see :meth:`_scope`
        """
        return [
            self._source_blacklist(),
            *self._source_gateway(scope),
            *self._source_register(scope),
        ]

    @api.model
    def _scope(self, company, provider, message_class, campaign):
        """What a look-up needs to know of what is sent."""
        zone = company.partner_id.tz or DEFAULT_ZONE
        return {
            "company": company,
            "provider": provider,
            "message_class": message_class,
            "campaign": bool(campaign),
            "today": fields.Date.context_today(self.with_context(tz=zone)),
        }

    def _source_blacklist(self):
        self.env["phone.blacklist"].flush_model()
        return SQL(
            """
            SELECT wanted.number, found.* FROM wanted, LATERAL (
                SELECT CASE WHEN b.sms_reason = 'opt_out' THEN 'opt_out'
                            ELSE 'blacklisted' END,
                       b.sms_source, b.sms_source_name,
                       COALESCE(b.sms_since, b.sms_date, b.create_date)
                FROM phone_blacklist b
                WHERE b.number = wanted.number AND b.active OFFSET 0
            ) found
            """
        )

    def _source_gateway(self, scope):
        """What gateways have refused lately; a single SMS may try them again."""
        company, provider = scope["company"], scope["provider"]
        days = company.sms_gateway_block_days
        if days <= 0 or not scope["campaign"]:
            return []
        self.env["sms.gateway.block"].flush_model()
        return [
            SQL(
                """
                SELECT wanted.number, found.* FROM wanted, LATERAL (
                    SELECT g.reason, 'gateway', p.name, g.since
                    FROM sms_gateway_block g
                    JOIN sms_provider p ON p.id = g.provider_id
                    WHERE g.number = wanted.number AND p.company_id = %s
                      AND g.since > now() AT TIME ZONE 'UTC' - %s * interval '1 day'
                      AND (g.reason = 'gateway_blacklist' OR g.provider_id = %s OR %s)
                    OFFSET 0
                ) found
                """,
                company.id,
                days,
                provider.id,
                scope["message_class"] == "promotional",
            )
        ]

    def _source_register(self, scope):
        """Do-not-disturb lists that are in force today."""
        company = scope["company"]
        everything = company.sms_do_not_disturb == "all" and scope["campaign"]
        if scope["message_class"] != "promotional" and not everything:
            return []
        self.env["sms.do.not.disturb"].flush_model()
        self.env["sms.do.not.disturb.number"].flush_model()
        return [
            SQL(
                """
                SELECT wanted.number, found.* FROM wanted, LATERAL (
                    SELECT 'do_not_disturb', 'register', l.name,
                           COALESCE(l.valid_from + time '12:00', l.loaded_at)
                    FROM sms_do_not_disturb_number n
                    JOIN sms_do_not_disturb l ON l.id = n.list_id
                    WHERE n.number = wanted.number AND l.state = 'active'
                      AND (l.company_id IS NULL OR l.company_id = %(company)s)
                      AND (l.valid_from IS NULL OR l.valid_from <= %(today)s)
                      AND (l.valid_until IS NULL OR l.valid_until >= %(today)s)
                    OFFSET 0
                ) found
                """,
                company=company.id,
                today=scope["today"],
            )
        ]

    @api.model
    def _query(self, wanted, scope):
        """Return SQL of (number, reason, source, name, since), each number once.

        :param wanted: SQL of one column ``number``
        """
        return SQL(
            """
            WITH wanted AS MATERIALIZED (%s),
            found (number, reason, source, name, since) AS (%s)
            SELECT DISTINCT ON (number) number, reason, source, name, since FROM found
            ORDER BY number, array_position(%s::text[], reason::text), since
            """,
            wanted,
            SQL(" UNION ALL ").join(self._sources(scope)),
            list(suppression.ORDER),
        )

    @api.model
    def _of_numbers(self, numbers, scope):
        """Return {number: Suppression} for those that must not be texted."""
        wanted = SQL("SELECT DISTINCT unnest(%s::varchar[]) AS number", list(numbers))
        self.env.cr.execute(self._query(wanted, scope))
        return {
            number: suppression.Suppression(*why)
            for number, *why in self.env.cr.fetchall()
        }

    @api.model
    def _cancel_in(self, batch):
        """Cancel a batch's messages whose numbers were suppressed since the plan."""
        campaign = batch.run_id
        scope = self._scope(
            batch.company_id, batch.provider_id, batch.message_class, campaign
        )
        self.env["sms.message"].flush_model()
        wanted = SQL(
            "SELECT phone AS number FROM sms_message WHERE batch_id = %s"
            " AND state IN ('draft', 'outgoing')",
            batch.id,
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE sms_message m
                SET state = 'canceled', failure_type = f.reason, cost = 0,
                    suppression_source = f.source, suppression_name = f.name,
                    suppression_date = f.since, write_date = now() AT TIME ZONE 'UTC'
                FROM (%s) f
                WHERE m.batch_id = %s AND m.state IN ('draft', 'outgoing')
                  AND m.phone = f.number
                """,
                self._query(wanted, scope),
                batch.id,
            )
        )
        self.env["sms.message"].invalidate_model()
