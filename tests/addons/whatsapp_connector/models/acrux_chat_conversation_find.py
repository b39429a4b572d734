from psycopg2.errors import UniqueViolation

from odoo import api, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL


class AcruxChatConversation(models.Model):
    """Find or create the conversation of an incoming message.

    The real app commits when it makes a conversation and rolls the **whole
    transaction** back when another worker made it first. Here a savepoint stands
    for both, unless the context carries ``chatroom_race_savepoint``: see
    ``_simulate_lost_race``. Between real workers the loser asks the framework to
    repeat its transaction.
    """

    _inherit = "acrux.chat.conversation"

    @api.model
    def create_conversation_from_message_dict_vals(self, data):
        return {
            "name": data["name"],
            "number": data["number"],
            "connector_id": data["connector_id"],
            "conv_type": data["conv_type"],
            "status": "new",
        }

    @api.model
    def _search_from_message_dict(self, data):
        return self.search(
            [
                ("number", "=", data["number"]),
                ("conv_type", "=", data["conv_type"]),
                ("connector_id", "=", data["connector_id"]),
            ],
            limit=1,
        )

    @api.model
    def create_conversation_from_message_dict(self, data):
        created = self.browse()
        conversation = self._search_from_message_dict(data)
        if not conversation and self._simulate_lost_race(data):
            conversation = self._search_from_message_dict(data)
        if not conversation:
            try:
                with self.env.cr.savepoint():
                    conversation = created = self.create(
                        self.create_conversation_from_message_dict_vals(data)
                    )
            except UniqueViolation as error:
                conversation = self._search_from_message_dict(data)
                if not conversation:
                    # The other worker's row is out of this transaction's sight:
                    # only a new one, which the framework gives, will find it.
                    raise ConcurrencyError(
                        f"conversation {data['number']} was made by another worker"
                    ) from error
        if not conversation.res_partner_id and conversation.status in ("new", "done"):
            partner = self.search_partner_from_number(conversation)[:1]
            if partner:
                conversation.res_partner_id = partner
        if created:
            created.set_to_new()
        return conversation

    @api.model
    def _simulate_lost_race(self, data):
        """Play the worker that comes second, once per savepoint.

        A test opens a savepoint ``sp``, writes something, and calls with the
        context ``chatroom_race_savepoint=sp.name``. All that was written since is
        lost, as after the real rollback, and the conversation of the other
        worker exists.
        """
        name = self.env.context.get("chatroom_race_savepoint")
        if not name:
            return False
        self.env.cr.clear()
        self.env.cr.execute(SQL("ROLLBACK TO SAVEPOINT %s", SQL.identifier(name)))
        self.env.invalidate_all(flush=False)
        winner = self.with_context(chatroom_race_savepoint=False)
        winner.create(self.create_conversation_from_message_dict_vals(data))
        return True
