"""The arithmetic of ``make bench`` and ``make bench-million``."""

import pytest

from tests.bench import million, screens, webhooks
from tests.bench.campaigns import Took
from tests.bench.core_sms import values
from tests.bench.everything import GOALS, Mode, Sizes, figures, ratios, table
from tests.bench.memory import high_water
from tests.bench.million import Sample
from tests.bench.statements import count_in

LOG = """\
2026-01-02 03:04:05.678 UTC [42] LOG:  duration: 0.012 ms  statement: BEGIN
2026-01-02 03:04:05.678 UTC [42] LOG:  duration: 1.200 ms  statement:
\tSELECT 1
\tFROM sms_message
2026-01-02 03:04:05.678 UTC [42] LOG:  duration: 0.3 ms  statement: UPDATE x SET y = 1
2026-01-02 03:04:05.678 UTC [42] LOG:  duration: 0.1 ms  statement: COMMIT
2026-01-02 03:04:05.678 UTC [42] ERROR:  duplicate key
"""


def took(accepted: float, effects: float) -> Took:
    return Took(0.1, accepted, effects - 1, effects)


@pytest.fixture
def modes() -> list[Mode]:
    """Two modes: in the second all is slower and takes more memory."""
    threads = Mode(
        "threads",
        ours=[took(1.0, 4.0), took(1.2, 5.0), took(3.0, 6.0)],
        floor=[0.5, 0.4, 1.0],
        core=[3.0, 3.0, 3.0],
        notes=[9.0, 10.0, 20.0],
        large=took(9.0, 40.0),
        peaks=[100.0, 110.0],
        queries=0.2,
    )
    prefork = Mode(
        "prefork 4",
        ours=[took(2.0, 8.0)],
        floor=[0.5],
        large=took(21.0, 60.0),
        peaks=[200.0, 250.0],
    )
    return [threads, prefork]


def test_each_round_is_compared_with_its_own_floor(modes):
    assert modes[0].floor_ratio == pytest.approx(3.0)
    assert modes[1].floor_ratio == 4.0


def test_the_figures_are_those_of_the_worse_mode(modes):
    found = figures(modes)
    assert found["floor_ratio"] == 4.0
    assert found["all_effects_vs_core"] == 1.25
    assert found["growth_10x"] == 10.5
    assert found["growth_of_effects"] == 8.0
    assert found["memory_growth"] == 1.25
    assert found["worker_peak_mb"] == 250
    # A server that is not ours tells nobody its log.
    assert found["queries_per_message"] == 0.2


def test_the_tables_name_each_mode_and_leave_out_what_was_not_measured(modes):
    lines = table(modes, Sizes())
    floor = next(line for line in lines if line.startswith("threads: floor"))
    assert floor.split()[-3:] == ["0.50", "0.40", "1.00"]
    assert sum("Odoo's own" in line for line in lines) == 2
    assert any("prefork 4: ours, 10 times as many" in line for line in lines)
    assert ratios(modes)[2].split()[-1] == "unknown"


def test_the_last_line_has_the_goals():
    assert GOALS == (
        "floor_ratio",
        "all_effects_vs_core",
        "growth_10x",
        "memory_growth",
        "webhook_ratio",
        "reply_p95_s",
        "click_1m_s",
        "form_1m_ratio",
    )


def test_each_part_gets_its_own_sizes():
    sizes = Sizes(events=7, messages=9)
    assert sizes.of(webhooks.Sizes).events == 7
    assert sizes.of(screens.Sizes).messages == 9
    assert sizes.of(screens.Sizes).campaign_size == screens.Sizes().campaign_size


def test_statements_are_counted_and_transactions_are_not():
    assert count_in(LOG.splitlines()) == 2


def test_the_peak_is_read_from_the_kernel():
    assert high_water("Name:\todoo\nVmHWM:\t  204800 kB\nVmRSS:\t 1 kB\n") == 200.0
    assert high_water("") == 0.0


def test_cores_dialog_gets_its_own_placeholders():
    sent = values([1, 2], notes=True)
    assert "{{ object.name }}" in sent["body"] and sent["res_ids"] == "[1, 2]"
    assert sent["mass_keep_log"] is True


def test_a_large_plan_is_compared_with_its_beginning():
    samples = [Sample(0.0, 0, 90.0), Sample(2.0, 150, 100.0), Sample(11.0, 1000, 112.0)]
    samples += [Sample(20.0, 6000, 115.0), Sample(105.0, 10_000, 110.0)]
    found = million.figures(samples, 10_000)
    assert (found["memory_growth"], found["peak_mb"]) == (1.15, 115)
    assert found["growth_10x"] == 9.5
    assert million.table(samples, 10_000)[1].split() == ["150", "2.0", "100"]
