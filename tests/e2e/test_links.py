"""Short links on a real server: from the text at the gateway to the figure."""

import pytest
import requests

from dev.stack import Stack
from tests.demo import campaign, links
from tests.demo.json2 import Json2


@pytest.fixture(scope="module")
def stack():
    """The demo's stack under a name of its own."""
    running = Stack("e2e_links", workers=0)
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="module")
def manager(stack):
    """What the campaign manager may do."""
    return Json2(stack.url, stack.keys()["keys"]["manager"], stack.name)


@pytest.fixture(scope="module")
def summary(stack, manager):
    """The figures of a campaign that some customers have opened."""
    return links.run(manager, stack.simulator.url, "Com links", count=30)


def test_only_people_are_counted(summary):
    accepted = summary["sent"]
    assert accepted > 20
    expected = -(-accepted // links.ONE_IN)
    assert summary["clicked"] == summary["clicks"] == expected
    assert summary["click_rate"] > 0


def test_the_gateways_texts_hold_the_links_and_they_lead_to_the_target(stack, summary):
    found = links.links_sent(stack.simulator.url)
    assert len(found) == len(set(found)) == summary["sent"]
    assert all(link.startswith(f"{stack.url}/r/") for link in found)
    assert len({len(link) for link in found}) == 1
    for agent in (links.TELEPHONE, links.PREVIEW):
        answer = links.open_link(found[1], agent)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("https://www.example.com/oferta?")


def test_a_click_makes_the_figure_grow(stack, manager, summary):
    link = links.links_sent(stack.simulator.url)[2]
    assert links.open_link(link, links.TELEPHONE).status_code == 302
    [number] = manager.call(
        "contacts.realcred.campaign",
        "search",
        domain=[["name_campaign", "=", "Com links"]],
    )
    links.wait(
        lambda: campaign.read_summary(manager, number)["clicked"] > summary["clicked"]
    )


def test_forged_links_lead_nowhere(stack, summary):
    link = links.links_sent(stack.simulator.url)[0]
    for forged in (
        link[:-1] + ("0" if link[-1] != "0" else "1"),
        f"{link}0",
        link[:-3],
    ):
        answer = requests.get(forged, allow_redirects=False, timeout=30)
        assert answer.status_code == 404


def test_the_log_holds_no_complaint_of_ours(stack, summary):
    lines = stack.log.read_text().splitlines()
    assert [li for li in lines if " ERROR " in li or "sms_base_sr_link" in li] == []
