"""A line between a browser and the server that a test can cut, and mend."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress


class Line:
    """Forwards ``localhost:port`` to the server; ``cut`` is a dead network.

    While cut nothing listens: no page, no service worker and no script gets through.
    """

    def __init__(self, host: str, port: int) -> None:
        self.server = (host, port)
        self.open_sockets: set[socket.socket] = set()
        self.port = 0
        self.mend()

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def mend(self) -> None:
        """Listen, on the same port as before."""
        self.listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, args=[self.listener], daemon=True).start()

    def cut(self) -> None:
        """Stop listening and break every connection."""
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for one in list(self.open_sockets):
            _close(one)
        self.open_sockets.clear()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = socket.create_connection(self.server)
                self.open_sockets |= {near, far}
                for source, target in ((near, far), (far, near)):
                    threading.Thread(
                        target=_pump, args=[source, target], daemon=True
                    ).start()


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    _close(source)
    _close(target)


def _close(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
