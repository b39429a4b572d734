from odoo import api, fields, models


class KolmeyaSegment(models.Model):
    """A cost centre of a Kolmeya account, so that people pick it by name.

    *Check connection* writes it; the gateway is where cost centres are made.
    """

    _name = "kolmeya.segment"
    _description = "Kolmeya segment (cost centre)"
    _order = "name"

    name = fields.Char(required=True, readonly=True)
    segment_id = fields.Integer("Id at the gateway", required=True, readonly=True)
    provider_id = fields.Many2one("sms.provider", required=True, ondelete="cascade")

    _once = models.Constraint(
        "unique(provider_id, segment_id)", "This cost centre is listed already."
    )

    @api.depends("name", "segment_id")
    def _compute_display_name(self):
        for segment in self:
            segment.display_name = f"{segment.name} ({segment.segment_id})"

    def _replace(self, provider, listed):
        """Make the list equal to what the gateway says.

        :param listed: (id, name) pairs
        """
        wanted = {int(number): name for number, name in listed}
        known = self.search([("provider_id", "=", provider.id)])
        for segment in known:
            name = wanted.pop(segment.segment_id, None)
            if name:
                segment.name = name
            else:
                segment.unlink()
        values = [
            {"provider_id": provider.id, "segment_id": number, "name": name}
            for number, name in wanted.items()
        ]
        self.create(values)
