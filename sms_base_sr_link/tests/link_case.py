"""Runs whose texts hold a link."""

from odoo.addons.sms_base_sr.tests.test_run_results import ResultsCase

from ..controllers import short_link as controller

HOST = "https://s.example.com.br"
TARGET = "https://www.example.com.br/oferta"
TEXT = "Ola {{ name }}: " + TARGET


class LinkCase(ResultsCase):
    """A company whose short links begin with :data:`HOST`."""

    def setUp(self):
        super().setUp()
        self.company.sms_link_host = HOST
        controller.messages.clear()
        controller.addresses.clear()

    def linked_run(self, count=3, text=TEXT, **values):
        """A planned run that counts clicks."""
        return self.planned_run(count, text=text, count_clicks=True, **values)

    def trackers(self, run):
        """The links of a run."""
        codes = [link["code"] for link in run.short_links.values()]
        return self.env["link.tracker.code"].search([("code", "in", codes)]).link_id

    def links_in(self, message):
        """``(code, key)`` of each short link in a message."""
        words = message.body.split()
        found = [word for word in words if word.startswith(f"{HOST}/r/")]
        return [tuple(word.removeprefix(f"{HOST}/r/").split("/")) for word in found]

    def click(self, *messages):
        """Open the links of messages as the route does, and have them counted."""
        for message in messages:
            for code, key in self.links_in(message):
                trackers = self.env["link.tracker"]
                number = trackers._sms_read_key(code, key)
                trackers._sms_of_code(code)._sms_click(number)
        self.env.invalidate_all()

    def clicks(self, run):
        """The clicks on the links of a run."""
        self.env.invalidate_all()
        return self.env["link.tracker.click"].search([("sms_run_id", "=", run.id)])
