"""Rhythms: when things are to happen, as cron expressions say it (cron's own rules, by `cronsim`)."""

from __future__ import annotations

import zlib
from datetime import datetime, timedelta
from itertools import islice, pairwise

from cronsim import CronSim, CronSimError

_EXAMPLE = "five fields (minute hour day month weekday), such as '0 6,18 * * *' for six in the morning and the evening"
_LOOKED_AT = 300
"""Times that are looked at to find the shortest time between two."""
_ANY_DAY = datetime(2024, 1, 1)


def check_rhythm(text: str) -> str:
    """The expression in its usual spelling; raises ValueError, saying what would be right.

    A sixth field in front, for seconds, is understood too.
    """
    try:
        next(CronSim(text, _ANY_DAY))
        return " ".join(text.split())
    except CronSimError as error:
        reason = str(error).lower().replace("bad ", "it has a wrong ")
        raise ValueError(f"{text!r} is not a cron expression: {reason}; write {_EXAMPLE}") from None
    except StopIteration:
        raise ValueError(f"{text!r} names a day that never comes; write {_EXAMPLE}") from None


def shortest_gap(text: str) -> timedelta:
    """The shortest time between two of a rhythm's times, among the next few hundred."""
    times = islice(CronSim(text, _ANY_DAY), _LOOKED_AT)
    return min(after - before for before, after in pairwise(times))


def next_time(text: str, after: datetime, shift: timedelta = timedelta()) -> datetime:
    """The first time after `after` (aware; the expression is read in its zone), each put off by `shift`."""
    return next(CronSim(text, after - shift)) + shift


def shift_of(name: str, at_most: timedelta) -> timedelta:
    """How much later than its rhythm says this one's turn comes: evenly spread, and always the same."""
    share = zlib.crc32(name.encode()) / 2**32
    return timedelta(seconds=int(at_most.total_seconds() * share))


def explain(text: str) -> str:
    """The rhythm in words."""
    return CronSim(text, _ANY_DAY).explain()
