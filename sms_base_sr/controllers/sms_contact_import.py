from odoo import http
from odoo.http import content_disposition, request


class SmsContactImport(http.Controller):
    """The report of an import: the lines that were not imported, as CSV."""

    @http.route("/sms/import/<int:import_id>/refused.csv", type="http", auth="user")
    def refused(self, import_id):
        """Download; rights and companies are those of the import."""
        record = request.env["sms.contact.import"].search([("id", "=", import_id)])
        if not record:
            raise request.not_found()
        name = f"{(record.file_name or 'contacts').rsplit('.', 1)[0]}-refused.csv"
        headers = [
            ("Content-Type", "text/csv; charset=utf-8"),
            ("Content-Disposition", content_disposition(name)),
            ("X-Content-Type-Options", "nosniff"),
        ]
        return request.make_response(record._refused_csv(), headers)
