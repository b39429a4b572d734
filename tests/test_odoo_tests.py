"""What differs between Odoo's own tests without our addons and with them is told."""

from dev import odoo_tests

OUTPUT = """
=========================== short test summary info ============================
SUBFAILED(login='a b') ../x/odoo/addons/sms/tests/test_a.py::TestA::test_one
FAILED ../x/odoo/addons/sms_twilio/tests/test_b.py::TestB::test_two
ERROR ../x/odoo/addons/sms/tests/test_c.py::TestC::test_three
3 failed, 10 passed in 2.00s
"""


def test_failures_are_named_by_addon_test_and_subtest():
    found = {f"{p}{t}{s}" for _k, s, p, t in odoo_tests.FAILED.findall(OUTPUT)}
    assert found == {
        "sms/tests/test_a.py::TestA::test_one(login='a b')",
        "sms_twilio/tests/test_b.py::TestB::test_two",
        "sms/tests/test_c.py::TestC::test_three",
    }


def test_only_a_new_failure_is_one(capsys, monkeypatch):
    assert odoo_tests.tell({"a"}, {"a"}) == 0
    assert odoo_tests.tell({"a", "b"}, {"a"}) == 0
    assert odoo_tests.tell({"a"}, {"a", "b"}) == 1
    monkeypatch.setitem(odoo_tests.EXPECTED, "b", "because")
    assert odoo_tests.tell({"a"}, {"a", "b"}) == 0
    assert "Fails only with our addons: b (because)" in capsys.readouterr().out
