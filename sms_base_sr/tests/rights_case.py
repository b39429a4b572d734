"""The rights of roles as one table per addon, written by hand and complete."""

from odoo.tests import new_test_user

# How the tables write the four operations.
OPERATIONS = {"c": "create", "r": "read", "u": "write", "d": "unlink"}
SECRET_WORDS = ("secret", "token", "jwt", "hash", "sealed", "password")


class RightsCase:
    """Compare what each role may do with the addon's table; mix it into a case.

    ``ROLES`` names roles and their groups. ``RIGHTS`` has a line for each model of
    the addon: the operations of each role in the same order, ``-`` for none.
    ``SHARED`` names models that no rule divides among companies, and says why.
    """

    ADDON = ""
    ROLES = {}
    RIGHTS = {}
    SHARED = {}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: new_test_user(cls.env, login=f"{cls.ADDON}_{role}", groups=groups)
            for role, groups in cls.ROLES.items()
        }

    def test_the_table_has_a_line_for_every_model(self):
        self.assertEqual(set(self.RIGHTS), self.models_of_addon())

    def test_each_role_may_do_what_the_table_says(self):
        for model, line in self.RIGHTS.items():
            with self.subTest(model=model):
                expected = dict(zip(self.ROLES, line.split(), strict=True))
                found = {role: self.rights(role, model) for role in self.ROLES}
                self.assertEqual(found, expected)

    def test_every_record_belongs_to_a_company_or_it_is_said_why_not(self):
        shared = {
            model
            for model in self.own_models()
            if not self.env[model]._transient and not self.company_rules(model)
        }
        self.assertEqual(shared, set(self.SHARED))

    def test_only_administrators_see_fields_of_secrets(self):
        closed = ("sms_base_sr.group_sms_admin", ".")
        for field in self.secret_fields():
            with self.subTest(field=str(field)):
                self.assertIn(field.groups, closed)

    # -- what is there -----------------------------------------------------------------

    def own_models(self):
        """Models with records that the addon itself defines."""
        registry = self.env.registry
        return {
            name
            for name, model in registry.items()
            if model._original_module == self.ADDON and not model._abstract
        }

    def models_of_addon(self):
        """Its own models, and those of others that it gives somebody a right to."""
        given = self.env["ir.model.data"].search(
            [("module", "=", self.ADDON), ("model", "=", "ir.model.access")]
        )
        lines = self.env["ir.model.access"].browse(given.mapped("res_id"))
        return self.own_models() | set(lines.model_id.mapped("model"))

    def rights(self, role, model):
        """Return the operations of a role on a model, as the table writes them."""
        records = self.env[model].with_user(self.users[role])
        letters = [k for k, verb in OPERATIONS.items() if records.has_access(verb)]
        return "".join(letters) or "-"

    def company_rules(self, model):
        """The rules for everybody that divide a model among companies."""
        return self.env["ir.rule"].search(
            [
                ("model_id.model", "=", model),
                ("groups", "=", False),
                ("domain_force", "like", "company_ids"),
            ]
        )

    def secret_fields(self):
        """The addon's fields on models that people read, with a name of a secret."""
        for model in self.env.registry.values():
            for field in model._fields.values():
                ours = self.ADDON in (field._modules or ())
                named = any(word in field.name for word in SECRET_WORDS)
                if ours and named and not model._abstract:
                    if field.name not in self.NO_SECRETS:
                        yield field

    # Names that sound like secrets and are none, with the reason.
    NO_SECRETS = {
        "attempt_token": "says which worker owns a call; no gateway knows it",
        "body_digest": "of administrators' table alone",
    }
