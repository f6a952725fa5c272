"""Tests reach this machine and nothing else."""

import socket

import pytest


@pytest.mark.parametrize("host", ["192.0.2.1", "training.example", "2001:db8::1"])
def test_there_is_no_way_out(host):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as way_out, pytest.raises(OSError, match="Tests have no network"):
        way_out.connect((host, 80))


def test_this_machine_is_reached():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()
