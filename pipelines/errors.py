"""The errors a user can mend: told in one sentence, without a traceback."""

from __future__ import annotations


class UserError(Exception):
    """Something the caller can put right; the message says what is wrong and what to do.

    `exit_code` is what the command line ends with: 1 could not do it, 2 wrong call.
    """

    exit_code = 1


class WrongCall(UserError):
    """The arguments themselves are wrong: an unknown source, a file that is not there."""

    exit_code = 2
