import unittest

from odoo.addons.contact_center_sms.tools import channels


class TestChannelNames(unittest.TestCase):
    """From a connector's type to the channel that people know."""

    def test_each_type_has_a_channel(self):
        cases = {
            "sms": "sms",
            "apichat.io": "whatsapp",
            "chatapi": "whatsapp",
            "facebook": "facebook",
            "a type of tomorrow": "other",
            "": "other",
            None: "other",
        }
        for kind, channel in cases.items():
            with self.subTest(kind=kind):
                self.assertEqual(channels.channel_of(kind), channel)

    def test_a_channel_has_types(self):
        known = ["sms", "gupshup", "wechat", "not_set"]
        self.assertEqual(channels.types_of("whatsapp", known), ["gupshup"])
        self.assertEqual(channels.types_of("other", known), ["not_set"])

    def test_every_channel_has_a_name(self):
        names = dict(channels.CHANNELS)
        found = {channels.channel_of(kind) for kind in ("sms", "chatapi", "wechat", "")}
        self.assertLessEqual(found, set(names))

    def test_the_sql_names_the_column_only(self):
        sql = channels.case_sql("k.connector_type")
        self.assertIn("k.connector_type = 'sms' THEN 'sms'", sql)
        self.assertTrue(sql.endswith("ELSE 'other' END)"))
