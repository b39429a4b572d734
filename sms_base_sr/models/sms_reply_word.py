from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ..tools import reply_words

MEANINGS = [
    (reply_words.OPT_OUT, "Wants no more SMS"),
    (reply_words.OPT_IN, "Wants SMS again"),
    (reply_words.INTERESTED, "Is interested"),
]


class SmsReplyWord(models.Model):
    """A word or phrase by which a company recognises what a reply asks for.

    Supervisors write it. A company without any has the shipped words, so that no
    company ever texts on because somebody emptied a list.
    """

    _name = "sms.reply.word"
    _description = "SMS reply word"
    _order = "meaning desc, name"

    name = fields.Char("Word or phrase", required=True)
    meaning = fields.Selection(MEANINGS, required=True, default=reply_words.OPT_OUT)
    anywhere = fields.Boolean(
        "Inside a longer text too",
        help="Otherwise the whole SMS must be this phrase. Capitals, accents, "
        "punctuation and polite words never count.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    folded = fields.Char(compute="_compute_folded", store=True, precompute=True)

    _once = models.Constraint(
        "unique(company_id, folded)", "This word is in the list already."
    )

    @api.depends("name")
    def _compute_folded(self):
        for word in self:
            word.folded = reply_words.simplify(word.name)

    @api.constrains("folded")
    def _check_folded(self):
        for word in self:
            if not word.folded:
                raise ValidationError(
                    self.env._("“%s” has no letter or digit.", word.name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        words = super().create(vals_list)
        self.env.registry.clear_cache()
        return words

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    def _classify(self, text, company):
        """Return what a reply to ``company`` asks for."""
        whole, inside = self._phrases(company.id)
        return reply_words.classify(text, whole, inside)

    @api.model
    @tools.ormcache("company_id")
    def _phrases(self, company_id):
        """Return {meaning: phrases} of whole texts and of parts of texts."""
        # sudo: every reply is read by these words, whoever handles it.
        words = self.sudo().search([("company_id", "=", company_id)])
        if not words:
            return None, {}
        whole = {meaning: [] for meaning, _label in MEANINGS}
        inside = {meaning: [] for meaning, _label in MEANINGS}
        for word in words:
            whole[word.meaning].append(word.name)
            if word.anywhere:
                inside[word.meaning].append(word.name)
        return whole, inside

    @api.model
    def _add_shipped_words(self, companies=None):
        """Give companies without words the shipped ones, for people to change."""
        companies = companies or self.env["res.company"].search([("active", "=", True)])
        for company in companies:
            if not self.search_count([("company_id", "=", company.id)], limit=1):
                self.create(self._shipped_words(company))

    @api.model
    def _shipped_words(self, company):
        folded = {}
        for meaning, phrases in reply_words.DEFAULT_WORDS.items():
            for phrase in phrases:
                folded.setdefault(
                    reply_words.simplify(phrase),
                    {"name": phrase, "meaning": meaning, "company_id": company.id},
                )
        return list(folded.values())
