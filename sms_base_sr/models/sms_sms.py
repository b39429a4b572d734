import logging

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import native_states
from .sms_run import MESSAGE_CLASSES

_logger = logging.getLogger(__name__)


class SmsSms(models.Model):
    """Core's queue of SMS, for companies whose SMS all leave by our provider.

    Their rows are handed over to the ledger, by whom they are sent; core writes them,
    and forgets them after that. For all other companies nothing changes.
    """

    _inherit = "sms.sms"

    # The same column as that of Odoo's addon for Twilio.
    record_company_id = fields.Many2one("res.company", "Company", ondelete="set null")
    failure_type = fields.Selection(selection_add=native_states.ADDED_CHOICES)
    sms_message_class = fields.Selection(MESSAGE_CLASSES, "Message class")

    @api.model_create_multi
    def create(self, vals_list):
        """The cron runs in one company, and sends those of all."""
        for vals in vals_list:
            if not vals.get("record_company_id"):
                vals["record_company_id"] = self.env.company.id
            vals.setdefault("sms_message_class", self._sms_class_of_context())
        return super().create(vals_list)

    @api.model
    def _sms_class_of_context(self):
        """The class of the template: core hands on its text alone."""
        found = self.env.context.get("sms_message_class")
        return found if found in dict(MESSAGE_CLASSES) else False

    def _get_sms_company(self):
        return (
            self.mail_message_id.record_company_id
            or self.record_company_id
            or super()._get_sms_company()
        )

    # -- what a message takes over -----------------------------------------------------

    def _sms_message_class(self):
        """Hook: the message class; promotional where it is advertising."""
        return self.sms_message_class or "service"

    def _sms_text(self, text, message_class):
        """Hook: what is sent, with the company's ending where the class asks for it."""
        return self.env.company._sms_with_suffix(text, message_class)

    def _sms_partner_id(self, found):
        """Hook: whose it is; ``found`` is the contact that has the number."""
        return self.partner_id.id or found

    @api.model
    def _sms_message_columns(self):
        """Hook: {column of the message: value} of what addons add."""
        return {}

    # -- sending -----------------------------------------------------------------------

    def _split_by_api(self):
        groups = self.grouped(lambda sms: sms._get_sms_company())
        ours = {c: sms for c, sms in groups.items() if c._sms_native_provider()}
        for company, sms in ours.items():
            yield company._sms_native_api(), sms
        rest = self - self.browse().concat(*ours.values()) if ours else self
        if rest:
            yield from super(SmsSms, rest)._split_by_api()

    def _send_with_api(
        self, sms_api, unlink_failed=False, unlink_sent=True, raise_exception=False
    ):
        """Hand over, whichever addon chose the way: what fails stays in the queue.

        Core would call it an error of the server, which people answer with *Retry*.
        """
        options = {"unlink_failed": unlink_failed, "unlink_sent": unlink_sent}
        company = self._get_sms_company()
        if len(company) != 1 or not company._sms_native_provider():
            options["raise_exception"] = raise_exception
            return super()._send_with_api(sms_api, **options)
        sms_api = company._sms_native_api()
        try:
            with self.env.cr.savepoint():
                return super()._send_with_api(sms_api, raise_exception=True, **options)
        except psycopg2.OperationalError:
            # Somebody was faster: nothing has left, so all of it is repeated.
            raise
        except Exception:
            if raise_exception:
                raise
            _logger.exception("SMS stay in the queue: %s", self.ids)

    @api.model
    def _process_queue(self):
        """The cron: each company by its own way, and none in another one's way.

        Core takes one page, and fails where it holds two companies.
        """
        waiting = [("state", "=", "outgoing"), ("to_delete", "!=", True)]
        size, last = self._get_send_batch_size(), 0
        while page := self.search(
            [*waiting, ("id", ">", last)], limit=size, order="id"
        ):
            last = page[-1].id
            # Not those of before: they would keep the cron busy if they cannot leave.
            later = [*waiting, ("id", ">", last)]
            page.try_lock_for_update()._send_each_way()
            remaining = self.search_count(later) if len(page) == size else 0
            if not self.env["ir.cron"]._commit_progress(len(page), remaining=remaining):
                return

    def _send_each_way(self):
        for sms_api, sms in self._split_by_api():
            sms.with_context(sms_api=sms_api)._send(
                unlink_failed=False, unlink_sent=True, raise_exception=False
            )

    # -- trying again ------------------------------------------------------------------

    def action_set_outgoing(self):
        """Retry: never what may have reached the customer."""
        left = self._sms_left()
        if left and left == self:
            raise UserError(
                self.env._(
                    "This SMS has left already: see SMS › Messages for what became of "
                    "it."
                )
            )
        return super(SmsSms, self - left).action_set_outgoing()

    def _sms_left(self):
        """Those whose message was sent, or still may be."""
        domain = [("native_uuid", "in", self.mapped("uuid"))]
        # sudo: whoever may retry may be told that he need not.
        messages = self.env["sms.message"].sudo().search(domain)
        left = {
            message.native_uuid
            for message in messages
            if not native_states.may_begin_anew(message.state, message.failure_type)
        }
        return self.filtered(lambda sms: sms.uuid in left)
