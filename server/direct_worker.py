"""gunicorn's gevent worker, which hands `POST /sync` to `Direct` and everything else to Flask."""

from __future__ import annotations

from typing import Any

from gunicorn.workers.ggevent import GeventWorker

from server.direct import PATH, Direct


class DirectWorker(GeventWorker):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn reads the head of a request; `Direct` makes the bytes of the answer, which go out in one piece."""

    def handle_request(self, listener_name: Any, req: Any, sock: Any, addr: Any) -> Any:
        """Answer one request."""
        usual = req.method == "POST" and req.path == PATH and req.version == (1, 1) and not req._expected_100_continue
        if not usual:
            return super().handle_request(listener_name, req, sock, addr)
        self.nr += 1
        direct: Direct = self.wsgi.extensions["direct"]
        last = False

        def closes() -> bool:
            nonlocal last
            last = not self.alive or req.should_close()
            return last

        sock.sendall(direct(_headers(req.headers), req.body.read, closes=closes))
        if last:
            raise StopIteration  # gunicorn's word for the end of a connection
        return True


def _headers(listed: list[tuple[str, str]]) -> dict[str, str]:
    """Return headers by name; fields that stand twice are joined, as WSGI has it."""
    headers: dict[str, str] = {}
    for name, value in listed:
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    return headers
