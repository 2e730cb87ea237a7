"""One thread reads while another waits for the database."""

import queue
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

_END = object()


@contextmanager
def ahead[T](items: Iterable[T], *, most: int) -> Iterator[Iterator[T]]:
    """The same items, made in a thread of their own, at most so many before they are asked for. What goes wrong there
    is raised here, in its place."""
    made: queue.Queue[object] = queue.Queue(maxsize=most)
    left = threading.Event()

    def put(item: object) -> bool:
        while not left.is_set():
            try:
                made.put(item, timeout=0.1)
            except queue.Full:
                continue
            return True
        return False

    def make() -> None:
        try:
            for item in items:
                if not put(item):
                    return
        except BaseException as error:
            put(error)
        else:
            put(_END)

    def take() -> Iterator[T]:
        while (item := made.get()) is not _END:
            if isinstance(item, BaseException):
                raise item
            yield item  # type: ignore[misc]

    thread = threading.Thread(target=make, name="reads-ahead", daemon=True)
    thread.start()
    try:
        yield take()
    finally:
        left.set()
        thread.join()
