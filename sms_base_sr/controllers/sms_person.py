from odoo import http
from odoo.http import content_disposition, request

KINDS = {"json": "application/json", "csv": "text/csv"}


class SmsPerson(http.Controller):
    """What is held on a person, to take away; made when asked for, never stored."""

    @http.route(
        "/sms/person/<int:lookup_id>/data.<string:kind>", type="http", auth="user"
    )
    def data(self, lookup_id, kind):
        """Download; for whoever asked the question, and may."""
        lookups = request.env["sms.person.lookup"]
        lookup = lookups.search([("id", "=", lookup_id)])
        if not lookup or kind not in KINDS:
            raise request.not_found()
        headers = [
            ("Content-Type", f"{KINDS[kind]}; charset=utf-8"),
            ("Content-Disposition", content_disposition(f"personal-data.{kind}")),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "no-store"),
        ]
        return request.make_response(lookup._download(kind), headers)
