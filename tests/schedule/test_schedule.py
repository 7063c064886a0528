"""When jobs come due, what a unit and a crontab say, and what a schedule refuses."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import threading
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from filelock import FileLock
from typer.testing import CliRunner

from chitieu.crawlers.crawl import CrawlOptions
from chitieu.crawlers.ledger import Due
from chitieu.crawlers.rhythm import next_time, shift_of
from chitieu.crawlers.sources import RegistryError, Source, load_file, load_registry
from chitieu.crawlers.state import State
from chitieu.pipelines import units
from chitieu.pipelines.cli import app
from chitieu.pipelines.errors import UserError, WrongCall
from chitieu.pipelines.schedule import Service, plan_jobs
from chitieu.pipelines.settings import ScheduleSettings, Settings
from chitieu.pipelines.store import Store

HANOI = ScheduleSettings().zone
ENTRY = 'id = "bao-thu"\nname = "Báo thử"\nplace = "Nghệ An"\nkind = "newspaper"\nhosts = ["baothu.vn"]\nevidence = "made for a test"\n'


def source(id: str, **keys: object) -> Source:
    return Source.model_validate({"id": id, "name": id, "place": "Nghệ An", "kind": "newspaper", "hosts": f"{id}.vn", "evidence": "test", **keys})


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store").prepare()


def service(store: Store, settings: Settings, *sources: Source) -> Service:
    return Service(store, plan_jobs(sources, settings.schedule), settings, CrawlOptions(), lambda why: [])


def test_expressions_are_read_in_their_zone_as_cron_reads_them() -> None:
    friday = datetime(2026, 11, 27, 12, 0, tzinfo=HANOI)
    assert next_time("30 6 * * *", friday) == datetime(2026, 11, 28, 6, 30, tzinfo=HANOI)
    assert next_time("0 6 * * 0", friday).strftime("%a") == "Sun", "0 is Sunday, as in cron"
    assert next_time("0 6 * * 1-5", friday).strftime("%a") == "Mon"
    shifted = next_time("0 * * * *", friday, timedelta(minutes=10))
    assert shifted == friday + timedelta(minutes=10)
    assert next_time("0 * * * *", shifted, timedelta(minutes=10)) == friday + timedelta(minutes=70)


def test_sources_begin_spread_out_and_each_always_at_the_same_time() -> None:
    names = list(load_registry())
    shifts = [shift_of(name, timedelta(minutes=30)) for name in names]
    assert shifts == [shift_of(name, timedelta(minutes=30)) for name in names]
    assert all(timedelta() <= shift < timedelta(minutes=30) for shift in shifts)
    in_a_minute = max(sum(shift // timedelta(minutes=1) == minute for shift in shifts) for minute in range(30))
    assert in_a_minute <= len(names) / 6, "no crowd at any minute"


def test_a_source_has_its_own_rhythm_or_that_of_all(tmp_path: Path) -> None:
    (tmp_path / "bao-thu.toml").write_text(ENTRY + 'rhythm = "15 */6 * * *"', encoding="utf-8")
    own = load_file(tmp_path / "bao-thu.toml")
    first, second, publication = plan_jobs([*own, source("bao-hai")], ScheduleSettings(rhythm="0 7 * * *", publish="0 2 * * *"))
    assert (first.rhythm, second.rhythm, publication.rhythm) == ("15 */6 * * *", "0 7 * * *", "0 2 * * *")


@pytest.mark.parametrize(
    ("rhythm", "said"),
    [
        ("each morning", "key rhythm: 'each morning' is not a cron expression: wrong number of fields; write five fields"),
        ("0 25 * * *", "key rhythm: '0 25 * * *' is not a cron expression: it has a wrong hour"),
        ("*/5 * * * *", "rhythm: not more often than every ten minutes for a source that is not local"),
        ("*/30 * * * * *", "rhythm: not more often than every ten minutes"),
    ],
)
def test_a_rhythm_that_cannot_be_is_refused_with_file_and_key(tmp_path: Path, rhythm: str, said: str) -> None:
    path = tmp_path / "bao-thu.toml"
    path.write_text(f"{ENTRY}rhythm = '{rhythm}'", encoding="utf-8")
    with pytest.raises(RegistryError) as refused:
        load_file(path)
    assert str(refused.value).startswith(f"{path}: ") and said in str(refused.value)


def test_nor_may_the_rhythm_of_all_be_too_quick_for_a_live_site() -> None:
    with pytest.raises(WrongCall, match="would crawl bao-thu more often than every ten minutes"):
        plan_jobs([source("bao-thu")], ScheduleSettings(rhythm="* * * * *"))
    plan_jobs([source("bao-thu", local=True)], ScheduleSettings(rhythm="* * * * *"))


def test_what_was_missed_is_due_once_and_a_new_rhythm_counts_from_now(store: Store) -> None:
    settings = Settings(schedule=ScheduleSettings(rhythm="0 * * * *"))
    now = datetime.now(timezone.utc)
    missed, coming = now - timedelta(days=3), now + timedelta(minutes=20)
    first, second, _ = plan_jobs([source("bao-mot"), source("bao-hai")], settings.schedule)
    with State(store.root) as state:
        state.note_due(Due("bao-mot", first.told, missed))
        state.note_due(Due("bao-hai", second.told, coming))
    due = {job.name: at for job, at in service(store, settings, source("bao-mot"), source("bao-hai")).turns()}
    assert due["bao-mot"] == missed and due["bao-hai"] == coming and due["publish"] > now
    assert first.turn_after(now) > now, "and after it the next turn is one to come: 72 missed ones are one"

    slower = Settings(schedule=ScheduleSettings(rhythm="0 3 1 1 *"))
    due = {job.name: at for job, at in service(store, slower, source("bao-mot"), source("bao-hai")).turns()}
    assert due["bao-mot"] == missed and due["bao-hai"] > coming


def test_one_service_works_on_a_data_folder(store: Store) -> None:
    (store.root / "locks").mkdir()
    with FileLock(store.root / "locks" / "schedule.lock"), pytest.raises(UserError, match="another `chitieu schedule` is at work"):
        service(store, Settings(), source("bao-mot")).run()


def test_a_unit_starts_the_very_service_and_may_write_to_its_data_alone() -> None:
    unit = units.systemd_unit(["/opt/chỉ tiêu/chitieu", "schedule", "bao-mot", "--data", "/srv/100% $x"], Path("/srv/100% $x"))
    assert 'ExecStart="/opt/chỉ tiêu/chitieu" schedule bao-mot --data "/srv/100%% $$x"\n' in unit
    assert 'ReadWritePaths="/srv/100%% $x"\n' in unit and "ProtectSystem=strict" in unit and "KillMode=mixed" in unit


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_takes_the_unit(store: Store, tmp_path: Path) -> None:
    unit = tmp_path / "chitieu.service"
    unit.write_text(units.systemd_unit([*units.program(), "schedule", "bao-mot", "--data", str(store.root)], store.root), encoding="utf-8")
    verified = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False, timeout=60)
    assert (verified.returncode, verified.stderr) == (0, "")


def test_lines_for_cron_are_commands_that_can_be_run(store: Store) -> None:
    jobs = plan_jobs([source("bao-mot"), source("bao-hai", rhythm="5 */4 * * *")], ScheduleSettings())
    text = units.crontab_lines(jobs, [*units.program(), "crawl", "--data", str(store.root)], [*units.program(), "publish", "--data", "/srv/100%"])
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert lines[0].startswith("0 5,11,17,22 * * * sleep ") and lines[0].endswith(" bao-mot")
    assert lines[1].startswith("5 */4 * * * ") and lines[2].startswith("0 1 * * * ") and lines[2].endswith(r"--data /srv/100\%")
    command = shlex.split(lines[0].split("; ")[1])
    asked = subprocess.run([*command[:2], "--help"], capture_output=True, text=True, check=False, timeout=60)
    assert asked.returncode == 0 and "Fetch new and changed pages" in asked.stdout
    for rhythm in ("*/30 * * * * *", "0 6 L * *", "0 6 * * 1#2"):
        with pytest.raises(WrongCall, match="cron knows no seconds"):
            units.crontab_lines(plan_jobs([source("bao-mot", local=True, rhythm=rhythm)], ScheduleSettings()), ["chitieu"], ["chitieu"])


def test_the_command_prints_what_it_would_do_and_refuses_what_it_cannot(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def call(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, ["schedule", "--data", str(store.root), *arguments])
        return result.exit_code, result.output

    code, plan = call("bao-nghe-an", "--print", "plan")
    assert code == 0 and "bao-nghe-an" in plan and "0 5,11,17,22 * * *" in plan and "publish" in plan
    with State(store.root) as state:
        assert state.due() == {}, "to look is not to begin"
    code, unit = call("bao-nghe-an", "bao-lao-cai", "--print", "systemd")
    assert code == 0 and f"schedule bao-nghe-an bao-lao-cai --data {store.root}\n" in unit
    assert "bao-nghe-an\n" in call("bao-nghe-an", "--print", "cron")[1]
    monkeypatch.setenv("CHITIEU_SCHEDULE__SOURCES", "bao-nghe-an bao-khong-co")
    code, said = call("--print", "plan")
    assert code == 2 and "there is no source 'bao-khong-co'" in said


def test_a_source_that_another_crawl_is_at_is_tried_again_soon(store: Store) -> None:
    """Run in this process: stopped by a signal, as an operator would, once the turn is over."""
    alone = source("bao-ban", local=True, rhythm="0 0 1 1 *")
    (job, _) = plan_jobs([alone], ScheduleSettings())
    yesterday = datetime.now(timezone.utc) - timedelta(days=1)
    with State(store.root) as state:
        state.note_due(Due(job.name, job.told, yesterday))
    waiting = Service(store, [job], Settings(), CrawlOptions(lock_wait=0.1), lambda why: [])

    def stop_when_it_was_tried() -> None:
        until = time.monotonic() + 60
        with State(store.root) as state:
            while state.due()[job.name].at == yesterday and time.monotonic() < until:
                time.sleep(0.1)
        os.kill(os.getpid(), signal.SIGTERM)

    (store.root / "locks").mkdir(exist_ok=True)
    with FileLock(store.root / "locks" / "source-bao-ban.lock"):
        watch = threading.Thread(target=stop_when_it_was_tried)
        watch.start()
        waiting.run()
        watch.join()
    with State(store.root) as state:
        (run,) = state.runs()
        assert (run.why, run.outcome) == ("made up", "failures")
        assert timedelta(minutes=3) < state.due()[job.name].at - datetime.now(timezone.utc) < timedelta(minutes=6)
