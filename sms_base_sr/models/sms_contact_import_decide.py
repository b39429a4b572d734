from collections import namedtuple

from odoo import models

from ..tools import contact_values, phones

Decision = namedtuple("Decision", "phone values reason detail", defaults=(None,) * 4)


class SmsContactImport(models.Model):
    """One decision per line: the values it brings, or what is wrong and what to do."""

    _inherit = "sms.contact.import"

    def _mapping(self):
        """Return {target: position} of the columns that fill something."""
        return {c.target: c.position for c in self.column_ids if c.target}

    def _targets(self):
        """Return the targets of the campaign."""
        campaign = self._campaign()
        return campaign._sms_import_targets() if campaign else []

    def _decide(self, cells, targets, mapping):
        """Decide about one line, without looking at any other."""
        values = {}
        for target in targets:
            position = mapping.get(target.name)
            if position is None:
                continue
            text = cells[position] if position < len(cells) else ""
            if target.required and not text:
                return self._refused("missing", target, text, "missing")
            try:
                values[target.name] = contact_values.convert(text, target.kind)
            except contact_values.CellProblem as problem:
                return self._refused("value", target, text, problem.code)
        return self._with_number(values, targets)

    def _with_number(self, values, targets):
        """Normalise the number that the SMS goes to."""
        main = next(target for target in targets if target.main)
        text = values.get(main.name)
        phone = self.env["sms.message"]._normalize_phone(text, self.company_id)
        if not phone:
            return self._refused("invalid_number", main, text, "invalid_number")
        if not phones.is_mobile(phone):
            return self._refused("landline", main, text, "landline")
        return Decision(phone=phone, values=values)

    def _refused(self, reason, target, text, code):
        sentence = self._problem_sentence(code)
        label = f"{target.label}: {sentence}"
        shown = f"{target.label} “{text[:80]}”: {sentence}" if text else label
        return Decision(reason=reason, detail=shown)

    def _problem_sentence(self, code):
        """Say what is wrong with a cell, and what to do."""
        sentences = {
            "missing": self.env._("the cell is empty. Fill it in."),
            "formula": self.env._("the formula has no result. Correct the sheet."),
            "shortened": self.env._(
                "the spreadsheet has shortened the number, its last digits are lost. "
                "Format the column as text in the original sheet and export again."
            ),
            "cpf": self.env._("a CPF has eleven digits. Correct or empty the cell."),
            "state": self.env._("write the two letters of the state, such as SP."),
            "money": self.env._("this is no amount. Write it as 1234,56."),
            "boolean": self.env._("write Sim or Não."),
            "invalid_number": self.env._(
                "this is no phone number. Write the area code and the nine digits of a "
                "mobile, such as 11 91234-5678."
            ),
            "landline": self.env._("a landline gets no SMS. Write a mobile number."),
        }
        return sentences[code]

    def _decide_page(self, lines, campaign):
        """Decide about [(id, number, cells)]; return {id: Decision}.

        Each number once: of the file's own doubles the first line is imported.
        """
        targets, mapping = campaign._sms_import_targets(), self._mapping()
        decisions = {
            line_id: self._decide(cells, targets, mapping)
            for line_id, _number, cells in lines
        }
        numbers = list({d.phone for d in decisions.values() if d.phone})
        first_lines = self._lines_of_numbers(numbers)
        taken = campaign._sms_import_taken(numbers) - set(first_lines)
        for line_id, number, _cells in lines:
            phone = decisions[line_id].phone
            if phone in taken:
                decisions[line_id] = self._duplicate_of_campaign(phone)
            elif phone in first_lines:
                decisions[line_id] = self._duplicate_of_line(phone, first_lines[phone])
            elif phone:
                first_lines[phone] = number
        return decisions

    def _lines_of_numbers(self, numbers):
        """Return {number: line} of what this import has brought in already."""
        self.env.cr.execute(
            """
            SELECT phone, min(number) FROM sms_contact_import_line
            WHERE import_id = %s AND phone = ANY(%s) AND state = 'imported'
            GROUP BY phone
            """,
            # Not saved yet, in a preview: nothing was imported.
            [self._origin.id or 0, numbers],
        )
        return dict(self.env.cr.fetchall())

    def _duplicate_of_campaign(self, phone):
        detail = self.env._("%s is in this campaign already. Nothing to do.", phone)
        return Decision(reason="duplicate_campaign", detail=detail)

    def _duplicate_of_line(self, phone, line):
        detail = self.env._(
            "%(phone)s stands in line %(line)s as well, which was taken. "
            "Keep one of them.",
            phone=phone,
            line=line,
        )
        return Decision(reason="duplicate_file", detail=detail)
