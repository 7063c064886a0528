"""The command line as a user meets it: real processes, exit codes, and no traceback for a mistake."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from chitieu.pipelines.cli import app
from chitieu.pipelines.store import Store

runner = CliRunner()

REGISTRY_ENTRY = """
id = "bao-thu"
name = "Báo Thử"
place = "Lào Cai"
kind = "newspaper"
hosts = ["bao-thu.example"]
evidence = ["made for a test"]
"""


def call(*arguments: object) -> tuple[int, str]:
    """Exit code and everything printed, as one line: tables and boxes are no part of what is said."""
    result = runner.invoke(app, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result.exit_code, " ".join(result.output.split())


@pytest.fixture
def filled(store: Store, documents: Path) -> Path:
    """A data folder with two documents gone the whole way."""
    for arguments in (["ingest", documents], ["extract"], ["load"]):
        assert call(*arguments, "--data", store.root)[0] == 0
    return store.root


@pytest.mark.parametrize("command", ["run", "crawl", "ingest", "extract", "load", "export", "publish", "schedule", "sql", "runs", "failures", "demo"])
def test_help_tells_what_a_command_reads_and_where(command: str) -> None:
    code, said = call(command, "--help")
    assert code == 0 and "--data" in said and "--registry" in said


def test_help_of_the_whole_and_version() -> None:
    code, said = call("--help")
    assert code == 0 and "Exit codes: 0 all well" in said
    assert call("--version") == (0, "0.1.0")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "no-such-source"], "there is no source 'no-such-source'"),
        (["crawl", "no-such-source"], "there is no source 'no-such-source'"),
        (["sources", "show", "nobody"], "there is no source 'nobody'"),
        (["ingest", "/no/such/file.jsonl"], "there is no file"),
        (["extract", "/no/such/file.jsonl", "-o", "out.jsonl"], "there is no file"),
        (["extract", __file__], "say where the records go"),
        (["extract", "-o", "out.jsonl"], "go with files"),
        (["extract", __file__, "-o", "x", "--redo"], "--redo is for"),
        (["ingest", __file__, "--redo"], "takes no files"),
        (["export", "--profile", "pdf"], "pdf"),
        (["load", "--registry", "/no/such/folder"], "/no/such/folder"),
        (["nothing-like-it"], "No such command"),
    ],
)
def test_wrong_calls_end_with_2_and_a_sentence(store: Store, arguments: list[str], said: str) -> None:
    data = [] if arguments == ["nothing-like-it"] else ["--data", str(store.root)]
    code, output = call(*arguments, *data)
    assert code == 2 and said in output


def test_what_cannot_be_done_ends_with_1(store: Store, tmp_path: Path) -> None:
    assert call("sql", "SELECT 1", "--data", store.root)[0] == 1
    assert call("export", "--data", store.root)[0] == 1
    (tmp_path / "registry").mkdir()
    (tmp_path / "registry" / "x.toml").write_text(REGISTRY_ENTRY + "colour = 'red'")
    code, said = call("sources", "list", "--registry", tmp_path / "registry")
    assert code == 1 and "x.toml" in said and "colour" in said
    (tmp_path / "file").touch()
    code, said = call("load", "--data", tmp_path / "file" / "x")
    assert code == 1 and "--data" in said


def test_sources_of_further_folders_are_listed_and_shown(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text(REGISTRY_ENTRY)
    assert "bao-thu" in call("sources", "list", "--registry", tmp_path)[1]
    code, said = call("sources", "show", "bao-thu", "--registry", tmp_path)
    assert code == 0 and "made for a test" in said and "bao-thu.example" in said


def test_the_way_of_given_documents(filled: Path, documents: Path) -> None:
    code, said = call("load", "--data", filled)
    assert code == 0 and "0 rows added, 0 changed, 0 removed" in said
    code, said = call("ingest", documents, "--data", filled)
    assert code == 0 and "2 unchanged" in said
    code, said = call("extract", "--data", filled)
    assert code == 0 and "2 done before" in said
    code, said = call("export", "--data", filled, "--profile", "plain", "--profile", "excel")
    (folder,) = (filled / "exports").iterdir()
    assert code == 0 and {path.name for path in folder.iterdir()} == {"datapackage.json", "excel", "plain"}


def test_failures_end_with_3_and_are_listed(store: Store, given: Callable[..., Path]) -> None:
    path = given("{broken", {"id": "a", "text": "Tỷ lệ đạt 5%."})
    code, said = call("ingest", path, "--data", store.root)
    assert code == 3 and "1 new articles" in said and "1 failures" in said
    code, said = call("failures", "--data", store.root)
    assert code == 0 and "bad-json" in said


def test_sql_prints_tables_csv_and_json(filled: Path) -> None:
    query = "SELECT value, unit, deadline, indicator FROM targets WHERE article_id = 'bao-cao'"
    assert "12.5" in call("sql", query, "--data", filled)[1]
    result = runner.invoke(app, ["sql", query, "--format", "csv", "--data", str(filled)])
    (row,) = csv.DictReader(io.StringIO(result.stdout))
    assert (row["value"], row["unit"], row["deadline"]) == ("12.5", "%", "2023-12-31")
    result = runner.invoke(app, ["sql", query, "--format", "jsonl", "--data", str(filled)])
    assert json.loads(result.stdout)["value"] == 12.5


def test_sql_cannot_change_the_warehouse_and_tells_mistakes(filled: Path) -> None:
    code, said = call("sql", "DELETE FROM article", "--data", filled)
    assert code == 1 and "read-only" in said
    code, said = call("sql", "SELEC 1", "--data", filled)
    assert code == 1 and "syntax error" in said
    code, said = call("sql", "SELECT * FROM nothing", "--data", filled)
    assert code == 1 and "nothing" in said


def test_text_from_the_web_is_no_markup_on_the_screen(filled: Path) -> None:
    assert "[red]x[/red]" in call("sql", "SELECT '[red]x[/red]' AS a", "--data", filled)[1]


def test_extract_of_files_touches_no_store(
    chitieu: Callable[..., object], given: Callable[..., Path], tmp_path: Path, report: dict
) -> None:
    path = given(report, "{", report | {"id": "zweite"})
    result = chitieu("extract", path, "-o", tmp_path / "out.jsonl", "--data", tmp_path / "untouched")
    assert result.returncode == 3
    assert f"{path}:2: bad-json" in result.stderr and "Traceback" not in result.stderr
    written = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [document["id"] for document in written] == ["bao-cao", "zweite"]
    assert not (tmp_path / "untouched").exists()


def test_records_go_to_standard_output_and_words_to_the_other(chitieu: Callable[..., object], documents: Path) -> None:
    result = chitieu("extract", documents, "-o", "-")
    assert result.returncode == 0
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ["bao-cao", "ke-hoach"]
    assert "2 documents" in result.stderr
