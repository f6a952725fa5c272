"""The environment is typed, and what is set wrong says so in one sentence that names the variable."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from wscb_training.environment import Environment

BASE = Path(__file__).resolve().parents[2]
SETTINGS = BASE / "wscb_training/settings.py"
PRODUCTION = {
    "SECRET_KEY": "A-long-and-random-key-that-is-only-used-in-this-very-test-0123456789",
    "DATABASE_URL": "postgres://wscb:secret@db:5432/wscb",
    "BROKER_URL": "redis://redis:6379/0",
    "CACHE_URL": "redis://redis:6379/1",
    "EMAIL_URL": "smtp+tls://wscb:secret@mail.example",
    "BASE_URL": "https://training.example",
}


def manage(tmp_path, *arguments, **variables) -> subprocess.CompletedProcess:
    """Run manage.py as a machine would on which only these variables are set."""
    environment = {"PATH": os.environ["PATH"], "READ_DOTENV": "off", "VAR_DIR": str(tmp_path), **variables}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=BASE, env=environment, capture_output=True, text=True)


@pytest.mark.parametrize("word, value", [("on", True), ("True", True), ("1", True), ("off", False), ("", False)])
def test_yes_and_no(word, value):
    assert Environment({"DEBUG": word}).bool("DEBUG") is value


def test_neither_yes_nor_no_is_refused():
    with pytest.raises(ImproperlyConfigured, match="DEBUG must be on or off, not “ture”"):
        Environment({"DEBUG": "ture"}).bool("DEBUG")


@pytest.mark.parametrize(
    "name, value",
    [
        ("DATABASE_URL", "mysql://root@db/wscb"),
        ("DATABASE_URL", "/srv/db.sqlite3"),
        ("BROKER_URL", "reddis://redis:6379/0"),
        ("CACHE_URL", "memcached://cache"),
        ("EMAIL_URL", "mail.example:587"),
        ("BASE_URL", "training.example"),
    ],
)
def test_an_address_of_an_unknown_kind_is_refused_and_the_known_ones_are_named(name, value):
    with pytest.raises(ImproperlyConfigured, match=rf"^{name} must begin with one of \S+://"):
        Environment({name: value}).address(name)


def test_a_refused_address_does_not_show_its_password():
    with pytest.raises(ImproperlyConfigured) as refusal:
        Environment({"DATABASE_URL": "wscb:secret@db/wscb"}).address("DATABASE_URL")
    assert "secret" not in str(refusal.value)


def test_a_port_that_is_no_number_is_refused():
    with pytest.raises(ImproperlyConfigured, match="BROKER_URL has a port that is not a number"):
        Environment({"BROKER_URL": "redis://redis:sixty/0"}).address("BROKER_URL")


def test_a_number_that_is_none_is_refused():
    with pytest.raises(ImproperlyConfigured, match="PORT can't be read"):
        Environment({"PORT": "eighty"}).int("PORT")


def test_a_secret_may_stand_in_a_file(tmp_path):
    secret = tmp_path / "database_url"
    secret.write_text("postgres://wscb:secret@db/wscb\n")
    environment = Environment({"DATABASE_URL_FILE": str(secret)})
    assert environment.address("DATABASE_URL") == "postgres://wscb:secret@db/wscb"


def test_a_secret_file_that_is_not_there_is_refused():
    with pytest.raises(ImproperlyConfigured, match=r"SECRET_KEY can't be read: .*No such file"):
        Environment({"SECRET_KEY_FILE": "/nowhere/secret"}).str("SECRET_KEY")


def test_the_environment_stands_above_the_dotenv_file_whose_misspelt_names_are_told(tmp_path):
    dotenv = tmp_path / ".env"
    dotenv.write_text(
        "# the board\nBASE_ULR=https://training.example\nBOARD_NAME=A\nexport DEBUG=on\nSECRET_KEY_FILE=x\n"
    )
    environment = Environment({"BOARD_NAME": "B"})
    environment.read_dotenv(dotenv)
    assert environment.str("BOARD_NAME") == "B"
    assert environment.bool("DEBUG") is True
    environment.address("BASE_URL")
    environment.names.add("SECRET_KEY")
    assert environment.misspelt() == [("BASE_ULR", "BASE_URL")]


@pytest.mark.parametrize(
    "variables, sentence",
    [
        ({"DATABASE_URL": PRODUCTION["DATABASE_URL"]}, "Set SECRET_KEY"),
        ({"DATABASE_URL": "oracle://db/wscb"}, "DATABASE_URL must begin with one of postgres://"),
        ({"DATABASE_URL": "postgres://db", "SECRET_KEY": "x"}, "DATABASE_URL names no database"),
        ({"LOG_LEVEL": "chatty"}, "LOG_LEVEL must be one of DEBUG, INFO"),
    ],
)
def test_the_site_does_not_start_with_settings_that_are_wrong(tmp_path, variables, sentence):
    outcome = manage(tmp_path, "check", **variables)
    assert outcome.returncode != 0
    assert outcome.stderr.startswith(f"The settings are wrong. {sentence}")
    assert outcome.stderr.count("\n") == 1


def test_the_deploy_check_is_clean_with_a_production_environment(tmp_path):
    outcome = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert outcome.returncode == 0, outcome.stderr
    assert "no issues" in outcome.stdout


def test_the_example_explains_exactly_the_variables_that_the_settings_read():
    read = set(re.findall(r'\benv\.\w+\(\s*"([A-Z_]+)"', SETTINGS.read_text()))
    explained = re.findall(r"^#([A-Z_]+)=", (BASE / ".env.example").read_text(), re.MULTILINE)
    assert sorted(explained) == sorted(read)


def test_the_example_can_be_used_as_it_is_with_its_marks_taken_off(tmp_path):
    dotenv = tmp_path / ".env"
    dotenv.write_text(re.sub(r"^#(?=[A-Z_]+=)", "", (BASE / ".env.example").read_text(), flags=re.MULTILINE))
    environment = Environment({})
    environment.read_dotenv(dotenv)
    assert environment.address("BASE_URL") == "https://training.example"
    assert environment.address("DATABASE_URL") == "postgres://user:password@host:5432/name"
    assert environment.str("DEFAULT_FROM_EMAIL") == "WSCB Training <training@wscb.example>"
    assert environment.str("SECRET_KEY") == ""
    assert environment.int("PORT") == 8000
    assert environment.bool("HTTPS") is True


def test_the_environment_is_read_in_the_settings_only():
    reading = re.compile(r"os\.environ(?!\.setdefault\(.DJANGO_SETTINGS_MODULE)|os\.getenv|import environ\b")
    code = [path for app in BASE.iterdir() if (app / "__init__.py").exists() for path in app.rglob("*.py")]
    allowed = {SETTINGS, SETTINGS.with_name("environment.py")}
    guilty = [str(p.relative_to(BASE)) for p in code if "tests" not in p.parts and "benchmarks" not in p.parts
              and p not in allowed and reading.search(p.read_text())]  # fmt: skip
    assert guilty == []
