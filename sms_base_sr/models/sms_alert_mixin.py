import logging
from dataclasses import dataclass, field

from odoo import api, fields, models

from .sms_batch_settle import LOST

_logger = logging.getLogger(__name__)


@dataclass
class Matter:
    """What a record's people should know now; a higher version is told anew."""

    record: models.BaseModel
    users: models.BaseModel
    version: int = 1
    told: set = field(default_factory=set)


class SmsAlertMixin(models.AbstractModel):
    """Tells people what only a person can settle: one activity each, in Odoo's list.

    The sweeper compares what should be told with what is told, so an alert is never
    lost with a transaction, never doubled, and goes when its matter is settled. The
    sweeper writes the activities; a button that settles a matter closes them at once.

    A model lists its matters in ``_alert_subjects`` and says for each of them, by
    name, ``_alert_matters_<subject>()`` (a list of :class:`Matter`) and
    ``_alert_text_<subject>()`` (summary and note, in the reader's language).
    """

    _name = "sms.alert.mixin"
    _inherit = ["mail.activity.mixin"]
    _description = "Records that call for a person"

    @api.model
    def _alert_subjects(self):
        """Names of the matters that records of this model may have."""
        return []

    @api.model
    def _sync_alerts(self):
        """Tell what is not told yet and close what is settled, subject by subject."""
        for subject in self._alert_subjects():
            matters = getattr(self, f"_alert_matters_{subject}")()
            self._close_settled(subject, matters)
            self._mark_told(subject, matters)
            self._tell(subject, matters)

    # -- telling -----------------------------------------------------------------------

    @api.model
    def _told_activities(self, subject, active_test=True):
        activities = self.env["mail.activity"].sudo()
        return activities.with_context(active_test=active_test).search(
            [("res_model", "=", self._name), ("sms_alert", "=", subject)]
        )

    @api.model
    def _mark_told(self, subject, matters):
        """Who has it on the list, or has put this version of it aside, is told."""
        by_record = {matter.record.id: matter for matter in matters}
        for activity in self._told_activities(subject, active_test=False):
            matter = by_record.get(activity.res_id)
            newest = matter and activity.sms_alert_version >= matter.version
            if matter and (activity.active or newest):
                matter.told |= {activity.user_id.id, activity.sms_alert_user_id.id}

    @api.model
    def _tell(self, subject, matters):
        """Make the missing activities in bulk, each in its reader's language."""
        values = [
            matter.record._alert_values(subject, user, matter.version)
            for matter in matters
            for user in matter.users
            if user.id not in matter.told
        ]
        # Core otherwise mails each activity to its user.
        activities = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True
        )
        activities.create(values)

    def _alert_values(self, subject, user, version):
        self.ensure_one()
        reader = self.with_context(lang=user.lang, tz=user.tz)
        summary, note = getattr(reader, f"_alert_text_{subject}")()
        return {
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": self.id,
            "activity_type_id": self.env.ref(
                "sms_base_sr.mail_activity_type_attention"
            ).id,
            "summary": summary,
            "note": note,
            # The reader's own today: tomorrow's would not show in the systray.
            "date_deadline": fields.Date.context_today(reader),
            "user_id": user.id,
            "automated": True,
            "sms_alert": subject,
            "sms_alert_user_id": user.id,
            "sms_alert_version": version,
        }

    # -- settled -----------------------------------------------------------------------

    @api.model
    def _close_settled(self, subject, matters):
        """Close the activities whose matter no longer stands, put aside or not."""
        standing = {matter.record.id for matter in matters}
        told = self._told_activities(subject, active_test=False)
        told.filtered(lambda a: a.res_id not in standing)._close_sms_alerts()

    def _settle_alerts(self, *subjects):
        """Close these records' activities now; never in the way of who settles it."""
        try:
            with self.env.cr.savepoint():
                told = self.env["mail.activity"].sudo()
                told.with_context(active_test=False).search(
                    [
                        ("res_model", "=", self._name),
                        ("res_id", "in", self.ids),
                        ("sms_alert", "in", subjects),
                    ]
                )._close_sms_alerts()
        except LOST:
            raise
        except Exception:
            # The sweeper tries again.
            _logger.exception("Activities of %s are not closed", self)

    # -- who ---------------------------------------------------------------------------

    @api.model
    def _alert_admins(self, company=None):
        """SMS administrators, of a company where one is given."""
        admins = self.env.ref("sms_base_sr.group_sms_admin").sudo().all_user_ids
        return admins.filtered(
            lambda u: u.active and (not company or company in u.company_ids)
        )

    @api.model
    def _alert_first(self, company, *candidates):
        """The first of the candidates who can act; the administrators otherwise."""
        for user in candidates:
            if user.active and not user.share and company in user.company_ids:
                return user
        return self._alert_admins(company)

    # -- what core asks of a record with activities ------------------------------------
    #
    # It takes for granted that such a record has a chatter. Ours have none: a thread
    # makes every write dearer, and their history stands in their own tables.

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Nobody follows these records."""
        return True

    def message_post_with_source(self, source_ref, **kwargs):
        """That an activity is done is not posted: there is no chatter to show it."""
        return self.env["mail.message"]

    def message_notify(self, **kwargs):
        """Notify somebody whom a person gives the activity to."""
        self.ensure_one()
        thread = self.env["mail.thread"]
        return thread.message_notify(model=self._name, res_id=self.id, **kwargs)
