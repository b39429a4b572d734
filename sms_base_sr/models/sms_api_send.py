from collections import Counter

from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import clean_context

from ..tools import api_input, planning, text_template
from ..tools.suppression import NOT_SUPPRESSED

LITERAL = "{{ text }}"


class SmsApi(models.AbstractModel):
    """Sending to numbers: decided as a campaign decides, sent by the same claim."""

    _inherit = "sms.api"

    def _read_send(self, reference, numbers, text, template, values, message_class):
        """Check all arguments before anything is done with one of them."""
        reference = self._checked(api_input.reference, reference)
        recipients = self._checked(api_input.numbers, numbers)
        self._check_may_send_to(len(recipients))
        values = {**self._user_values(), **self._checked(api_input.values, values)}
        text = self._checked(api_input.text, text, template)
        found = self._find_template(template) if text is None else None
        default = found.message_class if found else "service"
        message_class = self._checked(api_input.message_class, message_class, default)
        return reference, recipients, text, found, values, message_class

    def _user_values(self):
        """What each template may name, as in campaigns: who writes, and for whom."""
        company = self.env.company
        user = {"name": self.env.user.name, "company": company.name}
        return {"user": {**user, "phone": company.phone}}

    def _check_may_send_to(self, count):
        group = "sms_base_sr.group_sms_campaign"
        if count > 1 and not self.env.su and not self.env.user.has_group(group):
            raise AccessError(
                self.env._(
                    "numbers: a salesperson sends to one number in a call. Ask an "
                    "administrator for the role “Campaign manager”."
                )
            )

    def _send_once(self, reference, recipients, text, template, values, message_class):
        given = {name: value for name, value in values.items() if name != "user"}
        content = (recipients, text, template and template.code, given, message_class)
        # A caller who catches our error must find the reference free again.
        with self.env.cr.savepoint():
            call, new = self._begin("send", reference, *content)
            if new:
                decisions = self._decide(
                    recipients, text, template, values, message_class
                )
                call.message_list = self._store(decisions, message_class)
        return self._answer(call, repeated=not new)

    # -- deciding ----------------------------------------------------------------------

    def _decide(self, recipients, text, template, values, message_class):
        """One decision per number, as a campaign's planner makes it."""
        company = self.env.company
        source = template.message_template if template else LITERAL
        suffix = company._sms_suffix(message_class)
        if suffix and suffix not in (text or source):
            source = f"{source} {suffix}"
        compiled = self._compile(source, recipients, values, text)
        found = self._as_recipients(recipients)
        run = self._run_thought_of(message_class)
        page = planning.Page(
            compiled,
            taken=set(),
            suppressed=run._numbers_suppressed(found),
            common={"text": text} if text else values,
            refused=run._contacts_suppressed(found),
        )
        return page.decide(found)

    def _run_thought_of(self, message_class):
        """A run that never exists: who is left out of campaigns is left out here."""
        return self._engine("sms.run").new(
            {
                "company_id": self.env.company.id,
                "provider_id": self._provider().id,
                "message_class": message_class,
            }
        )

    def _provider(self):
        return self.env["sms.provider"].sudo()._require_provider(self.env.company)

    def _compile(self, source, recipients, values, text):
        try:
            compiled = text_template.compile_text(source)
        except text_template.TemplateError as error:
            raise UserError(
                self.env._("template: its text cannot be used: %s", error)
            ) from error
        if text is None:
            self._check_values(compiled, recipients, values)
        return compiled

    def _check_values(self, compiled, recipients, values):
        """A name that nobody gave would leave out each recipient without a word."""
        for position, (_phone, own) in enumerate(recipients):
            missing = compiled.missing(names_of({**values, **own}))
            if missing:
                raise UserError(
                    self.env._(
                        "values: the template needs %(names)s, which numbers[%(row)s] "
                        "has not. Give it in values, for all or for this number.",
                        names=", ".join(missing),
                        row=position,
                    )
                )

    def _as_recipients(self, recipients):
        company = self.env.company
        normalize = self.env["sms.message"]._normalize_phone
        numbers = [normalize(phone, company) for phone, _values in recipients]
        partners = self._partners_of([number for number in numbers if number])
        return [
            planning.Recipient(
                source_id=position,
                raw_phone=phone,
                phone=number,
                values=own,
                partner_id=partners.get(number),
            )
            for position, ((phone, own), number) in enumerate(
                zip(recipients, numbers, strict=True)
            )
        ]

    def _partners_of(self, numbers):
        """{number: id of the contact that has it, the oldest of several}."""
        domain = [
            ("phone_sanitized", "in", numbers),
            ("company_id", "in", (self.env.company.id, False)),
        ]
        # sudo: whose SMS it is, is the ledger's to know; the answer names nobody.
        found = self.env["res.partner"].sudo().search(domain, order="id desc")
        return {partner.phone_sanitized: partner.id for partner in found}

    # -- storing -----------------------------------------------------------------------

    def _store(self, decisions, message_class):
        """Make messages and batches; return the messages' ids, in the same order."""
        self._take_quota(sum(decision.sendable for decision in decisions))
        provider = self._provider()
        batches = self._batches_of(decisions, provider, message_class)
        constants = {
            "company_id": self.env.company.id,
            "provider_id": provider.id,
            "message_class": message_class,
            "user_id": self.env.uid,
        }
        rows = [
            {**constants, **self._message_values(decision, batches, provider)}
            for decision in decisions
        ]
        messages = self._engine("sms.message").create(rows)
        channel = "root.sms.now" if len(decisions) == 1 else "root.sms.send"
        made = self._engine("sms.batch").browse(dict.fromkeys(batches.values()))
        made._enqueue(channel=channel)
        return messages.ids

    def _take_quota(self, count):
        """A stolen key sends no more than a stolen password; addons are free."""
        if self.env.uid != SUPERUSER_ID:
            # sudo: the counters are the engine's.
            quota = self.env["sms.send.quota"].sudo()
            quota._take(self.env.company.sudo(), "single", count)

    def _engine(self, model):
        """The ledger's models; a client's default values are not meant for them."""
        # sudo: whoever may send was asked in the beginning.
        # pylint: disable-next=context-overridden
        return self.env[model].sudo().with_context(clean_context(self.env.context))

    def _batches_of(self, decisions, provider, message_class, **more):
        """{decision's reference: batch}; a batch never mixes time zones."""
        zones, size, batches = {}, provider._batch_limit(), {}
        for decision in decisions:
            if decision.sendable:
                zones.setdefault(decision.zone, []).append(decision.reference)
        for zone, references in zones.items():
            for start in range(0, len(references), size):
                part = references[start : start + size]
                values = {"zone": zone, "message_count": len(part), **more}
                batch = self._new_batch(provider, message_class, values)
                batches.update(dict.fromkeys(part, batch.id))
        return batches

    def _new_batch(self, provider, message_class, values):
        return self._engine("sms.batch").create(
            {
                "company_id": self.env.company.id,
                "provider_id": provider.id,
                "message_class": message_class,
                "state": "queued",
                **values,
            }
        )

    def _message_values(self, decision, batches, provider):
        recipient, why = decision.recipient, decision.why or NOT_SUPPRESSED
        return {
            "reference": decision.reference,
            "batch_id": batches.get(decision.reference),
            "partner_id": recipient.partner_id,
            "phone": recipient.phone or recipient.raw_phone,
            "body": decision.text or "",
            "state": "outgoing" if decision.sendable else "canceled",
            "failure_type": decision.failure_type,
            "error_message": decision.detail,
            "cost": decision.segments * provider.price_per_segment,
            "suppression_source": why.source,
            "suppression_name": why.name,
            "suppression_date": why.since or (why.source and fields.Datetime.now()),
        }

    # -- answering ---------------------------------------------------------------------

    def _answer_messages(self, call):
        """The messages as they are now, as far as the caller may see them."""
        ids = call.message_list or []
        found = self.env["sms.message"].search([("id", "in", ids)]).sorted("id")
        rows = [message._api_values() for message in found]
        return {"counts": dict(Counter(row["state"] for row in rows)), "messages": rows}


def names_of(values, prefix=""):
    """All dotted names of nested values."""
    names = set()
    for name, value in values.items():
        names.add(f"{prefix}{name}")
        if isinstance(value, dict):
            names |= names_of(value, f"{prefix}{name}.")
    return names
