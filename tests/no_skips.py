"""A pytest plugin: a skipped or xfailed test fails the run.

Browser tours skip themselves where there is no browser; a green run must mean that
they ran.
"""

import pytest

skipped: list[str] = []


def pytest_runtest_logreport(report):
    """Collect what did not run."""
    if report.skipped:
        skipped.append(report.nodeid)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    """Turn a green run with skips red."""
    if skipped and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter):
    """Name what was skipped."""
    for nodeid in skipped:
        terminalreporter.write_line(f"SKIPPED, which fails the run: {nodeid}", red=True)
