"""Two texts in one campaign: who gets which, and whether the difference is real."""

import hashlib
import math
from dataclasses import dataclass
from statistics import NormalDist

from . import text_template
from .planning import Decision, Page, Recipient

A, B = "a", "b"
CONFIDENCE = 0.95


def variant_of(key: str, number: str | bool | None, share: int) -> str:
    """Return which text a number gets: always the same one under the same key.

    A hash and no dice: planning again, or one page of it, changes nobody's text.

    :param key: what tells campaigns apart, so that nobody is always in the second half
    :param share: percent of the contacts who get text B
    """
    digest = hashlib.sha256(f"{key}/{number or ''}".encode()).digest()
    drawn = int.from_bytes(digest[:8], "big") / 2**64
    return B if drawn * 100 < share else A


@dataclass(kw_only=True)
class SplitPage(Page):
    """A page whose contacts get one of two texts."""

    other: text_template.TextTemplate
    key: str
    share: int

    def __post_init__(self):
        self.templates = {A: self.template, B: self.other}

    def _decide(self, recipient: Recipient) -> Decision:
        chosen = variant_of(self.key, recipient.phone, self.share)
        self.template = self.templates[chosen]
        return super()._decide(recipient)


@dataclass(frozen=True)
class Comparison:
    """How much better B did than A, as shares of one; the interval holds at 95 %."""

    rate_a: float
    rate_b: float
    difference: float
    low: float
    high: float
    p_value: float

    @property
    def winner(self) -> str | None:
        """``a`` or ``b``; None while the interval contains 0."""
        if self.low > 0:
            return B
        return A if self.high < 0 else None


def compare(hits_a: int, total_a: int, hits_b: int, total_b: int) -> Comparison | None:
    """Compare two proportions; None while one of the texts has reached nobody.

    The interval is Newcombe's, made of two Wilson intervals: the textbook one is far
    too narrow where few reply, which is every campaign.
    """
    if not total_a or not total_b:
        return None
    rate_a, rate_b = hits_a / total_a, hits_b / total_b
    low_a, high_a = wilson(hits_a, total_a)
    low_b, high_b = wilson(hits_b, total_b)
    difference = rate_b - rate_a
    return Comparison(
        rate_a,
        rate_b,
        difference,
        low=difference - math.hypot(rate_b - low_b, high_a - rate_a),
        high=difference + math.hypot(high_b - rate_b, rate_a - low_a),
        p_value=two_proportions(hits_a, total_a, hits_b, total_b),
    )


def wilson(hits: int, total: int, confidence: float = CONFIDENCE) -> tuple:
    """Return the interval in which the true proportion lies (Wilson's score)."""
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    middle = 2 * hits + z * z
    spread = z * math.sqrt(z * z + 4 * hits * (1 - hits / total))
    scale = 2 * (total + z * z)
    return (middle - spread) / scale, (middle + spread) / scale


def two_proportions(hits_a: int, total_a: int, hits_b: int, total_b: int) -> float:
    """Return the two-sided p-value of the pooled two-proportion z-test."""
    pooled = (hits_a + hits_b) / (total_a + total_b)
    error = math.sqrt(pooled * (1 - pooled) * (1 / total_a + 1 / total_b))
    if not error:
        return 1.0
    z = (hits_b / total_b - hits_a / total_a) / error
    return 2 * (1 - NormalDist().cdf(abs(z)))
