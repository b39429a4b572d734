"""``make bench`` and ``make bench-million`` in small: each part runs to its end."""

from tests.bench import everything, million


def test_the_benchmark_of_campaigns_runs_to_its_end(running):
    sizes = everything.Sizes(contacts=300, growth=2, repeats=1, workers=2)
    found = everything.bench(sizes, parts=("campaigns",))
    # No time is asserted: this run proves that the three send the same, each once.
    assert list(found)[: len(everything.GOALS)] == list(everything.GOALS)
    for name in ("floor_ratio", "all_effects_vs_core", "growth_10x", "memory_growth"):
        assert found[name] > 0, name
    assert found["queries_per_message"] > 0


def test_the_benchmark_of_a_large_plan_runs_to_its_end(running):
    found = million.million_bench(0, million.Sizes(contacts=3000))
    assert found["planned"] == 3000 and found["memory_growth"] >= 1
