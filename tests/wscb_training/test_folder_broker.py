"""The embedded broker: a message that is being written is nobody's yet, and each has one taker."""

from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection


@pytest.fixture
def channel(tmp_path):
    folders = {name: str(tmp_path) for name in ("data_folder_in", "data_folder_out", "control_folder")}
    with Connection(
        "filesystem://localhost", transport="wscb_training.folder_broker:Transport", transport_options=folders
    ) as connection:
        yield connection.default_channel


def test_messages_come_out_as_they_went_in_and_once(channel):
    for number in range(3):
        channel._put("celery", {"number": number})
    assert sorted(channel._get("celery")["number"] for _ in range(3)) == [0, 1, 2]
    with pytest.raises(Empty):
        channel._get("celery")


def test_one_that_is_half_written_is_left_alone(channel, monkeypatch):
    """kombu's own would take it, find nothing in it, and end the worker."""
    write, looked = Path.write_bytes, []

    def slowly(path, content):
        write(path, content[:10])
        with pytest.raises(Empty):
            channel._get("celery")
        looked.append(path)
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", slowly)
    channel._put("celery", {"text": "x" * 100})
    assert looked and channel._get("celery") == {"text": "x" * 100}


def test_of_two_workers_one_takes_it(channel, monkeypatch):
    channel._put("celery", {"number": 1})
    rename = Path.rename

    def too_late(path, target):
        rename(path, path.with_name(".somebody-elses"))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", too_late)
    with pytest.raises(Empty):
        channel._get("celery")


def test_a_folder_that_is_gone_is_told(channel, tmp_path):
    from kombu.exceptions import ChannelError

    channel.transport_options["data_folder_out"] = str(tmp_path / "gone")
    with pytest.raises(ChannelError):
        channel._put("celery", {})
