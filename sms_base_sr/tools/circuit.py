"""When an account's calls fail so often that the next ones are better not made."""

from collections.abc import Sequence
from datetime import UTC, datetime

from .outcomes import Accepted, NotAttempted, Outcome, RefusedContent, Unknown

# Nobody answered, or somebody else did.
NO_ANSWER = ("connection", "address")


def is_failure(outcome: Outcome) -> bool:
    """Whether the gateway itself failed; a refusal, for whatever reason, is none."""
    if isinstance(outcome, NotAttempted):
        return outcome.called and outcome.reason in NO_ANSWER
    return isinstance(outcome, Unknown)


def is_success(outcome: Outcome) -> bool:
    """Whether it did its work: it took the batch, or read it and refused it."""
    return isinstance(outcome, Accepted | RefusedContent)


def with_failure(
    times: Sequence[float] | None, now: datetime, within: float, keep: int
) -> list[float]:
    """The last failures with one more, without those that are too long ago.

    Times are seconds since the epoch; never more than ``keep`` are kept.
    """
    moment = now.replace(tzinfo=UTC).timestamp()
    recent = [t for t in times or [] if moment - within < t <= moment]
    return [*recent, moment][-keep:]
