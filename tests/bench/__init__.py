"""Benchmarks on real servers; ``docs/BENCHMARKS.md`` says how to read them."""
