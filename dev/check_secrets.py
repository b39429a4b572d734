"""``python -m dev.check_secrets [FILE…]``: no credential lies in the sources.

All files that git knows, tests and documents included, through ``detect-secrets``:
tokens of known services, private keys, signed tokens, passwords in addresses, and
whatever looks random. A finding is named by file and line, never by its value.
"""

import subprocess
import sys
from pathlib import Path

from detect_secrets.core.scan import scan_file
from detect_secrets.settings import transient_settings

from .paths import ROOT

# Made by programs, or no text.
SKIPPED = frozenset([".gif", ".ico", ".jpg", ".lock", ".png", ".po", ".pot", ".svg"])
DETECTORS = """
    ArtifactoryDetector AWSKeyDetector AzureStorageKeyDetector BasicAuthDetector
    CloudantDetector DiscordBotTokenDetector GitHubTokenDetector GitLabTokenDetector
    IbmCloudIamDetector IbmCosHmacDetector JwtTokenDetector MailchimpDetector
    NpmDetector OpenAIDetector PrivateKeyDetector PypiTokenDetector SendGridDetector
    SlackDetector SoftlayerDetector SquareOAuthDetector StripeDetector
    TelegramBotTokenDetector TwilioKeyDetector
""".split()
RANDOM = [
    {"name": "Base64HighEntropyString", "limit": 4.5},
    {"name": "HexHighEntropyString", "limit": 3.0},
]
FILTERS = "is_sequential_string is_potential_uuid is_templated_secret".split()
# What is found and is none, with the reason: (file, value's beginning).
KNOWN = {
    (
        "contact_center_sms/static/src/chatroom_status.js",
        "9948936",
    ): "an asset's digest",
    ("dev/postgres.py", "pass"): "the form of an address, in words",
    ("sms_base_sr/tests/test_tools_webhook_auth.py", "ABCDEF"): "the alphabet",
    ("tests/test_dev_setup.py", "s%4"): "an address for a test",
}


def main(argv: list[str]) -> int:
    """Print what was found and return the exit code."""
    found = [line for path in argv or tracked() for line in check(path)]
    for line in found:
        print(line)
    if found:
        print("Take it out, and out of the history: it is known from now on.")
    return 1 if found else 0


def tracked() -> list[str]:
    """Files that git knows, new ones included."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in made.stdout.splitlines() if (ROOT / name).is_file()]


def check(name: str) -> list[str]:
    """One line for each thing in a file that looks like a credential."""
    if Path(name).suffix in SKIPPED:
        return []
    with transient_settings(settings()):
        found = list(scan_file(str(ROOT / name)))
    return [
        f"{name}:{secret.line_number}: looks like a secret ({secret.type})"
        for secret in found
        if not is_known(name, secret.secret_value or "")
    ]


def is_known(name: str, value: str) -> bool:
    """Tell whether somebody has looked at this finding and said why it is none."""
    return any(
        name == file and value.startswith(beginning) for file, beginning in KNOWN
    )


def settings() -> dict:
    """What ``detect-secrets`` is to look for; it never asks a service."""
    return {
        "plugins_used": [*({"name": name} for name in DETECTORS), *RANDOM],
        "filters_used": [
            {"path": f"detect_secrets.filters.heuristic.{name}"} for name in FILTERS
        ]
        + [{"path": "detect_secrets.filters.allowlist.is_line_allowlisted"}],
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
