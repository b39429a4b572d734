"""The benchmark of screens: its arithmetic, and what it asks for a view."""

from lxml import etree

from tests.bench.browser import View
from tests.bench.screens import Timing, click_lines, figures, ratio, table

FORM = """
<form>
  <field name="partner_id"/><field name="name"/><field name="name"/>
  <field name="unknown"/>
  <field name="line_ids"><list><field name="cost"/></list></field>
</form>
"""
LIST = """
<list default_order="sent_date desc, id desc">
  <field name="name"/><field name="cost"/><field name="partner_id"/>
</list>
"""
MODELS = {
    "sms.message": {
        "fields": {
            "partner_id": {"type": "many2one", "relation": "res.partner"},
            "name": {"type": "char"},
            "cost": {"type": "float", "aggregator": "sum"},
            "line_ids": {"type": "one2many", "relation": "sms.message"},
        }
    }
}


def view(arch: str) -> View:
    return View("sms.message", etree.fromstring(arch), MODELS)


def test_a_form_asks_for_each_field_once_and_for_the_rows_of_its_lists():
    assert view(FORM).specification() == {
        "partner_id": {"fields": {"display_name": {}}},
        "name": {},
        "line_ids": {"fields": {"cost": {}}, "limit": 40, "order": ""},
    }


def test_a_list_asks_for_a_page_in_its_order_and_counts_to_a_limit():
    kwargs = view(LIST).page([("name", "=", "x")], offset=160).kwargs
    assert kwargs["order"] == "sent_date desc, id desc"
    assert (kwargs["limit"], kwargs["offset"]) == (80, 160)
    assert kwargs["count_limit"] == 10_161


def test_groups_add_up_what_is_a_number():
    assert view(LIST).grouped(["name"]).args == [[], ["name"], ["cost:sum"]]


def test_medians_are_compared():
    full, empty = Timing.of([0.010, 0.020, 0.9]), Timing.of([0.010, 0.010, 0.010])
    assert (full.median, full.p95) == (0.020, 0.9)
    assert ratio(full, empty) == 2.0


def test_the_last_line_has_the_goals_first():
    slow, quick = Timing(0.030, 0.040), Timing(0.020, 0.025)
    full = {
        "form by turns: full": slow,
        "form by turns: empty": quick,
        "messages": slow,
    }
    clicks = {"send": [0.1, 0.3], "pause": [0.2]}
    found = figures(full, {"messages": quick}, clicks)
    assert (found["form_1m_ratio"], found["click_1m_s"]) == (1.5, 0.3)
    assert found["lists"] == {"messages": {"ms": 30.0, "p95_ms": 40.0, "ratio": 1.5}}
    lines = table(full, {"messages": quick})
    assert lines[3].split() == ["messages", "30.0", "40.0", "20.0", "25.0", "1.50"]
    assert click_lines(clicks)[1].split() == ["send", "0.200", "0.300"]
