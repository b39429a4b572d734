from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..tools import api_input


class SmsApi(models.AbstractModel):
    """The interface for other addons and for programs outside: JSON-2 and XML-RPC.

    No table: the methods without an underscore are all there is. Plain values in and
    out. Each call that sends has a reference of the caller's, unique in the company:
    repeated, it sends nothing and answers as the first one did.
    """

    _name = "sms.api"
    _description = "SMS interface for programs"

    @api.model
    def send(
        self,
        reference,
        numbers,
        text=None,
        template=None,
        values=None,
        message_class=None,
        company_id=None,
    ):
        """Send a text to up to 1,000 numbers; return the call, see :meth:`status`.

        :param reference: the caller's own name of this call
        :param numbers: texts, or objects with ``phone`` and ``values`` of their own
        :param text: sent as it is; or
        :param template: code of an SMS template, with ``values`` for its variables
        :param message_class: promotional, transactional or service: the hours
        :raises UserError: names the argument and the remedy; nothing was sent
        """
        self._check_role("sms_base_sr.group_sms_user")
        with_input = self._for_company(company_id)._read_send(
            reference, numbers, text, template, values, message_class
        )
        return self._for_company(company_id)._send_once(*with_input)

    @api.model
    def status(self, references, company_id=None):
        """Return what became of calls: one object a reference, in the same order.

        A reference that the caller does not know, or may not see, has ``found`` false.
        """
        self._check_role("sms_base_sr.group_sms_user")
        wanted = self._checked(api_input.references, references)
        api_for = self._for_company(company_id)
        domain = [("company_id", "=", api_for.env.company.id)]
        domain.append(("reference", "in", wanted))
        calls = api_for.env["sms.api.call"].search(domain).grouped("reference")
        return [
            api_for._answer(calls[name])
            if name in calls
            else {"reference": name, "found": False}
            for name in wanted
        ]

    @api.model
    def start_campaign(
        self,
        reference,
        template,
        domain,
        model="res.partner",
        name=None,
        values=None,
        message_class=None,
        start=None,
        latest=None,
        company_id=None,
    ):
        """Send a template to all contacts of a domain; return the call.

        :param model: of the contacts; other addons add theirs to ``res.partner``
        :param start: ISO 8601; empty sends at once, as the sending hours allow
        :param latest: later than this it does not start by itself
        """
        self._check_role("sms_base_sr.group_sms_campaign")
        api_for = self._for_company(company_id)
        content = api_for._read_campaign(
            template, domain, model, name, values, message_class, start, latest
        )
        reference = self._checked(api_input.reference, reference)
        return api_for._start_once(reference, content)

    # -- what all of them do -----------------------------------------------------------

    def _check_role(self, group):
        """Superusers are addons of this server; everybody else has a role."""
        if not self.env.su and not self.env.user.has_group(group):
            role = self.env.ref(group).sudo().name
            raise AccessError(
                self.env._("This needs the role “%s”: ask an administrator.", role)
            )

    def _for_company(self, company_id):
        """The interface in the company that sends and pays."""
        if company_id is None:
            return self.with_company(self.env.company)
        if isinstance(company_id, bool) or not isinstance(company_id, int):
            raise UserError(self.env._("company_id: give the number of a company."))
        allowed = self.env.user.company_ids
        company = self.env["res.company"].browse(company_id)
        if not self.env.su and company not in allowed:
            raise UserError(
                self.env._("company_id: %s is no company of this user.", company_id)
            )
        return self.with_company(company)

    def _checked(self, read, *arguments):
        """Read an argument; what is wrong with it is told as Odoo tells it."""
        try:
            return read(*arguments)
        except api_input.BadInput as error:
            raise UserError(str(error)) from error

    def _begin(self, kind, reference, *content):
        calls = self.env["sms.api.call"]
        return self._checked(
            lambda: calls._begin(self.env.company, kind, reference, *content)
        )

    def _find_template(self, code):
        """Return the template of a code."""
        if isinstance(code, str) and code:
            domain = Domain("code", "=", code)
            # sudo: templates are open to all, but core's rules of renderers are not.
            found = self.env["sms.template"].sudo().search(domain)
            if found.message_template:
                return found
        raise UserError(
            self.env._(
                "template: no active SMS template has the code “%s”. See “Code” under "
                "SMS › Templates.",
                code,
            )
        )

    def _answer(self, call, repeated=None):
        """The call as plain values; ``repeated`` only where it was made."""
        made = {} if repeated is None else {"repeated": repeated}
        answer = {"reference": call.reference, "found": True, "kind": call.kind, **made}
        if call.kind == "send":
            return {**answer, **self._answer_messages(call)}
        return {**answer, **self._answer_run(call)}
