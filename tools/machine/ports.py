"""A port of this machine for JupyterLab: the one that was asked for, or the first free one. Standard library only."""

from __future__ import annotations

import os
import socket

HOST = "127.0.0.1"
FIRST_PORT, PORTS = 8888, 20


class PortError(Exception):
    """There is no such port, or it is taken; the message says what to do."""


def is_free(port: int) -> bool:
    """Whether nothing listens on a port of this machine's loopback address."""
    with socket.socket() as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def choose(wanted: str | None, task: str, taken_by: str = "") -> int:
    """Return the port to use: the wanted one, or the first free one from 8888 on.

    Args:
        wanted: a number from 1024 to 65535; None or empty for the first free one.
        task: the command that the way out names, such as "make start".
        taken_by: what may hold a taken port and how to stop it, as the middle of a sentence.

    Raises:
        PortError: if the wanted port is not such a number, or is taken, or all are.
    """
    if wanted:
        if not wanted.isdecimal() or not 1024 <= int(wanted) <= 65535:
            raise PortError(f"PORT={wanted} is not a port. Give a number from 1024 to 65535, or leave it out.")
        if not is_free(int(wanted)):
            raise PortError(f"Port {wanted} is taken{taken_by}. Take another: {task} PORT={int(wanted) + 1}")
        return int(wanted)
    for port in range(FIRST_PORT, FIRST_PORT + PORTS):
        if is_free(port):
            return port
    raise PortError(f"Ports {FIRST_PORT} to {FIRST_PORT + PORTS - 1} are all taken. Name a free one: {task} PORT=9999")
