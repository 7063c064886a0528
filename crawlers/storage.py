"""Files to read by path or by address: on this machine, or wherever fsspec reaches (https, s3, sftp …).

Whatever goes wrong with a remote file raises OSError, as it does with a local one.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

log = logging.getLogger(__name__)

_TRIES = 3
_FIRST_WAIT = 0.5
_BLOCK = 4 * 1024 * 1024
"""Bytes asked for at once: every request of a remote file costs a journey."""

T = TypeVar("T")


def is_remote(where: str | Path) -> bool:
    """Whether `where` is an address rather than a path."""
    return "://" in str(where)


def open_file(where: str | Path) -> BinaryIO:
    """The file opened to be read, with a place in it that can be moved. Raises OSError."""
    if not is_remote(where):
        return open(where, "rb")
    return _Remote(str(where))  # type: ignore[return-value]  # has what readers of archives use


def file_size(where: str | Path) -> int:
    """Bytes of the file as it is stored. Raises OSError."""
    if not is_remote(where):
        return Path(where).stat().st_size
    with open_file(where) as file:
        return file.seek(0, 2)


def expand(pattern: str) -> list[str]:
    """The addresses that an address with `*` stands for, sorted; itself where it has none. Raises OSError."""
    if "*" not in pattern:
        return [pattern]

    def find() -> list[str]:
        import fsspec

        files, _ = fsspec.url_to_fs(pattern)
        return sorted(files.unstrip_protocol(path) for path in files.glob(pattern))

    return _trying(pattern, find)


class _Remote:
    """A file behind an address. What fails for a moment is tried again."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._at = 0
        self._file: Any = _trying(url, self._open)

    def __enter__(self) -> _Remote:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes; empty at the end. Raises OSError."""

        def read() -> bytes:
            try:
                self._file.seek(self._at)
                return self._file.read(size)
            except Exception:
                self._file = self._open()
                raise

        data = _trying(self._url, read)
        self._at += len(data)
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        """Move to a place; gives it back."""
        self._at = self._file.seek(offset, whence) if whence else offset
        return self._at

    def tell(self) -> int:
        """The place of the next byte to be read."""
        return self._at

    @property
    def closed(self) -> bool:
        """Whether the connection was let go."""
        return self._file.closed

    def close(self) -> None:
        """Let go of the connection."""
        self._file.close()

    def _open(self) -> Any:
        import fsspec

        files, path = fsspec.url_to_fs(self._url)
        file = files.open(path, "rb", block_size=_BLOCK, cache_type="readahead")
        if getattr(file, "size", None) is None:
            raise OSError("the server does not hand out parts of files; download it and give its path")
        return file


def _trying(url: str, work: Callable[[], T]) -> T:
    """What `work` gives, at the third time of asking at the latest. Raises OSError that names the address."""
    for attempt in range(_TRIES):
        try:
            return work()
        except (ImportError, FileNotFoundError, PermissionError, ValueError) as error:
            raise OSError(f"{url}: {error}") from error
        except Exception as error:  # noqa: BLE001 - each kind of storage has errors of its own
            if attempt == _TRIES - 1:
                raise OSError(f"{url}: {error or type(error).__name__}") from error
            log.info("%s: %s; trying again", url, error or type(error).__name__)
            time.sleep(_FIRST_WAIT * 2**attempt)
    raise AssertionError
