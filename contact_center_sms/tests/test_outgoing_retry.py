from odoo import SUPERUSER_ID, api
from odoo.service.model import retrying
from odoo.tests import TransactionCase
from odoo.tools import mute_logger

from odoo.addons.whatsapp_connector.tools import recorder

NUMBER = "5511912340001"


class TestOutgoingRetry(TransactionCase):
    """A request that Odoo repeats after a conflict sends once: on real connections."""

    def setUp(self):
        super().setUp()
        self.addCleanup(recorder.reset)
        with self.registry.cursor() as cr:
            self.conversation_id = self.commit_conversation(self.as_user(cr)).id
        self.addCleanup(self.forget)

    def as_user(self, cr, user_id=SUPERUSER_ID):
        return api.Environment(cr, user_id, {})

    def commit_conversation(self, env):
        """A conversation that the administrator attends, seen by all connections."""
        provider = env["sms.provider"].create({"name": "Retry"})
        values = {"name": "Retry", "connector_type": "sms"}
        connector = env["acrux.chat.connector"].create(
            {**values, "sms_provider_id": provider.id}
        )
        return env["acrux.chat.conversation"].create(
            {
                "name": "Ana",
                "number": NUMBER,
                "connector_id": connector.id,
                "status": "current",
                "agent_id": env.ref("base.user_admin").id,
            }
        )

    def forget(self):
        """Delete what was committed."""
        with self.registry.cursor() as cr:
            env = self.as_user(cr)
            conversation = env["acrux.chat.conversation"].browse(self.conversation_id)
            connector = conversation.connector_id
            provider = connector.sms_provider_id
            messages, batches = self.stored(env)
            cr.execute(
                "DELETE FROM queue_job WHERE model_name = 'sms.batch'"
                " AND (records #>> '{}')::jsonb #> '{ids}' <@ %s::jsonb",
                [str(batches.ids)],
            )
            # The browsers' channel of the connector was told of the line.
            env["bus.bus"].search([("message", "like", NUMBER)]).unlink()
            connector.unlink()
            messages.unlink()
            batches.unlink()
            provider.unlink()

    def stored(self, env):
        """The SMS to this number, and their batches."""
        messages = env["sms.message"].search([("phone", "=", f"+{NUMBER}")])
        return messages, messages.batch_id

    def jobs(self, env, batches):
        domain = [("model_name", "=", "sms.batch"), ("state", "=", "pending")]
        jobs = env["queue.job"].search([*domain, ("method_name", "=", "_send_batch")])
        return jobs.filtered(lambda job: job.records.id in batches.ids)

    def meddle(self):
        """Somebody else writes the conversation in a transaction of his own."""
        with self.registry.cursor() as cr:
            cr.execute(
                "UPDATE acrux_chat_conversation SET name = name || '!' WHERE id = %s",
                [self.conversation_id],
            )

    def test_a_repeated_request_stores_one_sms_and_one_job(self):
        tries = []
        admin = self.env.ref("base.user_admin").id
        with self.registry.cursor() as cr:
            env = self.as_user(cr, admin)

            def request():
                conversation = env["acrux.chat.conversation"].browse(
                    self.conversation_id
                )
                tries.append(conversation.name)
                if len(tries) == 1:
                    self.meddle()
                data = {"ttype": "text", "text": "Olá", "from_me": True}
                return conversation.send_message(data)

            with mute_logger("odoo.sql_db", "odoo.service.model"):
                retrying(request, env)
        self.assertEqual(tries, ["Ana", "Ana!"])
        with self.registry.cursor() as cr:
            env = self.as_user(cr)
            messages, batches = self.stored(env)
            self.assertEqual(messages.mapped("state"), ["outgoing"])
            self.assertEqual(len(self.jobs(env, batches)), 1)
            conversation = env["acrux.chat.conversation"].browse(self.conversation_id)
            [line] = conversation.chat_message_ids
            self.assertEqual(line.sms_message_id, messages)
