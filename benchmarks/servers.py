"""Servers of a run's own, that it may kill: PostgreSQL in a folder, and a mail server whose queue can be full."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.browser.site import free_port, wait_for

DURABLE = "-c fsync=on -c synchronous_commit=on -c full_page_writes=on"


class PostgreSQL:
    """A PostgreSQL cluster of its own in a folder; as root it runs as the user postgres, as PostgreSQL wants it."""

    def __init__(self, folder: Path):
        self.folder, self.port = folder / "postgresql", free_port()
        self.programs = max(
            Path("/usr/lib/postgresql").glob("*/bin"), default=Path(shutil.which("pg_ctl") or "").parent
        )
        self.user = "postgres" if os.getuid() == 0 else None
        self.folder.mkdir()
        if self.user:
            folder.chmod(0o755)
            shutil.chown(self.folder, self.user)
        self._run("initdb", "--username=postgres", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")

    @property
    def url(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c max_connections=60 {DURABLE}"
        self._run("pg_ctl", "start", "--wait", "--silent", f"--log={self.folder}/log", f"--options={options}")

    def stop(self, how: str) -> None:
        """Stop it: "fast" ends what is under way; "immediate" is as a power cut, and the next start recovers."""
        self._run("pg_ctl", "stop", "--wait", "--silent", f"--mode={how}")

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self.programs / program), f"--pgdata={self.folder}", *arguments], check=True, user=self.user,
            cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip


SMTP = """
import asyncio, os, sys
full, taken = sys.argv[2:]
says = {b"EHLO": b"250 mail.example", b"HELO": b"250 mail.example", b"DATA": b"354 go on", b"QUIT": b"221 bye"}

async def serve(reader, writer):
    writer.write(b"220 mail.example\\r\\n")
    while line := await reader.readline():
        word = line[:4].upper()
        if word == b"MAIL" and os.path.exists(full):
            writer.write(b"452 4.3.1 insufficient system storage\\r\\n")
            continue
        writer.write(says.get(word, b"250 ok") + b"\\r\\n")
        if word == b"DATA":
            text = b""
            while not text.endswith(b"\\r\\n.\\r\\n") and (part := await reader.readline()):
                text += part
            with open(taken, "ab") as file:
                file.writelines(each + b"\\n" for each in text.splitlines() if each.lower().startswith(b"message-id:"))
            writer.write(b"250 taken\\r\\n")
        if word == b"QUIT":
            break
    writer.close()

async def hear(reader, writer):
    try:
        await serve(reader, writer)
    except ConnectionError:
        pass  # a worker was killed while it spoke

async def main():
    server = await asyncio.start_server(hear, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()

asyncio.run(main())
"""


class MailServer:
    """A mail server that notes the Message-ID of what it takes, and takes nothing while its queue is full."""

    def __init__(self, folder: Path):
        self.port, self.full, self.taken = free_port(), folder / "queue-is-full", folder / "taken"
        self.taken.touch()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it listens."""
        from tests.browser.site import listens

        command = [sys.executable, "-c", SMTP, str(self.port), str(self.full), str(self.taken)]
        self.process = subprocess.Popen(command)
        wait_for(lambda: listens(self.port), "the mail server")

    def kill(self) -> None:
        """Kill it with -9."""
        self.process.kill()
        self.process.wait()

    def ids(self) -> list[str]:
        """Return the id of each message that was taken, one for each time."""
        lines = self.taken.read_text().splitlines()
        return [line.partition("<")[2].partition("@")[0] for line in lines]
