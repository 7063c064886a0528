"""Settings: which of option, environment, file and default is in force, and what is refused how."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from chitieu.pipelines.cli import app
from chitieu.pipelines.errors import WrongCall
from chitieu.pipelines.settings import read_settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "chitieu.toml"
    path.write_text(
        'data = "store"\nworkers = 2\n[crawl]\ncontact = "ai@vi.example"\n[schedule]\nrhythm = "0 4 * * *"\nsources = ["bao-nghe-an"]\n',
        encoding="utf-8",
    )
    return path


def test_options_outweigh_the_environment_that_the_file_that_the_defaults(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHITIEU_CONFIG", str(file))
    monkeypatch.setenv("CHITIEU_WORKERS", "3")
    monkeypatch.setenv("CHITIEU_SCHEDULE__RHYTHM", "0 5 * * *")
    monkeypatch.setenv("CHITIEU_ALERTS__COMMAND", "notify --to 'phòng dữ liệu'")
    found = read_settings(workers=4, crawl={"max_pages": 9, "browser": None})
    settings = found.settings
    assert settings.workers == 4 and settings.schedule.rhythm == "0 5 * * *" and settings.crawl.contact == "ai@vi.example"
    assert settings.crawl.max_pages == 9 and settings.crawl.browser is False
    assert settings.data == file.parent / "store", "a path in a file is meant from where the file lies"
    assert settings.alerts.command == ("notify", "--to", "phòng dữ liệu")
    where = {key: origin for key, _, origin, _ in found.rows()}
    assert where["workers"] == where["crawl.max_pages"] == "option"
    assert where["schedule.rhythm"] == "environment CHITIEU_SCHEDULE__RHYTHM"
    assert where["crawl.contact"] == where["data"] == str(file)
    assert where["crawl.browser"] == where["log_format"] == "default"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("wrokers = 2", "{file}: key wrokers: no such setting; did you mean workers?"),
        ("[schedule]\nrhytm = '0 5 * * *'", "{file}: key schedule.rhytm: no such setting; did you mean schedule.rhythm?"),
        ("workers = 0", "{file}: key workers: Input should be greater than or equal to 1 (got 0)"),
        ("[schedule]\nrhythm = '61 5 * * *'", "{file}: key schedule.rhythm: '61 5 * * *' is not a cron expression: it has a wrong minute; write five fields"),
        ("[schedule]\npublish = 'daily'", "wrong number of fields; write five fields (minute hour day month weekday), such as '0 6,18 * * *'"),
        ("[schedule]\ntimezone = 'Asia/Hanoy'", "key schedule.timezone: no time zone is called 'Asia/Hanoy'"),
        ("log_format = 'xml'", "key log_format: Input should be 'text' or 'json' (got 'xml')"),
        ("formats = ['pdf']", "key formats: Input should be 'excel', 'plain', 'xlsx' or 'parquet' (got 'pdf')"),
        ("crawl = 3", "{file}: key crawl: "),
        ("workers = ", "{file}: not valid TOML: "),
    ],
)
def test_a_wrong_value_is_refused_with_its_key_and_what_would_be_right(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "chitieu.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WrongCall) as refused:
        read_settings(path)
    assert said.format(file=path) in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("CHITIEU_WROKERS", "2", "environment CHITIEU_WROKERS: no such setting; did you mean CHITIEU_WORKERS?"),
        ("CHITIEU_WORKERS", "two", "environment CHITIEU_WORKERS: key workers: Input should be a valid integer"),
        ("CHITIEU_ALERTS__COMMAND", "notify 'x", "environment CHITIEU_ALERTS__COMMAND: key alerts.command: cannot be taken apart"),
        ("CHITIEU_CONFIG", "/no/such/file.toml", "/no/such/file.toml: the configuration cannot be read"),
    ],
)
def test_so_is_one_of_the_environment(monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(WrongCall) as refused:
        read_settings()
    assert said in str(refused.value)


def test_the_commands_go_by_them(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runner = CliRunner()
    told = runner.invoke(app, ["--config", str(file), "config"])
    assert told.exit_code == 0 and str(file) in told.output and "ai@vi.example" in told.output
    assert runner.invoke(app, ["--config", str(file), "runs"]).exit_code == 0
    assert (file.parent / "store" / "state.sqlite").is_file()
    monkeypatch.setenv("CHITIEU_DATA", str(file.parent / "other"))
    assert runner.invoke(app, ["--config", str(file), "runs"]).exit_code == 0
    assert (file.parent / "other" / "state.sqlite").is_file()
    monkeypatch.setenv("CHITIEU_LOG_FORMAT", "xml")
    refused = runner.invoke(app, ["runs"])
    assert refused.exit_code == 2 and "CHITIEU_LOG_FORMAT" in refused.output and "Traceback" not in refused.output
