from odoo import api, models


class SmsEvent(models.Model):
    """The same reply under two providers that are one account at the gateway.

    A webhook may come to the address of one while a poll found out that it is the
    other's. The unique key cannot see that; here the second one changes nothing.
    """

    _inherit = "sms.event"

    @api.model
    def _split_twins(self, events):
        """Take those out that a sibling has told; then see about those without id."""
        events, doubles = self._split_doubles(events)
        fresh, twins = super()._split_twins(events)
        # The one that a double repeats may itself be one that was known already.
        told = {key: twins.get(one.event_id, one) for key, one in doubles.items()}
        return fresh, {**twins, **told}

    @api.model
    def _split_doubles(self, events):
        """Return the events to apply, and {event id: Told} of a sibling's doubles."""
        providers = self.env["sms.provider"].browse({e["provider_id"] for e in events})
        accounts = providers._account_numbers()
        if len(set(accounts.values())) == len(accounts):
            return events, {}
        known = self._told_by_siblings(events, accounts)
        fresh, doubles = [], {}
        for event in events:
            name = accounts[event["provider_id"]], event["key"]
            if name in known:
                doubles[event["id"]] = known[name]
            else:
                known[name] = self._told(event, accounts)
                fresh.append(event)
        return fresh, doubles

    @api.model
    def _told_by_siblings(self, events, accounts):
        """Return {(account, key): Told} of what is a message already."""
        keys = {event["key"]: event for event in events}
        self.flush_model()
        self.env.cr.execute(
            """
            SELECT provider_id, key, message_id FROM sms_event
            WHERE provider_id = ANY(%s) AND key = ANY(%s) AND kind = 'reply'
              AND message_id IS NOT NULL
            """,
            [list(accounts), list(keys)],
        )
        known = {}
        for provider_id, key, message_id in self.env.cr.fetchall():
            told = self._told(keys[key], accounts)
            told.message_id = message_id
            known[accounts[provider_id], key] = told
        return known
