"""Transactions that really meet: cursors of their own on committed rows."""

from concurrent.futures import ThreadPoolExecutor

from odoo import SUPERUSER_ID, api
from odoo.tests import TransactionCase


class RaceCase(TransactionCase):
    """A provider that is committed, so that other transactions see and lock it.

    The cursors of usual tests share one connection, on which nothing ever meets.
    """

    settings = {}

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            provider = self.providers(cr).create({"name": "Race", **self.settings})
            self.provider_id = provider.id
        self.addCleanup(self.forget)

    def forget(self):
        """Delete what was committed."""
        with self.registry.cursor() as cr:
            cr.execute(
                "DELETE FROM queue_job WHERE model_name = 'sms.provider'"
                " AND (records #>> '{}')::jsonb -> 'ids' = %s::jsonb",
                [f"[{self.provider_id}]"],
            )
            self.providers(cr).browse(self.provider_id).unlink()

    def providers(self, cr):
        """The model in a transaction of its own."""
        return api.Environment(cr, SUPERUSER_ID, {})["sms.provider"]

    def alone(self, work):
        """Do ``work(provider)`` in a transaction as the sender's: repeated in place."""
        with self.registry.cursor() as cr:
            providers = self.providers(cr)
            sender = providers.env["sms.batch"]
            return sender._commit_alone(
                lambda: work(providers.browse(self.provider_id))
            )

    def together(self, *works):
        """Do all works at the same time, each in its thread; return the results."""
        with ThreadPoolExecutor(len(works)) as threads:
            return list(threads.map(self.alone, works))

    def health(self, *names):
        """Values of the health row as everybody sees them."""
        return self.alone(lambda p: p.health_id.read(names)[0])
