from odoo.tests import TransactionCase, tagged

# Wizards hold a handful of rows: reading all of them costs nothing.
SMALL = ("sms_assign_contact",)
UNINDEXED = """
    SELECT c.conrelid::regclass::text, a.attname
    FROM pg_constraint c
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    WHERE c.contype = 'f' AND c.confrelid = 'sms_message'::regclass
      AND c.conrelid::regclass::text NOT IN %s
      AND NOT EXISTS (
        SELECT 1 FROM pg_index i
        WHERE i.indrelid = c.conrelid AND i.indkey[0] = c.conkey[1]
          AND COALESCE(pg_get_expr(i.indpred, i.indrelid),
                       format('(%%s IS NOT NULL)', a.attname))
              = format('(%%s IS NOT NULL)', a.attname))
"""


@tagged("post_install", "-at_install")
class TestMessageDelete(TransactionCase):
    """A run of a million is deleted without reading whole tables a million times."""

    def test_whoever_names_a_message_is_found_by_an_index(self):
        self.env.cr.execute(UNINDEXED, [SMALL])
        self.assertEqual(self.env.cr.fetchall(), [])
