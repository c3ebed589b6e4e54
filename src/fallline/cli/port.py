"""A port to listen on, taken before anything is announced."""

from __future__ import annotations

import socket

from fallline.core.errors import FallLineError


def bind(host: str, port: int) -> socket.socket:
    """Returns a socket bound to a host and port.

    Raises:
        FallLineError: it is taken or not allowed; says what to do.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise FallLineError(
            f"Port {port} on {host} cannot be used: {error.strerror}. Choose another with --port."
        ) from None
    return listening
