"""How much memory the largest process of a server has held."""

from pathlib import Path

import psutil


class Memory:
    """Peaks of a server's processes; in prefork each worker is one."""

    def __init__(self, pid: int):
        self.server = psutil.Process(pid)

    def processes(self) -> list[psutil.Process]:
        return [self.server, *self.server.children(recursive=True)]

    def reset(self) -> None:
        """Forget the peaks so far, where the kernel lets us."""
        for process in self.processes():
            try:
                Path(f"/proc/{process.pid}/clear_refs").write_text("5")
            except OSError:
                continue

    def peak(self) -> float:
        """Megabytes of the process that has held the most since then."""
        return max(map(peak_of, self.processes()))

    def now(self) -> float:
        """Megabytes that the largest process holds now."""
        return max(resident_of(process) for process in self.processes())


def peak_of(process: psutil.Process) -> float:
    try:
        text = Path(f"/proc/{process.pid}/status").read_text()
    except OSError:
        return 0.0
    return high_water(text)


def high_water(text: str) -> float:
    """Megabytes of the peak that ``/proc/<pid>/status`` tells."""
    for line in text.splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def resident_of(process: psutil.Process) -> float:
    try:
        return process.memory_info().rss / 2**20
    except psutil.Error:
        return 0.0
