"""What an operator can set, in one place: options, then the environment, then a file, then defaults.

The file is TOML: keys as below, those of a group in a table (`[schedule]`). In the environment a key
is `CHITIEU_LOG_FORMAT`, one of a group `CHITIEU_SCHEDULE__RHYTHM`.
"""

from __future__ import annotations

import difflib
import json
import os
import shlex
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

import platformdirs
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, InitSettingsSource, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from chitieu.crawlers.rhythm import check_rhythm
from chitieu.pipelines.errors import WrongCall
from chitieu.pipelines.store import default_data_dir

PREFIX = "CHITIEU_"
FILE_VARIABLE = "CHITIEU_CONFIG"

FormatName = Literal["excel", "plain", "xlsx", "parquet"]


def _listed(split: Any) -> BeforeValidator:
    """A list written as one string, as in the environment: JSON, or taken apart by `split`."""

    def read(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value.lstrip().startswith("[") else split(value)
        except ValueError as error:
            raise ValueError(f'cannot be taken apart: {error}; write a list as JSON: ["one", "two"]') from None

    return BeforeValidator(read)


Words = Annotated[tuple[str, ...], NoDecode, _listed(lambda text: text.replace(",", " ").split())]
Folders = Annotated[tuple[Path, ...], NoDecode, _listed(lambda text: [part for part in text.split(os.pathsep) if part])]
Command = Annotated[tuple[str, ...], NoDecode, _listed(shlex.split)]
Formats = Annotated[tuple[FormatName, ...], NoDecode, _listed(lambda text: text.replace(",", " ").split())]


class _Group(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class CrawlSettings(_Group):
    """How sites are asked."""

    contact: str = ""
    """Address or web page that goes into the user agent, so that site owners can write."""
    browser: bool = False
    """Fetch sources marked `script` with a browser (the extra `browser`)."""
    max_pages: int | None = Field(default=None, ge=1)
    """Pages stored of a source in one crawl at most; the rest waits for the next."""
    refresh_days: float = Field(default=7, ge=0)
    """Articles younger than this are asked for again, to notice edits."""
    timeout: float = Field(default=30, gt=0)
    """Seconds an answer may take in all."""
    pause_hours: float = Field(default=6, ge=0)
    """For how long a source is left alone after three crawls without an answer; doubles up to a week; 0: never."""


class ScheduleSettings(_Group):
    """What `chitieu schedule` does when."""

    sources: Words = ()
    """Ids of the sources to crawl; none: all verified ones."""
    rhythm: str = "0 5,11,17,22 * * *"
    """Cron expression of the sources that have none of their own."""
    publish: str = "0 1 * * *"
    """Cron expression of ingest, extract, load and export."""
    timezone: str = "Asia/Ho_Chi_Minh"
    """Zone the expressions are read in."""
    stagger_minutes: float = Field(default=30, ge=0, le=24 * 60)
    """Sources with one rhythm begin spread over so many minutes, each always at the same."""
    crawls_at_once: int = Field(default=8, ge=1)
    """Sources crawled at the same time; each takes a process of some 100 MB."""
    keep_exports: int = Field(default=30, ge=1)
    """Exports kept when the scheduled publication has written a new one."""

    _check_rhythms = field_validator("rhythm", "publish")(check_rhythm)

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        if name not in available_timezones():
            close = difflib.get_close_matches(name, available_timezones(), n=1)
            raise ValueError(f"no time zone is called {name!r}; " + (f"did you mean {close[0]!r}?" if close else "write it like 'Asia/Ho_Chi_Minh'"))
        return name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


class AlertSettings(_Group):
    """When an operator is told, and by what."""

    command: Command = ()
    """Program, with its arguments, that gets each alert as JSON on standard input; run without a shell."""
    time_limit: float = Field(default=30, gt=0)
    """Seconds the command may take."""
    down_runs: int = Field(default=3, ge=1)
    """Alert when a source did not answer in so many crawls in a row."""
    silent_runs: int = Field(default=12, ge=1)
    """Alert when a source had no new or edited article in so many crawls in a row."""
    drop: float = Field(default=0.5, gt=0, lt=1)
    """Alert when a source gives less than this share of the records an article it gave before (their median)."""
    least_articles: int = Field(default=10, ge=1)
    """Extractions from fewer articles of a source say nothing about its rate."""


class Settings(BaseSettings):
    """What is in force."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", env_ignore_empty=True, extra="forbid", frozen=True, use_attribute_docstrings=True
    )

    data: Path = Field(default_factory=default_data_dir)
    """Data folder all stages read and write."""
    registry: Folders = ()
    """Folders of further sources (*.toml)."""
    log_format: Literal["text", "json"] = "text"
    """json: log lines on standard error are JSON objects, for programs."""
    workers: int | None = Field(default=None, ge=1)
    """Processes of this machine that share the work of ingest and extraction; none: what each holds for right."""
    formats: Formats = ()
    """What exports are written as: excel, plain, xlsx, parquet; none: all."""
    crawl: CrawlSettings = CrawlSettings()
    schedule: ScheduleSettings = ScheduleSettings()
    alerts: AlertSettings = AlertSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Options outweigh the environment, that the file: pydantic-settings takes them in this order."""
        file = getattr(init_settings, "init_kwargs", {}).pop(_FILE, {})
        return init_settings, env_settings, InitSettingsSource(settings_cls, init_kwargs=file)


_FILE = "_read_from_file"


@dataclass(frozen=True, slots=True)
class InForce:
    """The settings, and where each was set."""

    settings: Settings
    origins: Mapping[str, str]
    """By dotted key: `option`, `environment CHITIEU_…`, the file, or `default`."""
    file: Path | None
    """The file that was read."""

    def rows(self) -> Iterator[tuple[str, str, str, str]]:
        """Key, value, where it is set, and what it means."""
        for key, value, told in _leaves(self.settings):
            yield key, _shown(value), self.origins.get(key, "default"), told


def default_file() -> Path:
    """The file that is read where none is named."""
    return Path(platformdirs.user_config_dir("chitieu")) / "config.toml"


def read_settings(file: Path | None = None, **options: Any) -> InForce:
    """What is in force with these options (None: not given; those of a group as a dictionary).

    Reads `file`, or the one that CHITIEU_CONFIG names, or `default_file()` where it is there. Raises
    WrongCall for a value or key that cannot be, naming it, where it stands, and what would be right.
    """
    path, table = _read_file(file)
    _check_variables()
    given = _without_blanks(options)
    origins = {key: f"{path}" for key in _flat(table)}
    origins |= {key: f"environment {name}" for key, name in _variables().items() if os.environ.get(name)}
    origins |= dict.fromkeys(_flat(given), "option")
    try:
        settings = Settings(**given, **{_FILE: table})
    except ValidationError as error:
        raise WrongCall("\n".join(_explain(error, origins, path))) from None
    return InForce(settings, origins, path)


def _read_file(named: Path | None) -> tuple[Path | None, dict[str, Any]]:
    variable = os.environ.get(FILE_VARIABLE)
    path = named or (Path(variable) if variable else default_file())
    if not (named or variable) and not path.is_file():
        return None, {}
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise WrongCall(f"{path}: the configuration cannot be read: {error.strerror}") from error
    except ValueError as error:  # not UTF-8, or not TOML
        raise WrongCall(f"{path}: not valid TOML: {error}") from error
    # Paths in a file mean what they mean seen from it, wherever one happens to stand.
    if isinstance(table.get("data"), str):
        table["data"] = _beside(path, table["data"])
    if isinstance(table.get("registry"), list):
        table["registry"] = [_beside(path, folder) if isinstance(folder, str) else folder for folder in table["registry"]]
    return path, table


def _beside(file: Path, text: str) -> str:
    return str(file.resolve().parent / Path(text).expanduser())


def _check_variables() -> None:
    """A variable with our prefix that means nothing is a slip of the pen."""
    known = {*_variables().values(), FILE_VARIABLE}
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name not in known:
            raise WrongCall(f"environment {name}: no such setting; {_hint(name, known)}")


def _variables() -> dict[str, str]:
    """The environment variable of each key."""
    return {key: PREFIX + key.replace(".", "__").upper() for key, _, _ in _leaves(Settings.model_construct())}


def _explain(error: ValidationError, origins: Mapping[str, str], file: Path | None) -> Iterator[str]:
    """A line a mistake: where it stands, the key, what is wrong with it and what would be right."""
    for detail in error.errors():
        key = ".".join(str(part) for part in detail["loc"] if isinstance(part, str))
        where = origins.get(key) or next((origin for name, origin in origins.items() if name.startswith(f"{key}.")), str(file))
        if detail["type"] == "extra_forbidden":
            known = {name for name, _, _ in _leaves(Settings.model_construct())}
            yield f"{where}: key {key}: no such setting; {_hint(key, known)}"
        else:
            message = detail["msg"].removeprefix("Value error, ")
            yield f"{where}: key {key}: {message} (got {detail['input']!r:.80})"


def _hint(name: str, known: set[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {close[0]}?" if close else "`chitieu config` lists all"


def _leaves(model: BaseModel, prefix: str = "") -> Iterator[tuple[str, Any, str]]:
    """Dotted key, value and meaning of every setting."""
    for name, about in type(model).model_fields.items():
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            yield from _leaves(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value, about.description or ""


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name


def _without_blanks(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options that were given; groups of which none was are left out."""
    given: dict[str, Any] = {}
    for name, value in options.items():
        value = _without_blanks(value) if isinstance(value, Mapping) else value
        if value not in (None, {}):
            given[name] = value
    return given


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return shlex.join(map(str, value))
    return "" if value is None else str(value)
