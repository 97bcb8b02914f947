"""A small HTTP service around a function, and how it fares with several clients at once.

As a program (`python serving.py ADDRESS CLIENTS REQUESTS`, the body on standard input) it is the clients, in a process of their own.
"""

import contextlib
import http.client
import http.server
import json
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

MOST_BYTES = 64_000  # of a question; 28 × 28 numbers of 17 digits are 15,000
SWALLOWED = 16 << 20  # bytes of a refused body that are read, so that the client, still sending, hears why
PATIENCE = 10  # seconds for which a client may be silent
LONGEST_LOAD = 300  # seconds


class Refused(Exception):
    """A request that is not answered: status and sentence."""


class Load(NamedTuple):
    """Requests a second, and how long each took, in milliseconds."""

    per_second: float
    milliseconds: list[float]


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # a client may ask again on the same connection
    disable_nagle_algorithm = True  # head and body of an answer leave in two pieces; the second must not wait
    timeout = PATIENCE

    def do_POST(self):
        try:
            status, told = 200, self.server.answer(self._question())
            body = json.dumps(told, allow_nan=False).encode()
        except Refused as refused:
            status, body = refused.args[0], json.dumps({"error": refused.args[1]}).encode()
        except (TimeoutError, ConnectionError):
            raise  # a client that falls silent, or is gone, gets no answer
        except Exception:
            logging.getLogger(__name__).exception("the service failed")
            status, body = 500, b'{"error": "The service failed; its log says why."}'
        self._send(status, body)

    def do_GET(self):
        self._send(405, b'{"error": "Expected POST with JSON."}')

    def _question(self):
        """Return what the body says; what is wrong with it is refused in the order of what it costs to find out."""
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()):
            self.close_connection = True  # nobody knows where the next request begins
            raise Refused(411, "Expected a header Content-Length with the number of bytes; found none.")
        if int(length) > MOST_BYTES:
            self.close_connection = True
            left = min(int(length), SWALLOWED)
            while left > 0 and (piece := self.rfile.read1(MOST_BYTES)):
                left -= len(piece)
            raise Refused(413, f"Expected at most {MOST_BYTES:,} bytes, found {int(length):,}. Send one picture at a time.")
        body = self.rfile.read(int(length))
        try:
            question = json.loads(body)
        except (ValueError, RecursionError):
            raise Refused(400, 'Expected JSON such as {"picture": [[0, 0, ...], ...]}; this is none.') from None
        try:
            return self.server.read(question)
        except ValueError as error:
            raise Refused(400, str(error)) from None

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """A line for each request would bury a notebook."""


class _Server(http.server.ThreadingHTTPServer):
    request_queue_size = 64

    def handle_error(self, request, client_address):
        """A client that hangs up is no news; anything else is."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


@contextlib.contextmanager
def serve(read: Callable, answer: Callable) -> Iterator[str]:
    """Answer POST requests on this computer alone, at any free port, until the block ends; give the address.

    Args:
        read: gets what the JSON of a request says, returns what `answer` wants; a ValueError is told to the client with 400.
        answer: gets that, returns what JSON can say. It is called by several threads at once.

    A body that is no JSON is answered with 400, one of more than 64,000 bytes with 413, one without a length with 411, and what fails
    inside with 500; each with a sentence in `error`.
    """
    if not (callable(read) and callable(answer)):
        raise TypeError(f"Expected two functions, found {type(read).__name__} and {type(answer).__name__}.")
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.read, server.answer = read, answer
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def ask(address: str, body) -> tuple[int, dict]:
    """Post a question and return the status and what was answered.

    Args:
        address: as `serve` gives it.
        body: bytes as they are, anything else as JSON.
    """
    if not isinstance(address, str) or urlsplit(address).scheme != "http" or not urlsplit(address).netloc:
        raise ValueError(f"Expected an address such as http://127.0.0.1:8000, found {address!r}. Take the one that serve() gives.")
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
    with contextlib.closing(connection):
        connection.request("POST", "/", body if isinstance(body, bytes) else json.dumps(body))
        response = connection.getresponse()
        return response.status, json.loads(response.read())


def load(address: str, body, clients: int, requests: int) -> Load:
    """Let several clients, in another process, ask the same at once, each again as soon as it has its answer.

    Args:
        address, body: as for `ask`.
        clients: 1 or more.
        requests: of all clients together; at least as many as clients.

    Raises:
        ValueError: if there are fewer requests than clients.
        RuntimeError: if a request is not answered with 200; it says with what.
    """
    if not 1 <= clients <= requests:
        raise ValueError(f"Expected a client or more, and as many requests; found {clients} and {requests}.")
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    command = [sys.executable, __file__, address, str(clients), str(requests)]
    done = subprocess.run(command, input=body, capture_output=True, timeout=LONGEST_LOAD)
    if done.returncode:
        raise RuntimeError(f"The service did not answer: {done.stderr.decode().strip().splitlines()[-1]}")
    return Load(**json.loads(done.stdout))


def _clients(address: str, body: bytes, clients: int, requests: int) -> Load:
    share = [requests // clients + (number < requests % clients) for number in range(clients)]
    taken: list[list[float]] = [[] for _ in range(clients)]
    failed: list[str] = []
    ready = threading.Barrier(clients + 1)

    def client(number: int) -> None:
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
        ready.wait()
        try:
            connection.connect()
            for _ in range(share[number]):
                start = time.perf_counter()
                connection.request("POST", "/", body)
                response = connection.getresponse()
                answer = response.read()
                taken[number].append(1000 * (time.perf_counter() - start))
                if response.status != 200:
                    raise RuntimeError(f"{response.status} {answer.decode()}")
        except (OSError, http.client.HTTPException, RuntimeError) as error:
            failed.append(f"{type(error).__name__}: {error}")
        finally:
            connection.close()

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    ready.wait()
    start = time.perf_counter()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - start
    if failed:
        sys.exit(failed[0])
    return Load(requests / seconds, [one for client in taken for one in client])


if __name__ == "__main__":
    print(json.dumps(_clients(sys.argv[1], sys.stdin.buffer.read(), int(sys.argv[2]), int(sys.argv[3]))._asdict()))
