from odoo import api, models

# What the counters of replies are made of.
COUNTED = {"run_id", "variant", "phone", "reply_class", "answered_date", "answer_kind"}


class SmsMessage(models.Model):
    """A reply that comes, is answered or is corrected has its run counted again."""

    _inherit = "sms.message"

    @api.model_create_multi
    def create(self, vals_list):
        messages = super().create(vals_list)
        messages._touch_runs_replied()
        return messages

    def write(self, vals):
        if COUNTED.isdisjoint(vals):
            return super().write(vals)
        self._touch_runs_replied()
        result = super().write(vals)
        if "run_id" in vals:
            self._touch_runs_replied()
        return result

    def unlink(self):
        self._touch_runs_replied()
        return super().unlink()

    def _touch_runs_replied(self):
        """Note which runs these replies belong to."""
        replies = self.filtered(lambda m: m.direction == "incoming" and m.run_id)
        # sudo: counters are the engine's, whoever answers.
        self.env["sms.run.touch"].sudo()._touch(replies.sudo().run_id)
