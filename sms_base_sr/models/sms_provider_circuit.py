from odoo import api, fields, models


class SmsProvider(models.Model):
    """What follows when an account stops or begins to send: probes, jobs, others."""

    _inherit = "sms.provider"

    circuit_failures = fields.Integer(
        "Failures that stop calls",
        default=5,
        help="So many failures within the seconds below, without a success between "
        "them, stop all calls but one probe now and then. A batch that the gateway "
        "refuses is no failure.",
    )
    circuit_within = fields.Integer("Failures within (s)", default=60)
    circuit_probe = fields.Integer(
        "Probe after (s)", default=60, help="And again after each probe that fails."
    )
    takes_over = fields.Boolean(
        "Takes over batches",
        help="Sends batches of other accounts of this company that cannot send now, "
        "at this account's price. Only batches that no gateway can have accepted.",
    )

    _circuit_range = models.Constraint(
        "CHECK (circuit_failures >= 1 AND circuit_within >= 1 AND circuit_probe >= 1)",
        "Failures, their seconds and the seconds between probes begin at 1.",
    )

    # -- probes ------------------------------------------------------------------------

    def _schedule_probe(self, moment):
        """Have a job start the probe, as the sweeper comes once a minute only."""
        self.ensure_one()
        self.with_delay(
            eta=moment,
            priority=5,
            description=self.env._("Try %s again", self.display_name),
        )._start_probe()

    def _start_probe(self):
        """Let one waiting batch try whether the gateway is back, if that is due."""
        self.ensure_one()
        # sudo: health is the engine's.
        if self.health_id.sudo()._probe_is_due():
            self.env["sms.batch"]._pick_probe(self)._go_now()

    @api.model
    def _sweep_probes(self):
        """Start the probes that are due: their jobs may be lost."""
        health = self.env["sms.provider.health"].sudo()
        for stopped in health.search([("circuit_since", "!=", False)]):
            stopped.provider_id._start_probe()

    # -- the batches of an account -----------------------------------------------------

    def _wake_batches_later(self):
        """Thousands may wait: their jobs are made by a job."""
        for provider in self:
            provider.with_delay(
                priority=5,
                description=self.env._(
                    "Start the batches of %s", provider.display_name
                ),
            )._wake_batches()

    def _wake_batches(self):
        """Make a job for each batch of this account that waits without one."""
        domain = [("provider_id", "in", self.ids)]
        self.env["sms.batch"]._end_waits(domain)
        self.env["sms.batch"]._wake_up(domain)

    def _successors(self):
        """Accounts that may take over batches of this one, the first one first."""
        self.ensure_one()
        others = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("takes_over", "=", True),
                # Whatever the context says of archived ones.
                ("active", "=", True),
                ("id", "!=", self.id),
            ]
        )
        return others.filtered(lambda p: p.health_id.sudo()._sends())

    # -- for others to extend ----------------------------------------------------------

    def _after_suspended(self, reason):
        """Called once when this account was suspended, in the same transaction."""

    def _after_resumed(self):
        """Called when a person has resumed this account, in the same transaction."""

    def _after_circuit_opened(self, reason):
        """Called once when the circuit has opened, in the same transaction."""

    def _after_circuit_closed(self):
        """Called when a call has closed the circuit, in the same transaction."""
