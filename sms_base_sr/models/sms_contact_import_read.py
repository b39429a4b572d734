import base64
from itertools import islice

from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..tools import contact_file, contact_values

SAMPLE_LINES = 200
SHOWN_LINES = 10
TABLE = Markup(
    '<div class="table-responsive"><table class="table table-sm o_sms_import_preview">'
    "<thead><tr>%s</tr></thead><tbody>%s</tbody></table></div>"
)
HEAD = Markup("<th>%s</th>")
CELL = Markup("<td>%s</td>")
GOOD = Markup("<tr>%s</tr>")
BAD = Markup('<tr class="table-danger">%s</tr>')
NUMBER = Markup('<td class="text-muted text-end pe-3">%s</td>')
NOTE = Markup('<p class="mb-2 %s">%s</p>')


class SmsContactImport(models.Model):
    """Looking at a file: what it is, what its columns mean, which lines are wrong."""

    _inherit = "sms.contact.import"

    preview = fields.Html(compute="_compute_preview", sanitize=False, exportable=False)

    def _open_file(self):
        """Return the file, or say what is wrong with it."""
        self.ensure_one()
        try:
            return contact_file.open_file(
                base64.b64decode(self.file or b""),
                self.delimiter or "",
                self.encoding or "",
            )
        except contact_file.FileProblem as problem:
            raise UserError(self._file_problem(problem)) from problem

    def _file_problem(self, problem):
        """Say what is wrong with a file, and what to do."""
        known = problem.details
        megabytes = 1024 * 1024
        sentences = {
            "empty": self.env._("File: it is empty. Choose another one."),
            "too_large": self.env._(
                "File: it has %(size)s MB, at most %(most)s MB are read. Divide it.",
                size=known.get("size", 0) // megabytes,
                most=known.get("most", 0) // megabytes,
            ),
            "too_many_lines": self.env._(
                "File: it has more than %s lines. Divide it.", known.get("most")
            ),
            "too_wide": self.env._(
                "File: it has %(columns)s columns, at most %(most)s are read. Delete "
                "those that are not needed.",
                columns=known.get("columns"),
                most=known.get("most"),
            ),
            "not_a_table": self.env._(
                "File: it is neither CSV nor XLSX. Save it as one of them in your "
                "spreadsheet program."
            ),
            "damaged": self.env._(
                "File: it cannot be read from line %s on. Save it again in your "
                "spreadsheet program.",
                known.get("line"),
            ),
        }
        return sentences[problem.code]

    def action_read_file(self):
        """Look at the file; go on to its columns."""
        self.ensure_one()
        targets = self._writable_campaign()._sms_import_targets()
        if self.state not in ("draft", "mapping"):
            raise UserError(
                self.env._("This import has begun and can no longer be changed.")
            )
        if not self.file:
            raise UserError(self.env._("File: choose a CSV or XLSX file first."))
        source = self._open_file()
        try:
            rows = list(islice(source.rows(), SAMPLE_LINES + 1))
        except contact_file.FileProblem as problem:
            raise UserError(self._file_problem(problem)) from problem
        if not rows:
            raise UserError(self.env._("File: it is empty. Choose another one."))
        self._store_sample(source, rows, targets)

    def _store_sample(self, source, rows, targets):
        first = rows[0][1]
        # Asked once: people may know better when they read the file again.
        again = self.state == "mapping"
        header = self.has_header if again else contact_file.has_header(first)
        width = max(len(cells) for _line, cells in rows)
        samples = [cells for _line, cells in rows[1 if header else 0 :]]
        titles = [
            first[i] if header and i < len(first) and first[i] else f"{i + 1}"
            for i in range(width)
        ]
        guessed = contact_values.guess(titles, samples, targets)
        # sudo: columns are what the file has; people choose their fields only.
        self.sudo().write(
            {
                "file_kind": source.kind,
                "encoding": source.encoding or False,
                "delimiter": source.delimiter or False,
                "has_header": header,
                "sample": rows,
                "state": "mapping",
                "column_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "position": index,
                                "title": title,
                                "examples": examples_of(samples, index),
                                "target": guessed[index],
                            }
                        )
                        for index, title in enumerate(titles)
                    ),
                ],
            }
        )

    # -- preview -----------------------------------------------------------------------

    @api.depends("sample", "has_header", "column_ids.target")
    @api.depends_context("lang")
    def _compute_preview(self):
        for record in self:
            known = record.sample and record.state == "mapping"
            record.preview = record._preview_table() if known else False

    def _preview_table(self):
        targets = self._targets()
        mapping = self._mapping()
        missing = self._mapping_problems(targets)
        if missing:
            return NOTE % ("text-danger", " ".join(missing))
        decided = self._decide_sample()
        wrong = [row for row in decided if row[2].reason]
        shown = [*decided[:SHOWN_LINES], *wrong[:SHOWN_LINES]]
        used = [target for target in targets if target.name in mapping]
        heads = [
            "",
            *(target.label for target in used),
            self.env._("Number, or what to do"),
        ]
        body = Markup("").join(
            self._preview_row(row, used, mapping) for row in by_line(shown)
        )
        notes = Markup("").join(
            NOTE % ("text-warning", text) for text in self._import_warnings()
        )
        table = TABLE % (Markup("").join(HEAD % head for head in heads), body)
        return self._preview_summary(decided, wrong) + notes + table

    def _decide_sample(self):
        """Return (line, cells, Decision) of the sample's lines."""
        rows = self.sample[1:] if self.has_header else self.sample
        lines = [(line, line, cells) for line, cells in rows]
        decisions = self._decide_page(lines, self._campaign())
        return [(line, cells, decisions[line]) for line, cells in rows]

    def _preview_summary(self, decided, wrong):
        if not wrong:
            text = self.env._("The first %s lines are in order.", len(decided))
            return NOTE % ("text-success", text)
        text = self.env._(
            "Of the first %(count)s lines %(wrong)s will be refused. You can import "
            "the others, and download the refused ones with their reasons.",
            count=len(decided),
            wrong=len(wrong),
        )
        return NOTE % ("text-danger", text)

    def _preview_row(self, row, used, mapping):
        line, cells, decision = row
        texts = [
            cells[mapping[target.name]] if mapping[target.name] < len(cells) else ""
            for target in used
        ]
        last = decision.detail or decision.phone
        columns = NUMBER % line + Markup("").join(CELL % t for t in [*texts, last])
        return (BAD if decision.reason else GOOD) % columns

    def _import_warnings(self):
        campaign = self._campaign()
        return campaign._sms_import_warnings(self) if campaign else []

    def _mapping_problems(self, targets):
        """What is wrong with the choice of columns, in sentences."""
        chosen = [c.target for c in self.column_ids if c.target]
        problems = [
            self.env._("%s: choose the column that fills it.", target.label)
            for target in targets
            if target.required and target.name not in chosen
        ]
        problems += [
            self.env._("%s: choose one column only.", target.label)
            for target in targets
            if chosen.count(target.name) > 1
        ]
        known = {target.name for target in targets}
        if set(chosen) - known:
            problems.append(
                self.env._("A column fills a field that this campaign does not have.")
            )
        return problems


def examples_of(samples, index):
    """The first filled cells of a column, for people to recognise it."""
    cells = [row[index] for row in samples if index < len(row) and row[index]]
    return ", ".join(dict.fromkeys(cells[:3]))[:120]


def by_line(rows):
    """Rows in the order of their lines, each once."""
    found = {row[0]: row for row in rows}
    return [found[line] for line in sorted(found)]
