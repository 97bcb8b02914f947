"""tools.machine.ports: the port that was asked for, or a free one, or what to do."""

import socket

import pytest

from tools.machine import ports


@pytest.fixture
def taken_port():
    with socket.socket() as listener:
        listener.bind((ports.HOST, 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_taken_port_is_named_with_a_way_out(taken_port):
    with pytest.raises(ports.PortError, match=rf"Port {taken_port} is taken.*make start PORT={taken_port + 1}"):
        ports.choose(str(taken_port), "make start")


@pytest.mark.parametrize("port", ["abc", "80", "70000", "-1"])
def test_impossible_port_is_refused(port):
    with pytest.raises(ports.PortError, match=rf"PORT={port} is not a port"):
        ports.choose(port, "make start")


def test_first_free_port_is_chosen(taken_port, monkeypatch):
    monkeypatch.setattr(ports, "FIRST_PORT", taken_port)
    assert taken_port < ports.choose(None, "make start") < taken_port + ports.PORTS


def test_no_free_port_at_all_is_said(taken_port, monkeypatch):
    monkeypatch.setattr(ports, "FIRST_PORT", taken_port)
    monkeypatch.setattr(ports, "PORTS", 1)
    with pytest.raises(ports.PortError, match="all taken. Name a free one"):
        ports.choose("", "make start")
