"""Ports that nobody uses."""

import socket


def free_ports(count: int) -> list[int]:
    """Different ones; another program could take one before it is used."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()
