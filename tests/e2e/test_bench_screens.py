"""``make bench-screens`` in small: every screen answers, every button presses."""

from tests.bench import screens


def test_the_benchmark_of_screens_runs_to_its_end(running):
    sizes = screens.Sizes(messages=3000, campaigns=5, calls=2)
    found = screens.screens_bench(0, sizes)
    # No time is asserted: this run proves that the calls are still those of the views.
    assert found["form_1m_ratio"] > 0 and found["click_1m_s"] > 0
    assert {"campaign form", "messages", "replies", "overview"} <= found["lists"].keys()
