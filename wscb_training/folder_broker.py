"""Celery's broker in a folder, made safe: kombu's own reads a message that another process is still writing.

Its worker then ends with "Expecting value: line 1 column 1". Here a message is written beside and renamed into place,
and taken by renaming it, so that it is whole and has one taker.
"""

import uuid
from pathlib import Path
from queue import Empty
from time import monotonic

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.encoding import bytes_to_str, str_to_bytes
from kombu.utils.json import dumps, loads


class Channel(filesystem.Channel):
    """A queue is the files of a folder whose names end with its own; a hidden one is in somebody's hands."""

    def _put(self, queue, payload, **kwargs):
        folder = Path(self.data_folder_out)
        part = folder / f".{uuid.uuid4()}.part"
        try:
            part.write_bytes(str_to_bytes(dumps(payload)))
            part.rename(folder / f"{round(monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg")
        except OSError as error:
            raise ChannelError(f"Cannot add a message to {folder}") from error

    def _get(self, queue):
        folder = Path(self.data_folder_in)
        for path in sorted(path for path in folder.iterdir() if path.name.partition(".")[2] == f"{queue}.msg"):
            taken = folder / f".{uuid.uuid4()}.taken"
            try:
                path.rename(taken)
            except FileNotFoundError:  # another worker was quicker
                continue
            payload = taken.read_bytes()
            taken.unlink()
            return loads(bytes_to_str(payload))
        raise Empty


class Transport(filesystem.Transport):
    """kombu's, with the channel above."""

    Channel = Channel
