from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang

from ..models.sms_composer_campaign import LITERAL, SIGN
from ..tools import plan_figures, planning, sampling, segments, text_template

# So many are looked at while somebody types; of more the figures are said to be rough.
LOOKED_AT = 500
# Stands for a text that is still to be written, so that the recipients are decided.
NOTHING = "."
READ = (
    "composition_mode",
    "res_model",
    "res_id",
    "res_ids",
    "sms_domain",
    "template_id",
    "body",
    "number_field_name",
    "recipient_single_number_itf",
    "numbers",
)


class SmsComposer(models.TransientModel):
    """What a person reads before pressing *Send*: whom, how much, what.

    The planner of the campaigns decides, over the same records, so that the dialog
    promises what happens. Nothing is stored; the browser asks while one types.
    """

    _inherit = "sms.composer"

    @api.model
    def sms_read_review(self, values, position=None):
        """Describe an SMS that nobody has sent yet.

        :param values: what the dialog holds
        :param position: which of the recipients to show; None for the first who gets it
        """
        composer = self.new({name: values.get(name) for name in READ})
        if not composer.sms_native:
            return False
        numbers = composer.composition_mode == "numbers"
        if not numbers and composer.res_model not in self.env:
            return False
        campaign = composer._sms_thought_of()
        told = composer._sms_told_of_sending(campaign)
        try:
            recipients, total = composer._sms_recipients(campaign)
            decisions = composer._sms_decide(campaign, recipients)
        except (UserError, text_template.TemplateError) as error:
            return {**told, "error": str(error)}
        preview = composer._sms_preview_of(decisions, position)
        figures = composer._sms_figures(decisions, total)
        return {**told, **figures, "preview": preview, "error": ""}

    # -- whom --------------------------------------------------------------------------

    def _sms_thought_of(self):
        """The campaign that this would be; it never exists."""
        values = self._sms_campaign_values() if self.res_model else {}
        if self._sms_is_final():
            # What stands there leaves as it is: nothing in it is evaluated.
            values |= {"body": False, "sms_template_id": False}
        elif self._sms_is_empty():
            values["body"] = NOTHING
        return self.env["sms.composer.campaign"].new(
            {**values, "company_id": self.env.company.id}
        )

    def _sms_recipients(self, campaign):
        """(recipients to look at, how many there are in all)."""
        if self.composition_mode == "numbers":
            return self._sms_bare_numbers()
        total = self.res_ids_count or 1
        if total > LOOKED_AT:
            return campaign._sms_spread_recipients(LOOKED_AT), total
        recipients = campaign._sms_audience_page(0, LOOKED_AT)
        if self.comment_single_recipient:
            for recipient in recipients:
                self._sms_as_typed(recipient)
        return recipients, total

    def _sms_as_typed(self, recipient):
        """One contact gets what stands in the dialog, at the number that is there."""
        typed = (self.recipient_single_number_itf or "").strip()
        if typed:
            recipient.raw_phone, recipient.phone = typed, self._sms_number(typed)
        recipient.values = {"text": self._sms_typed()}

    def _sms_typed(self):
        return NOTHING if self._sms_is_empty() else self.body

    def _sms_is_empty(self):
        """Nobody has written anything yet: nobody's own text is missing."""
        return not self._sms_ours() and not (self.body or "").strip()

    def _sms_number(self, text):
        return self.env["sms.message"]._normalize_phone(text, self.env.company)

    def _sms_bare_numbers(self):
        numbers = [number.strip() for number in (self.numbers or "").split(",")]
        recipients = [
            planning.Recipient(
                position, number, self._sms_number(number), {"text": self._sms_typed()}
            )
            for position, number in enumerate(filter(None, numbers))
        ]
        return recipients[:LOOKED_AT], len(recipients)

    # -- how much ----------------------------------------------------------------------

    def _sms_is_final(self):
        """What stands in the dialog is what leaves: nothing is written into it."""
        return self.composition_mode == "numbers" or self.comment_single_recipient

    def _sms_decide(self, campaign, recipients):
        """One decision per recipient, as the engine would make it."""
        text = LITERAL if self._sms_is_final() else campaign._sms_full_text()
        # sudo: who must not be texted is the engine's to know; counts are told.
        run = self.env["sms.run"].sudo()
        run = run.new(
            {
                "company_id": self.env.company.id,
                "provider_id": self._sms_provider().id,
                "message_class": campaign.message_class or "service",
            }
        )
        page = planning.Page(
            run._compile_text(text, campaign),
            taken=set(),
            suppressed=run._numbers_suppressed(recipients),
            common=campaign._sms_common_values(),
            refused=run._contacts_suppressed(recipients),
        )
        return page.decide(recipients)

    def _sms_figures(self, decisions, total):
        """What these come to, and what all come to where these are a sample."""
        exact = total <= LOOKED_AT
        whole = sampling.Share(len(decisions), total, exact)
        figures = plan_figures.of_page(decisions)
        # sudo: of the account only its price is told.
        price = self._sms_provider().price_per_segment
        count = whole.of(sum(decision.sendable for decision in decisions))
        spread = sorted(map(int, figures["parts"]))
        sizes = sum(decision.segments for decision in decisions if decision.sendable)
        saved = whole.of(figures["accented"]) - whole.of(figures["plain"])
        return {
            "exact": exact,
            "looked": len(decisions),
            "total": total,
            "sends": count,
            "excluded": self._sms_excluded(decisions, whole, total),
            "missing": sorted(figures["missing"]),
            "spread": [spread[0], spread[-1]] if spread else [],
            "unicode": whole.of(figures["unicode"]),
            "cost": round(whole.of(sizes) * price, 2),
            "saving": round(saved * price, 2),
            "approval": self._sms_approval(count, whole.of(sizes) * price),
        }

    def _sms_excluded(self, decisions, whole, total):
        """Who is left out, by reason; whom the engine never reads stands there too."""
        labels = self._sms_reasons()
        counts = planning.count_reasons(decisions).most_common()
        found = [
            {"reason": reason, "label": labels[reason], "count": whole.of(count)}
            for reason, count in counts
        ]
        unseen = total - len(decisions) if whole.exact else 0
        if unseen > 0:
            label = self.env._("Of another company, or not yours to see")
            found.append({"reason": "unseen", "label": label, "count": unseen})
        return found

    def _sms_approval(self, count, cost):
        """Why another person would have to approve this; empty where nobody has to."""
        if not self.sms_as_campaign:
            return ""
        run = self.env["sms.run"].sudo().new({"company_id": self.env.company.id})
        run.planned_count, run.planned_cost = count, cost
        return ", ".join(run._approval_reasons())

    # -- what --------------------------------------------------------------------------

    def _sms_preview_of(self, decisions, position):
        """One recipient's text, or why there is none."""
        if not decisions:
            return False
        if position is None:
            sendable = [n for n, d in enumerate(decisions) if d.sendable]
            position = sendable[0] if sendable else 0
        position %= len(decisions)
        decision = decisions[position]
        text = decision.text or ""
        size, _plain, plain_size = segments.compare(text)
        return {
            "position": position,
            "count": len(decisions),
            "name": self._sms_name_of(decision.recipient),
            "phone": decision.recipient.phone or decision.recipient.raw_phone or "",
            "text": text,
            "reason": self._sms_reason_of(decision),
            "segments": size.segments,
            "characters": size.characters,
            "room": room_of(size),
            "unicode": size.encoding == segments.UCS2,
            "culprits": segments.culprits(text),
            "plain_segments": plain_size.segments,
        }

    def _sms_name_of(self, recipient):
        if self.composition_mode == "numbers":
            return ""
        return self.env[self.res_model].browse(recipient.source_id).display_name

    def _sms_reason_of(self, decision):
        if decision.sendable:
            return ""
        if decision.missing:
            return self.env._("no value for %s", decision.missing)
        return self._sms_reasons()[decision.failure_type]

    def _sms_reasons(self):
        """Why somebody is left out; nothing of campaigns to who writes to three."""
        field = self.env["sms.message"]._fields["failure_type"]
        labels = dict(field._description_selection(self.env))
        return {**labels, "duplicate": self.env._("Number there twice")}

    # -- how it is sent ----------------------------------------------------------------

    def _sms_told_of_sending(self, campaign):
        """What holds whatever the text is."""
        company = self.env.company.sudo()
        limit = company.sms_composer_limit
        ending = company._sms_suffix(campaign.message_class or "service")
        text = self.template_id.message_template if self._sms_ours() else self.body
        return {
            "single": bool(self._sms_is_final()),
            "ours": self._sms_ours(),
            "empty": self._sms_is_empty(),
            "written": not self._sms_is_final() and SIGN in (self.body or ""),
            "campaign": self.sms_as_campaign,
            "may_send": self.sms_may_send,
            "limit": formatLang(self.env, limit, digits=0),
            "price": self._sms_provider().price_per_segment,
            "currency_id": company.currency_id.id,
            "ending": ending if ending and ending not in (text or "") else "",
            "gaps": self._sms_gaps(),
            "notes": company.sms_chatter_mode,
        }


def room_of(size):
    """How many units its SMS hold."""
    if size.segments < 2:
        return segments.SINGLE[size.encoding]
    return segments.PART[size.encoding] * size.segments
