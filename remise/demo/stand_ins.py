"""What the servers that stand in for outside systems share: they listen on loopback, hang up as the real ones do, and
write no plate into a log."""

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    def reset(self) -> None:
        """Hang up at once, without a word."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def log_message(self, *_args: object) -> None:
        """Plates are nobody's to read in a log."""


def server_of(handler: type[Handler], stand: object, port: int = 0) -> ThreadingHTTPServer:
    """`serve_forever` serves; the handler finds how it behaves in its `stand`."""
    server = ThreadingHTTPServer(("127.0.0.1", port), type("Of", (handler,), {"stand": stand}))
    server.daemon_threads = True
    return server


@contextlib.contextmanager
def serving(handler: type[Handler], stand: object) -> Iterator[str]:
    """Beside the caller; gives the address."""
    server = server_of(handler, stand)
    server.block_on_close = False  # a slow answer is waited for by nobody
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
