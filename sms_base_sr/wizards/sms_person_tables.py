import json

from markupsafe import Markup

from odoo import api, models
from odoo.tools import format_datetime, formatLang, html2plaintext

SHOWN_ROWS = 200
META = ["string", "type", "relation", "selection"]


class SmsPersonLookup(models.TransientModel):
    """What is held, as tables that the person asked about can read."""

    _inherit = "sms.person.lookup"

    @api.depends("asked", "phone", "partner_ids", "company_id")
    def _compute_found(self):
        for lookup in self:
            data = lookup._data() if lookup.asked and lookup.id else []
            lookup.summary = lookup._summary(data) if lookup.asked else False
            lookup.found = lookup._tables(data)

    def _summary(self, data):
        count = sum(len(rows) for _place, rows in data)
        if not count:
            return self.env._("Nothing is held on this person.")
        return self.env._(
            "%(count)s records in %(places)s places.", count=count, places=len(data)
        )

    def _tables(self, data):
        """Every place as a table, in the user's words."""
        return Markup("").join(self._as_table(place, rows) for place, rows in data)

    def _title(self, place):
        return self.env["ir.model"]._get(place.model).name or place.model

    def _as_table(self, place, rows):
        known = self._columns(place)
        labels = [known.get(name, {}).get("string", name) for name in place.shown]
        head = Markup("").join(Markup("<th>%s</th>") % label for label in labels)
        cell, line = Markup("<td>%s</td>"), Markup("<tr>%s</tr>")
        body = Markup("").join(
            line % Markup("").join(cell % text for text in texts)
            for texts in self._texts(place, rows[:SHOWN_ROWS])
        )
        return Markup(
            "<h4>%s (%s)</h4><p class='text-muted'>%s</p>"
            "<div class='table-responsive'><table class='table table-sm'>"
            "<thead><tr>%s</tr></thead><tbody>%s</tbody></table></div>"
        ) % (self._title(place), len(rows), place.kept, head, body)

    # -- values ------------------------------------------------------------------------

    def _columns(self, place):
        # sudo: labels only; whoever looks at a person may read the place's rows.
        return self.env[place.model].sudo().fields_get(place.shown, META)

    def _texts(self, place, rows):
        """All rows' values as texts, in the order of the columns."""
        known = self._columns(place)
        names = {
            name: self._names_of(meta["relation"], [row[name] for row in rows])
            for name, meta in known.items()
            if meta["type"] == "many2one"
        }
        return [
            [
                names[name].get(row[name], "")
                if name in names
                else self._as_text(known.get(name, {}), row[name])
                for name in place.shown
            ]
            for row in rows
        ]

    def _names_of(self, model, ids):
        """{id: name} of the records that a column points to."""
        # sudo: names of campaigns, colleagues and contacts, of rows that are shown.
        records = self.env[model].sudo().with_context(active_test=False)
        found = records.browse({one for one in ids if one}).exists()
        return {record.id: record.display_name or "" for record in found}

    def _as_text(self, meta, value):
        """A column's value in the user's language and time zone."""
        kind = meta.get("type")
        if value is None or value is False or value == "":
            return ""
        if kind == "boolean":
            return self.env._("Yes")
        if kind == "datetime":
            return format_datetime(self.env, value)
        if kind in ("float", "monetary"):
            return formatLang(self.env, value)
        if kind == "html":
            return html2plaintext(value)
        if kind == "selection":
            return dict(meta["selection"]).get(value, value)
        if isinstance(value, (dict, list)):
            return json.dumps(value, ensure_ascii=False)
        return str(value)
