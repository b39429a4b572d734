from datetime import timedelta

from odoo import fields, models

from .sms_event import keyed

# Clocks differ: what left so shortly after a reply may still be what it answers.
CLOCKS_APART = timedelta(minutes=10)


class SmsProvider(models.Model):
    """Whose a fetched reply is: of the sibling to which its webhook would come.

    Then the inbox sees that both tell the same. Each rule is one query for all.
    """

    _inherit = "sms.provider"

    def _owners(self, items):
        """Return {provider: items}; ``self`` are siblings, the one that asked first."""
        rules = (
            self._owners_by_event,
            self._owners_by_message,
            self._owners_by_request,
            self._owners_by_number,
        )
        rest, shares = keyed(items), {}
        for rule in rules if len(self) > 1 else ():
            found = rule(rest) if rest else {}
            for key, provider_id in found.items():
                shares.setdefault(provider_id, []).append(rest.pop(key))
        shares.setdefault(self[:1].id, []).extend(rest.values())
        return {self.browse(key): found for key, found in shares.items() if found}

    def _owners_by_event(self, items):
        """It came before, under one of them, whatever was sent since."""
        self.env["sms.event"].flush_model()
        self.env.cr.execute(
            "SELECT key, min(provider_id) FROM sms_event"
            " WHERE provider_id = ANY(%s) AND key = ANY(%s) GROUP BY key",
            [self.ids, list(items)],
        )
        return dict(self.env.cr.fetchall())

    def _owners_by_message(self, items):
        """It names the message that it answers."""
        self.env["sms.message"].flush_model()
        self.env.cr.execute(
            """
            SELECT provider_message_id, reference, provider_id FROM sms_message
            WHERE (provider_message_id = ANY(%s) OR reference = ANY(%s))
              AND provider_id = ANY(%s)
            """,
            [*names_of(items, "message_id", "reference"), self.ids],
        )
        return self._pick_owners(items, "message_id", "reference")

    def _owners_by_request(self, items):
        """It names the call by which the message went."""
        self.env["sms.batch"].flush_model()
        self.env.cr.execute(
            """
            SELECT provider_job_id, attempt_reference, provider_id FROM sms_batch
            WHERE (provider_job_id = ANY(%s) OR attempt_reference = ANY(%s))
              AND provider_id = ANY(%s)
            """,
            [*names_of(items, "request_id", "request_reference"), self.ids],
        )
        return self._pick_owners(items, "request_id", "request_reference")

    def _pick_owners(self, items, by_id, by_reference):
        """Return {key: provider id} of the rows just asked for; ids come first."""
        ids, references = {}, {}
        for gateway_id, reference, provider_id in self.env.cr.fetchall():
            ids[gateway_id] = references[reference] = provider_id
        found = {
            key: ids.get(getattr(item, by_id) or "")
            or references.get(getattr(item, by_reference) or "")
            for key, item in items.items()
        }
        return {key: provider_id for key, provider_id in found.items() if provider_id}

    def _owners_by_number(self, items):
        """It answers the last message that had gone to its number by then."""
        normalize = self.env["sms.message"]._normalize_phone
        company, now = self[:1].company_id, fields.Datetime.now()
        self.env["sms.message"].flush_model()
        self.env.cr.execute(
            """
            SELECT DISTINCT ON (told.key) told.key, m.provider_id
            FROM unnest(%s::text[], %s::text[], %s::timestamp[])
                AS told (key, phone, by_then)
            JOIN sms_message m ON m.phone = told.phone AND m.direction = 'outgoing'
                AND m.sent_date IS NOT NULL AND m.provider_id = ANY(%s)
            ORDER BY told.key, m.sent_date <= told.by_then DESC, m.sent_date DESC,
                m.id DESC
            """,
            [
                list(items),
                [normalize(i.phone, company) or None for i in items.values()],
                [(i.occurred_at or now) + CLOCKS_APART for i in items.values()],
                self.ids,
            ],
        )
        return dict(self.env.cr.fetchall())


def names_of(items, *fields_of_item):
    """Return one list a field: what the items have in it."""
    return [
        [value for item in items.values() if (value := getattr(item, name, None))]
        for name in fields_of_item
    ]
