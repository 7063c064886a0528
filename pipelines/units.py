"""The schedule for those who prefer the system's own: a systemd unit for the service, or lines of a crontab."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from chitieu.crawlers.rhythm import explain
from chitieu.pipelines.errors import WrongCall
from chitieu.pipelines.schedule import Job

_BEYOND_CRON = re.compile(r"#|\bLW?\b|\dL")

def program() -> list[str]:
    """How this very chitieu is started from anywhere."""
    script = Path(sys.executable).with_name("chitieu")
    return [str(script)] if script.is_file() else [sys.executable, "-m", "chitieu.pipelines.cli"]


def systemd_unit(command: Sequence[str], data: Path) -> str:
    """A unit that keeps `chitieu schedule` running, allowed to write to the data folder and nowhere else."""
    return f"""\
# To /etc/systemd/system/chitieu.service, then: systemctl enable --now chitieu
# Add User= with a user that may write to {data}, which must be there.
[Unit]
Description=chitieu: crawls provincial news and publishes what it finds
Wants=network-online.target
After=network-online.target

[Service]
ExecStart={" ".join(_systemd_word(word).replace("$", "$$") for word in command)}
Restart=on-failure
RestartSec=30
# The service passes the signal on itself, and stores the pages in hand.
KillMode=mixed
TimeoutStopSec=180
NoNewPrivileges=yes
PrivateTmp=yes
ProtectSystem=strict
ReadWritePaths={_systemd_word(str(data))}

[Install]
WantedBy=multi-user.target
"""


def crontab_lines(jobs: Sequence[Job], crawl: Sequence[str], publish: Sequence[str]) -> str:
    """A line a job: sources begin staggered, and locks keep a source from being crawled twice at once.

    Raises WrongCall for a rhythm that cron does not understand.
    """
    zone = jobs[0].zone.key
    lines = [
        f"# Times are those of {zone}: have the machine's clock in that zone, or, with cronie, put CRON_TZ={zone} before the lines.",
        "# Times missed while the machine is off are not made up; `chitieu schedule` does that.",
    ]
    for job in jobs:
        if len(job.rhythm.split()) != 5 or _BEYOND_CRON.search(job.rhythm):
            raise WrongCall(f"{job.name}: cron knows no seconds, no last and no n-th weekday; `chitieu schedule` understands its rhythm {job.rhythm!r}")
        command = shlex.join([*crawl, job.name] if job.source else publish)
        wait = int(job.shift.total_seconds())
        lines += [f"# {job.name}: {explain(job.rhythm)}", f"{job.rhythm} {f'sleep {wait}; ' if wait else ''}{command}".replace("%", r"\%")]
    return "\n".join(lines) + "\n"


def _systemd_word(word: str) -> str:
    """A word as systemd reads it: quoted where it must be, and without its specifiers."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    plain = escaped == word and not any(character.isspace() or character in "';" for character in word)
    return word if plain else f'"{escaped}"'
