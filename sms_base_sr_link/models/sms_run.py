import functools

from odoo import api, fields, models

from ..tools import short_link


class SmsRun(models.Model):
    """Planning with short links: the text that is measured and paid holds them."""

    _inherit = "sms.run"

    count_clicks = fields.Boolean("Count clicks on links", readonly=True)
    short_links = fields.Json(
        readonly=True, copy=False, help="{address in the text: {code, prefix}}"
    )

    def _start_planning(self, auto_release):
        result = super()._start_planning(auto_release)
        for run in self.filtered("count_clicks"):
            # A planning that failed goes on with the links it had.
            run.short_links = run.short_links or run._make_short_links()
        return result

    def _make_short_links(self):
        """Make one link for each address in the texts; return where it leads from.

        An address that variables are part of stays as it is.
        """
        self.ensure_one()
        texts = (self.text, self.text_b)
        urls = dict.fromkeys(
            url for text in texts for url in short_link.fixed_urls(text)
        )
        if not urls:
            return {}
        # sudo: the campaign's links are the engine's.
        trackers = self.env["link.tracker"].sudo()
        # The label keeps campaigns of the same name apart.
        label = f"{self.name} ({self.res_id})"
        values = {**self._utm_values(), "label": label}
        # A title of our own: core would fetch each page for it.
        found = trackers.search_or_create(
            [{"url": url, "title": url, **values} for url in urls]
        )
        base = self.company_id._sms_link_base(self.provider_id)
        return {
            url: {"code": tracker.code, "prefix": f"{base}/r/{tracker.code}/"}
            for url, tracker in zip(urls, found, strict=True)
        }

    # -- the page ----------------------------------------------------------------------

    def _page_options(self, recipients):
        options = super()._page_options(recipients)
        if not self.short_links:
            return options
        self._reserve_ids(recipients)
        return {**options, "edit": self._link_editor()}

    def _reserve_ids(self, recipients):
        """Draw the ids of a page's messages: their texts name them."""
        self.env.cr.execute(
            "SELECT nextval('sms_message_id_seq') FROM generate_series(1, %s)",
            [len(recipients)],
        )
        drawn = self.env.cr.fetchall()
        for recipient, (message_id,) in zip(recipients, drawn, strict=True):
            recipient.message_id = message_id

    def _link_editor(self):
        """What puts a recipient's own links into a text."""
        secret = self.env["link.tracker"]._sms_secret()
        return functools.partial(_with_links, self.short_links, secret)

    def _message_columns(self):
        columns = super()._message_columns()
        return (*columns, "id") if self.short_links else columns

    def _message_row(self, decision, batches):
        row = super()._message_row(decision, batches)
        return (*row, decision.recipient.message_id) if self.short_links else row

    # -- the review --------------------------------------------------------------------

    def _basis_labels(self):
        labels = {
            "count_clicks": self.env._("counting of clicks"),
            "link_base": self.env._("address of short links"),
        }
        return {**super()._basis_labels(), **labels}

    def _read_review(self, sample_ids=()):
        review = super()._read_review(sample_ids)
        return {**review, "links": self._review_links()}

    def _review_links(self):
        """The links as the texts hold them, what they cost, and what is wrong."""
        if not self.count_clicks:
            return False
        links = [
            {
                "url": url,
                "short": link["prefix"] + "·" * short_link.KEY_WIDTH,
                "length": len(link["prefix"]) + short_link.KEY_WIDTH,
                "more": len(link["prefix"]) + short_link.KEY_WIDTH - len(url),
            }
            for url, link in (self.short_links or {}).items()
        ]
        return {"links": links, "problem": self._link_problem(links)}

    @api.model
    def _link_problem(self, links):
        if not links:
            return self.env._(
                "Clicks are to be counted, but the text holds no address that is the "
                "same for everybody (https://…)."
            )
        base = links[0]["short"].partition("/r/")[0]
        return self.env["res.company"]._sms_link_problem(base)


def _with_links(links, secret, recipient, text):
    """Return the text with this recipient's links; of nobody's, ones that count not."""
    number = recipient.message_id or 0
    mine = {
        url: link["prefix"] + short_link.make_key(secret, link["code"], number)
        for url, link in links.items()
    }
    return short_link.shorten(text, mine)
