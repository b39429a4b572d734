from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_datetime

TABLE = Markup(
    '<table class="table table-sm o_sms_history"><thead><tr>'
    "<th>%s</th><th>%s</th><th>%s</th><th>%s</th></tr></thead>"
    "<tbody>%s</tbody></table>"
)
ROW = Markup(
    '<tr><td class="text-nowrap">%s</td><td>%s</td>'
    '<td class="text-nowrap">%s</td><td>%s</td></tr>'
)


class SmsMessage(models.Model):
    """A message's history in plain words: what came, when, and by which way.

    Read from the rows that the engine keeps anyway: attempts, events and replies.
    """

    _inherit = "sms.message"

    history = fields.Html(
        compute="_compute_history", compute_sudo=True, sanitize=False, exportable=False
    )

    @api.depends("state", "batch_id")
    @api.depends_context("tz", "lang", "uid")
    def _compute_history(self):
        # sudo: who may read the message may read what became of it.
        for message in self:
            message.history = message.id and message._history_table()

    def _history_table(self):
        """Return the history as a table, oldest first."""
        rows = [row for row in self._history_rows() if row[0]]
        lines = [
            ROW % (format_datetime(self.env, moment, dt_format="medium"), *words)
            for moment, *words in sorted(rows, key=lambda row: row[0])
        ]
        titles = (
            self.env._("When"),
            self.env._("What"),
            self.env._("By which way"),
            self.env._("Details"),
        )
        return TABLE % (*titles, Markup().join(lines))

    def _history_rows(self):
        """Hook: (moment, what, way, details) of each thing that happened."""
        self.ensure_one()
        rows = self._history_of_origin() + self._history_of_attempts()
        for event in self._history_events():
            rows.append(self._history_of_event(event))
        for reply in self._history_replies():
            what = self.env._("Reply received")
            rows.append((reply.create_date, what, "", reply.body or ""))
        return rows

    def _history_of_origin(self):
        if self.direction == "incoming":
            return []
        what = self.env._("Planned") if self.run_id else self.env._("Written")
        who = self.run_id.display_name if self.run_id else self.create_uid.name
        rows = [(self.create_date, what, "", who or "")]
        if self.state == "canceled":
            reason = self._history_label("failure_type", self.failure_type)
            parts = filter(None, (reason, self.suppression_words))
            what = self.env._("Left out or cancelled")
            rows.append((self.write_date, what, "", " – ".join(parts)))
        return rows

    def _history_of_attempts(self):
        """The calls of the message's batch, their answers, and who decided."""
        rows = []
        for attempt in self.batch_id.attempt_ids:
            way = attempt.provider_id.display_name
            called = self.env._("Handed to the gateway")
            rows.append((attempt.started_at, called, way, ""))
            answer = self.env._(
                "Answer to the call: %s",
                attempt._fields["outcome"].convert_to_export(attempt.outcome, attempt),
            )
            rows.append((attempt.ended_at, answer, way, attempt.detail or ""))
            asked = self.env._("Gateway asked what became of it")
            rows.append((attempt.asked_at, asked, way, attempt.answer or ""))
            decided = self.env._("Decided by a person")
            who = attempt.decided_by_id.name or ""
            rows.append((attempt.decided_at, decided, "", who))
        return rows

    def _history_events(self):
        """Events of this message, and of its request as a whole."""
        events = self.env["sms.event"]
        requests = {
            self.provider_job_id,
            *self.batch_id.attempt_ids.mapped("reference"),
        }
        keys = [f"rejection:{name}" for name in requests if name]
        found = events.search([("message_id", "=", self.id)])
        if keys:
            provider = ("provider_id", "=", self.provider_id.id)
            found |= events.search([provider, ("key", "in", keys)])
        return found

    def _history_of_event(self, event):
        way = event._fields["source"].convert_to_export(event.source, event)
        what = event._fields["kind"].convert_to_export(event.kind, event)
        details = [event.text if event.kind != "reply" else "", event.code or ""]
        if event.reported_state:
            what = f"{what}: {self._history_label('state', event.reported_state)}"
        if event.occurred_at:
            moment = format_datetime(self.env, event.occurred_at, dt_format="medium")
            details.append(self.env._("happened on %s", moment))
        return event.create_date, what, way, " · ".join(filter(None, details))

    def _history_replies(self):
        """Answers to this message; found by its number, which is indexed."""
        if self.direction == "incoming" or not self.phone:
            return self.browse()
        number, parent = ("phone", "=", self.phone), ("parent_id", "=", self.id)
        return self.search([number, parent, ("direction", "=", "incoming")])

    def _history_label(self, name, value):
        """Return a selection's value in the reader's language."""
        return dict(self._fields[name]._description_selection(self.env)).get(value, "")

    def action_view_events(self):
        """Open the events behind the history, for supervisors."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sms_base_sr.sms_event_action"
        )
        # sudo: the events are searched again with the reader's own rights.
        action["domain"] = [("id", "in", self.sudo()._history_events().ids)]
        return action
