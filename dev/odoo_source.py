"""Find Odoo 19: ``ODOO_HOME``, else Debian's package unpacked, else upstream's branch.

The Debian package is unpacked into a private root and never installed, so that
the system's own packages and apt lists stay as they are.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

from .paths import LOCAL, cache_dir
from .steps import CannotGoOn, done, run, step

PACKAGE = "odoo-19"
# The package's links to jQuery and fonts are relative to its root.
COMPANIONS = [
    "libjs-jquery",
    "libjs-underscore",
    "libjs-jquery-form",
    "fonts-font-awesome",
    "fonts-roboto-unhinted",
    "fonts-inconsolata",
    "fonts-montserrat",
    "fonts-ocr-b",
]
UPSTREAM = "https://github.com/odoo/odoo.git"
REMEDY = (
    "No Odoo 19 could be fetched: set ODOO_HOME to a checkout of Odoo's 19.0 branch "
    "(the folder that holds the package 'odoo') and run the command again."
)
RECORD = LOCAL / "odoo_home"


def find_odoo() -> Path:
    """Return the folder that goes on Python's path to make ``odoo`` importable."""
    if os.environ.get("ODOO_HOME"):
        home = Path(os.environ["ODOO_HOME"]).resolve()
        if not is_odoo(home):
            raise CannotGoOn(f"ODOO_HOME={home} holds no Odoo 19 ('odoo/release.py').")
        done(f"Odoo from ODOO_HOME ({home})")
    else:
        home = cached() or from_debian() or from_upstream()
    LOCAL.mkdir(exist_ok=True)
    RECORD.write_text(str(home))
    return home


def recorded() -> Path:
    """The folder that the last set-up chose."""
    if not RECORD.exists():
        raise CannotGoOn("Odoo is not set up yet: run 'make setup'.")
    return Path(RECORD.read_text().strip())


def is_odoo(home: Path) -> bool:
    """Tell whether ``home`` holds Odoo of the series 19.0."""
    release = home / "odoo" / "release.py"
    if not release.exists():
        return False
    return bool(re.search(r"version_info\s*=\s*\(\s*19,\s*0", release.read_text()))


def cached() -> Path | None:
    """An Odoo that an earlier set-up of any clone has left in the cache."""
    places = [
        cache_dir() / "debian" / "root" / "usr/lib/python3/dist-packages",
        cache_dir() / "upstream",
    ]
    for home in places:
        if is_odoo(home):
            done(f"Odoo 19 from the cache ({home.relative_to(cache_dir()).parts[0]})")
            return home
    return None


def from_debian() -> Path | None:
    """Download and unpack the distribution's package, or None where it has none."""
    if not (shutil.which("apt-get") and shutil.which("dpkg")):
        return None
    source = debian_entry()
    if source is None:
        return None
    folder = cache_dir() / "debian"
    root = folder / "root"
    try:
        with step(f"Odoo 19: downloading Debian's package {PACKAGE} (not installed)"):
            archives = download(folder, source)
        with step("Odoo 19: unpacking"):
            partial = folder / "root.partial"
            shutil.rmtree(partial, ignore_errors=True)
            for archive in archives:
                run(["dpkg", "-x", str(archive), str(partial)], REMEDY)
            shutil.rmtree(root, ignore_errors=True)
            partial.rename(root)
    except CannotGoOn as error:
        print(f"    Debian's package could not be used: {error}")
        return None
    return root / "usr/lib/python3/dist-packages"


def download(folder: Path, source: str) -> list[Path]:
    """Fetch the package and its companions with a private apt configuration."""
    for name in ("lists/partial", "archives"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    listing = folder / "unstable.list"
    listing.write_text(source)
    options = [
        f"Dir::Etc::sourcelist={listing}",
        "Dir::Etc::sourceparts=/dev/null",
        f"Dir::State::lists={folder / 'lists'}",
        f"Dir::Cache={folder}",
        "APT::Sandbox::User=",
        "Acquire::Languages=none",
    ]
    apt = ["apt-get", "-q", *(part for o in options for part in ("-o", o))]
    archives = folder / "archives"
    run([*apt, "update"], REMEDY)
    run([*apt, "download", PACKAGE], REMEDY, cwd=archives)
    for name in COMPANIONS:
        try:
            run([*apt, "download", name], REMEDY, cwd=archives)
        except CannotGoOn:
            print(f"(without {name})", end=" ")
    return sorted(archives.glob("*.deb"))


def debian_entry() -> str | None:
    """The machine's own Debian source as a one-line entry for the suite ``sid``."""
    files = [Path("/etc/apt/sources.list"), *Path("/etc/apt/sources.list.d").glob("*")]
    entries = map(entry_of, filter(Path.is_file, files))
    return next(filter(None, entries), None)


def entry_of(path: Path) -> str | None:
    """The first Debian archive of one source file, for the suite ``sid``."""
    if path.suffix not in (".list", ".sources"):
        return None
    lines = path.read_text().splitlines()
    text = "\n".join(line for line in lines if not line.startswith("#"))
    found = re.search(r"https?://\S+/debian/?(?=\s|$)", text)
    if not found:
        return None
    keyring = re.search(r"signed-by[:=]\s*(/\S+?)\]?(?=\s|$)", text, re.I)
    option = f"[signed-by={keyring.group(1)}] " if keyring else ""
    return f"deb {option}{found.group(0)} sid main\n"


def from_upstream() -> Path:
    """Clone upstream's 19.0 branch, without its history."""
    target = cache_dir() / "upstream"
    if not shutil.which("git"):
        raise CannotGoOn(REMEDY)
    with step("Odoo 19: cloning upstream's 19.0 branch"):
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(target, ignore_errors=True)
        command = ["git", "clone", "-q", "--depth=1", "--branch=19.0", UPSTREAM]
        environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}
        try:
            run([*command, str(target)], REMEDY, env=environment, timeout=1800)
        except subprocess.TimeoutExpired as error:
            raise CannotGoOn(REMEDY) from error
    return target
