"""Parquet batches: the form articles and records lie on disk in.

A batch is one immutable file that appears in one step. What the batch accounts for besides its
rows (how far an archive was read, which addresses are one article) travels in the file's own
metadata, so that rows and bookkeeping can never disagree, whenever a process is killed.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from chitieu.pipelines.store import atomic_path

_LEDGER = b"chitieu.ledger"

_utc = pa.timestamp("us", tz="UTC")
_zone = pa.struct([("start", pa.int32()), ("end", pa.int32()), ("name", pa.string())])

ARTICLES = pa.schema(
    [
        ("article_id", pa.string()),
        ("source", pa.string()),
        ("origin", pa.string()),  # page or document
        ("url", pa.string()),
        ("title", pa.string()),
        ("sapo", pa.string()),
        ("text", pa.string()),
        ("zones", pa.list_(_zone)),
        ("published", _utc),
        ("published_by", pa.string()),
        ("modified", _utc),
        ("author", pa.string()),
        ("tags", pa.list_(pa.string())),
        ("syndicated_from", pa.string()),
        ("place", pa.string()),
        ("seen", _utc),  # fetched, or for documents the day they were taken in
        ("ingested", _utc),
        ("archive", pa.string()),
        ("offset", pa.int64()),
        ("content_hash", pa.string()),  # of the article itself, without teasers and furniture
        ("row_hash", pa.string()),  # of content and metadata
        ("input_hash", pa.string()),  # of all that extraction reads
    ]
)

_common = [
    ("uid", pa.string()),
    ("start", pa.int32()),
    ("end", pa.int32()),
    ("text", pa.string()),
    ("zone", pa.string()),
    ("sentence_start", pa.int32()),
    ("sentence_end", pa.int32()),
    ("rule", pa.string()),
    ("confidence", pa.float64()),
]
NUMBER = pa.decimal128(38, 6)

RECORDS = pa.schema(
    [
        ("article_id", pa.string()),
        ("input_hash", pa.string()),
        ("rules_version", pa.string()),
        ("extracted", _utc),
        ("place", pa.string()),
        (
            "times",
            pa.list_(
                pa.struct([*_common, ("since", pa.date32()), ("until", pa.date32()), ("role", pa.string())])
            ),
        ),
        (
            "quantities",
            pa.list_(
                pa.struct(
                    [
                        *_common,
                        ("value", NUMBER),
                        ("low", NUMBER),
                        ("high", NUMBER),
                        ("of", NUMBER),
                        ("unit", pa.string()),
                        ("bound", pa.string()),
                    ]
                )
            ),
        ),
        (
            "statements",
            pa.list_(
                pa.struct(
                    [
                        *_common,
                        ("quantity_uid", pa.string()),
                        ("time_uid", pa.string()),
                        ("role", pa.string()),
                        ("dir", pa.string()),
                        ("place", pa.string()),
                    ]
                )
            ),
        ),
        (
            "refs",
            pa.list_(
                pa.struct(
                    [
                        *_common,
                        ("number", pa.string()),
                        ("type", pa.string()),
                        ("date", pa.date32()),
                        ("issuer", pa.string()),
                        ("signer", pa.string()),
                        ("subject", pa.string()),
                    ]
                )
            ),
        ),
        (
            "tasks",
            pa.list_(pa.struct([*_common, ("who", pa.string()), ("time_uid", pa.string())])),
        ),
    ]
)


def write_batch(
    folder: Path,
    rows: Sequence[Mapping[str, Any]],
    schema: pa.Schema,
    ledger: Mapping[str, Any] | None = None,
) -> Path:
    """Write `rows` as the next batch of `folder` in one step and give back its path.

    Batches sort by name in the order they were written. `ledger` is any JSON object.
    """
    table = pa.Table.from_pylist(list(rows), schema)
    metadata = {_LEDGER: json.dumps(ledger or {}, ensure_ascii=False).encode()}
    # The clock may stand still or be set back: the name must still sort after its predecessors.
    last = max((int(path.stem) for path in batches(folder)), default=0)
    path = folder / f"{max(time.time_ns(), last + 1):020d}.parquet"
    with atomic_path(path) as temporary:
        pq.write_table(table.replace_schema_metadata(metadata), temporary, compression="zstd")
    return path


def batches(folder: Path) -> list[Path]:
    """The batch files of `folder`, oldest first; half-written leftovers have other names."""
    return sorted(path for path in folder.glob("*.parquet") if path.stem.isdigit())


def ledgers(folder: Path) -> Iterator[dict[str, Any]]:
    """The bookkeeping of each batch, oldest first."""
    for path in batches(folder):
        metadata = pq.read_metadata(path).metadata or {}
        yield json.loads(metadata.get(_LEDGER, b"{}"))


def read_batches(folder: Path, columns: Iterable[str] | None = None) -> Iterator[dict[str, Any]]:
    """The rows of all batches, oldest first, one batch in memory at a time."""
    wanted = list(columns) if columns else None
    for path in batches(folder):
        yield from pq.read_table(path, columns=wanted).to_pylist()
