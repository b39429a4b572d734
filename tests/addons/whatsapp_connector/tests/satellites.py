"""What other addons of the app do to it, as far as an addon of a channel notices.

Each is a model definition that a test class adds to the registry, above or below the
addon under test: between siblings the order of loading decides, and nobody knows it.
"""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.orm.model_classes import add_to_registry


class ForwardingRequest(models.Model):
    """Calls the request with all five parameters by keyword."""

    _inherit = "acrux.chat.connector"
    _module = None

    # pylint: disable=dangerous-default-value
    def ca_request(
        self,
        path,
        data={},  # noqa: B006
        params={},  # noqa: B006
        timeout=False,
        ignore_exception=False,
    ):
        return super().ca_request(
            path=path,
            data=data,
            params=params,
            timeout=timeout,
            ignore_exception=ignore_exception,
        )


class KeywordOnlyRequest(models.Model):
    """Takes the request by keyword only, and commits what it logs of it."""

    _inherit = "acrux.chat.connector"
    _module = None

    def ca_request(self, *, path, data, params, timeout, ignore_exception):
        return super().ca_request(
            path=path,
            data=data,
            params=params,
            timeout=timeout,
            ignore_exception=ignore_exception,
        )

    def log_data(self, req_type, url, param, data, header):
        """A row with the text, committed: only the vendor's own types come here."""
        if self.connector_type == "sms":
            raise AssertionError("an SMS was logged as a request to the vendor")


class ParseWithoutSuper(models.Model):
    """Reads ``text`` and ``chat_type`` of a received dict, and asks nobody else."""

    _inherit = "acrux.chat.conversation"
    _module = None

    @api.model
    def parse_message_receive(self, connector_id, message):
        return {
            "ttype": message["type"],
            "connector_id": connector_id.id,
            "name": message["name"],
            "number": message["number"],
            "message": message["text"],
            "msgid": message["id"],
            "time": fields.Datetime.now(),
            "conv_type": message["chat_type"] if message["id"] else "none",
        }


class DirectConnection(models.Model):
    """Connects directly by default, which only one type may do."""

    _inherit = "acrux.chat.connector"
    _module = None

    is_direct_connection = fields.Boolean(default=True)

    @api.constrains("is_direct_connection", "connector_type")
    def _constrain_is_direct_connection(self):
        for connector in self:
            if connector.is_direct_connection and connector.connector_type not in (
                "apichat.io",
                "not_set",
            ):
                # pylint: disable-next=translation-required
                raise ValidationError("Direct connections are of type apichat.io.")


class QuoteRequired(models.Model):
    """Needs the quoted message's id of everything received."""

    _inherit = "acrux.chat.conversation"
    _module = None

    def new_message_hook(self, message_id, limit, data):
        message_id.metadata_json = {"quoted": data["quote_msg_id"]}
        return super().new_message_hook(message_id, limit, data)


class LostRace(models.Model):
    """Loses each race for a new conversation: what was written before is gone."""

    _inherit = "acrux.chat.conversation"
    _module = None

    @api.model
    def create_conversation_from_message_dict(self, data):
        racing = self.with_context(chatroom_race_savepoint="satellite")
        return super(LostRace, racing).create_conversation_from_message_dict(data)


#: name -> definitions, each with whether the addon under test has loaded after it
SATELLITES = {
    "ForwardingAbove": [(ForwardingRequest, False)],
    "ForwardingBelow": [(ForwardingRequest, True)],
    "KeywordOnlyBelow": [(KeywordOnlyRequest, True)],
    "ParseAbove": [(ParseWithoutSuper, False)],
    "ParseBelow": [(ParseWithoutSuper, True)],
    "DirectAbove": [(DirectConnection, False)],
    "DirectBelow": [(DirectConnection, True)],
    "QuoteAbove": [(QuoteRequired, False)],
    "QuoteBelow": [(QuoteRequired, True)],
    "RaceAbove": [(LostRace, False)],
    "RaceBelow": [(LostRace, True)],
    "Together": [
        (KeywordOnlyRequest, True),
        (ForwardingRequest, False),
        (ParseWithoutSuper, True),
        (DirectConnection, False),
        (QuoteRequired, False),
        (LostRace, True),
    ],
}


def install(case, name):
    """Add satellites to the registry for one test class."""
    for definition, below in SATELLITES[name]:
        add(case, definition, below)


def add(case, definition, below):
    """Add one satellite, right above the app's own classes or above all."""
    registry, cr = case.registry, case.env.cr
    model = definition._name
    before = registry[model]._base_classes__
    add_to_registry(registry, definition)
    if below:
        registry[model]._base_classes__ = put_below(definition, before)
    case.addClassCleanup(remove, registry, cr, model, before)
    registry._setup_models__(cr, [model])
    if any(isinstance(value, fields.Field) for value in vars(definition).values()):
        registry.init_models(cr, [model], {"models_to_check": True})


def put_below(definition, bases):
    """The classes with the satellite right above those of the app itself."""
    first = next(
        number
        for number, base in enumerate(bases)
        if ".whatsapp_connector." in f"{base.__module__}."
    )
    return (*bases[:first], definition, *bases[first:])


def remove(registry, cr, model, bases):
    """Leave the registry as it was for the next test class."""
    registry[model]._base_classes__ = bases
    for name in registry.descendants([model], "_inherit", "_inherits"):
        registry[name]._setup_done__ = False
    registry._setup_models__(cr, [model])
