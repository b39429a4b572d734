from odoo import fields, models


class SmsRun(models.Model):
    """What a manager reads before sending: counts, reasons, segments and price.

    All of it was added up while planning, so that it costs the same for ten contacts
    and for a million.
    """

    _inherit = "sms.run"

    drop_accents = fields.Boolean(
        readonly=True, help="Accents are dropped in the texts that this makes cheaper."
    )
    plan_figures = fields.Json(
        readonly=True, copy=False, help="Segments and missing values, added up."
    )

    def _read_review(self, sample_ids=()):
        """Return the review; ``sample_ids`` are the messages shown so far."""
        self.ensure_one()
        ready = self.state in ("ready", "scheduled")
        return {
            "run_id": self.id,
            "state": self.state,
            "recipients": self.recipient_count,
            "planned": self.planned_count,
            "excluded": self._review_excluded(),
            "missing": self._review_missing(),
            **self._review_price(),
            "balance": self._review_balance(),
            "forecast": self._review_forecast(),
            # Before, the forecast says who would wait if it were sent now.
            "waits": self._waits() if self.state == "scheduled" else [],
            "samples": self._review_samples(sample_ids),
            # While it is planned nothing can be sent, and asking costs a count.
            "stale": self._stale_reason() if ready else "",
        }

    def _review_excluded(self):
        """Who is left out, by reason, the most frequent first."""
        messages = self.env["sms.message"]
        labels = dict(messages._fields["failure_type"]._description_selection(self.env))
        counts = self.excluded_counts or {}
        return [
            {"reason": reason, "label": labels.get(reason, reason), "count": count}
            for reason, count in sorted(counts.items(), key=lambda item: -item[1])
        ]

    def _review_missing(self):
        """Variables that had no value, the most frequent first."""
        missing = (self.plan_figures or {}).get("missing") or {}
        return [
            {"name": name, "count": count}
            for name, count in sorted(missing.items(), key=lambda item: -item[1])
        ]

    def _review_price(self):
        """Segments and price as planned, and what accents cost of it."""
        figures = self.plan_figures or {}
        price = (self.plan_basis or {}).get("price")
        if price is None:
            price = self.provider_id.price_per_segment
        accented, plain = figures.get("accented", 0), figures.get("plain", 0)
        parts = figures.get("parts") or {}
        return {
            "segments": self.planned_segments,
            "unicode": figures.get("unicode", 0),
            "parts": sorted([int(size), count] for size, count in parts.items()),
            "price": price,
            "cost": round(self.planned_cost, 2),
            "currency_id": self.currency_id.id,
            "accents": {
                "dropped": self.drop_accents,
                "accented": accented,
                "plain": plain,
                "accented_cost": round(accented * price, 2),
                "plain_cost": round(plain * price, 2),
                "saving": round((accented - plain) * price, 2),
            },
        }

    def _review_balance(self):
        """The account's balance and whether it suffices; None where unknown."""
        balance = self.provider_id._read_balance()
        if balance and balance["amount"] is not None:
            # A cent of rounding is no reason to warn.
            balance["enough"] = balance["amount"] + 0.005 >= self.planned_cost
        return balance

    def _excluded_domain(self, reason, variable=None):
        """Messages of this run that were left out for a reason."""
        domain = [("run_id", "=", self.id), ("failure_type", "=", reason)]
        if variable:
            domain.append(("error_message", "=like", f"% {variable}"))
        return domain

    def action_view_excluded(self, reason, variable=None):
        """Open the list of who is left out for one reason, or one variable."""
        self.ensure_one()
        messages = self.env["sms.message"]
        labels = dict(messages._fields["failure_type"]._description_selection(self.env))
        label = labels.get(reason, reason)
        title = f"{label}: {variable}" if variable else label
        return {
            **self.action_view_messages(),
            "name": title,
            "display_name": title,
            "domain": self._excluded_domain(reason, variable),
            "views": [
                (self.env.ref("sms_base_sr.sms_message_view_list_excluded").id, "list"),
                (False, "form"),
            ],
        }
