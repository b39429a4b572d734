from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import phones, pseudonym
from ..tools.contact_file import FileProblem

PAGE = 1_000
# More is left to a job, which shows its progress.
AT_ONCE = 2_000


class SmsErasure(models.Model):
    """One erasure: who asked for it, and how far it has come.

    It holds the numbers until it is done, and then no more than a masked one: that
    something was erased must be provable, what was erased must not be found. The
    engine alone writes it.
    """

    _name = "sms.erasure"
    _inherit = ["sms.company.job.mixin"]
    _description = "SMS erasure"
    _order = "id desc"
    _rec_name = "masked"

    masked = fields.Char("Number", readonly=True, help="Hidden but for its ends.")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    user_id = fields.Many2one("res.users", "Asked for by", readonly=True)
    reason = fields.Char(readonly=True, help="Of the request; no names or numbers.")
    state = fields.Selection(
        [("waiting", "Waiting"), ("running", "Erasing"), ("done", "Done")],
        required=True,
        default="waiting",
        readonly=True,
    )
    obstacle = fields.Char("Waits for", readonly=True)
    erase_partners = fields.Boolean("The contact too", readonly=True)
    numbers = fields.Json(readonly=True, groups=fields.NO_ACCESS, copy=False)
    partners = fields.Json(readonly=True, groups=fields.NO_ACCESS, copy=False)
    token = fields.Char(readonly=True, groups=fields.NO_ACCESS, copy=False)
    total = fields.Integer("Messages", readonly=True)
    erased = fields.Integer("Erased messages", readonly=True)
    progress = fields.Float("Progress (%)", compute="_compute_progress")
    copies = fields.Integer("Other records", readonly=True)
    done_at = fields.Datetime("Erased on", readonly=True)

    @api.depends("total", "erased", "state")
    def _compute_progress(self):
        for erasure in self:
            done = 100.0 if erasure.state == "done" else 0.0
            total = erasure.total
            erasure.progress = 100.0 * erasure.erased / total if total else done

    @api.model
    def _begin(self, person, reason, erase_partners):
        """Erase a person now, or by a job where that is much.

        :raises UserError: an SMS to the person may still leave
        """
        self._check_nothing_leaves(person)
        # sudo: erasures are the engine's; who may ask was asked before.
        erasure = self.sudo().create(
            {
                "masked": phones.mask(person.numbers[0]) if person.numbers else "-",
                "company_id": person.company.id,
                "user_id": self.env.uid,
                "reason": reason,
                "erase_partners": erase_partners,
                "numbers": person.numbers,
                "partners": person.partners.ids,
                "token": pseudonym.by_chance(),
                "total": len(person.messages),
            }
        )
        if erasure.total > AT_ONCE:
            erasure._enqueue()
        else:
            erasure._erase()
        return erasure

    # -- what stands in the way --------------------------------------------------------

    @api.model
    def _obstacles(self, person):
        """Sentences that say why this person cannot be erased yet."""
        found = []
        leaving = self.env["sms.message"]._on_their_way(person.messages)
        for name, count in leaving.items():
            found.append(
                self.env._(
                    "%(count)s SMS of the campaign “%(name)s” may still leave: wait, "
                    "or cancel it.",
                    count=count,
                    name=name,
                )
                if name
                else self.env._("%s SMS are on their way: wait for them.", count)
            )
        if imports := self._open_imports(person):
            found.append(
                self.env._(
                    "The person stands in a file that waits to be imported (%s): "
                    "import it, or delete the import.",
                    ", ".join(record.file_name or str(record.id) for record in imports),
                )
            )
        return found

    @api.model
    def _open_imports(self, person):
        """Imports whose file is still there and names one of the numbers."""
        imports = self.env["sms.contact.import"].sudo()
        open_ones = imports.search(
            [
                ("company_id", "=", person.company.id),
                ("state", "in", ("draft", "mapping", "reading", "running")),
            ]
        )
        forms = pseudonym.all_forms(person.numbers)
        if not forms:
            return imports
        return open_ones.filtered(lambda record: record._names_any(forms))

    @api.model
    def _check_nothing_leaves(self, person):
        if obstacles := self._obstacles(person):
            raise UserError("\n".join(obstacles))

    # -- the work ----------------------------------------------------------------------

    def _enqueue(self):
        for erasure in self:
            erasure.with_delay(description=self.env._("Erase personal data"))._erase()

    def _person(self):
        self.ensure_one()
        partners = self.env["res.partner"].with_context(active_test=False)
        partners = partners.browse(self.partners or []).exists()
        return self.env["sms.person"]._find(
            self.company_id, self.numbers or [], partners
        )

    def _erase(self):
        """Erase page by page; what was erased is not found again, so it may be cut."""
        self.ensure_one()
        if self.state == "done":
            return
        person = self._person()
        if obstacles := self._obstacles(person):
            self.write({"state": "waiting", "obstacle": " ".join(obstacles)})
            return
        self.write({"state": "running", "obstacle": False})
        self._erase_places(person)
        self._erase_messages(person)
        self._finish(person)

    def _erase_places(self, person):
        persons = self.env["sms.person"]
        self.env.flush_all()
        values = persons._parameters(person, self.token)
        for place in persons._places():
            self.copies += persons._forget_place(place, values)
        self.env.invalidate_all()

    def _erase_messages(self, person):
        now = fields.Datetime.now()
        # One each: a customer's two numbers were counted as two.
        numbers = self.env["sms.person"]._numbers_in(person.messages)
        tokens = {number: pseudonym.by_chance() for number in numbers}
        for start in range(0, len(person.messages), PAGE):
            ids = person.messages[start : start + PAGE]
            self.env["sms.message"]._forget(ids, tokens, self.company_id, now)
            self.erased += len(ids)
            self._commit_page()

    def _commit_page(self):
        """In a job each page is kept, and its progress seen."""
        if self.env.context.get("job_uuid") and self.total > AT_ONCE:
            self.env.cr.commit()  # pylint: disable=invalid-commit  # job allows it

    def _finish(self, person):
        if self.erase_partners:
            person.partners._sms_anonymize()
        self.write(
            {
                "state": "done",
                "done_at": fields.Datetime.now(),
                "numbers": False,
                "partners": False,
            }
        )

    @api.model
    def _sweep_erasures(self):
        """Go on with what was cut off, or had to wait."""
        for erasure in self.search([("state", "!=", "done")]):
            if not erasure._has_living_job("_erase"):
                erasure._enqueue()


class SmsContactImport(models.Model):
    """Files that wait to be imported are looked into."""

    _inherit = "sms.contact.import"

    def _names_any(self, forms):
        """Whether the file, which people may write in any way, has one of these."""
        self.ensure_one()
        if any(named_in(row, forms) for row in self.sample or []):
            return True
        try:
            # A list of people: as big as imports may be, and open for a week at most.
            lines = self._open_file().rows() if self.file else []
            return any(named_in(cells, forms) for _line, cells in lines)
        except (UserError, FileProblem):
            # What nobody can read nobody can import either.
            return False


def named_in(cells, forms):
    """Whether a line of a file holds one of these forms of a number."""
    line = " ".join(str(cell or "") for cell in cells or [])
    return any(form in line for form in forms)
