"""What a sample says of the whole: rough, and never more exact than it is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Share:
    """``looked`` of ``total``; exact where all were looked at."""

    looked: int
    total: int
    exact: bool

    def of(self, count: int) -> int:
        """How many of the whole, where ``count`` of those looked at."""
        if self.exact or not self.looked:
            return count
        return rough(count * self.total / self.looked)


def rough(number: float) -> int:
    """Two digits that count, and zeros: 4,812 of a sample is *about 4,800*."""
    whole = round(number)
    power = max(0, len(str(whole)) - 2)
    return round(whole, -power)
