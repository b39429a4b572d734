import logging

from odoo import api, fields, models

_logger = logging.getLogger(__name__)


class ContactsRealcredCampaign(models.Model):
    """A list of contacts that receive one text.

    The model exists so that campaign addons can be tested without the
    proprietary app. It carries the field names of that app, unusual spellings
    included, and sends nothing by itself.
    """

    _name = "contacts.realcred.campaign"
    _description = "Contacts Realcred Campaign"
    _rec_name = "name_campaign"
    _order = "id desc"

    name_campaign = fields.Char(string="Campaign", required=True)
    message = fields.Text(
        help="The placeholders |NOME|, |CPF| and |VI_RM| are replaced by the "
        "contact's own values.",
    )
    state_sms = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("process", "In Process"),
            ("finished", "Finished"),
        ],
        string="SMS Status",
        default="draft",
        required=True,
        copy=False,
    )
    state_update_info = fields.Char(
        string="Data Update Status", readonly=True, copy=False
    )
    contacts_realcred_campaign_ids = fields.One2many(
        comodel_name="contacts.realcred.batch",
        inverse_name="campaing_id",
        string="Contacts",
    )

    def action_send_campaign(self):
        """Mark the campaign for the scheduled action."""
        self.write({"state_sms": "process"})

    @api.model
    def check_data_kolmeya_send(self):
        """Entry point of the scheduled action, on an empty recordset.

        The proprietary app talks to its gateway here; the stand-in never does.
        """
        _logger.debug("check_data_kolmeya_send: nothing to do in the stand-in")
