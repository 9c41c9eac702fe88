"""Those who make trouble at the front door, each a process of its own, so that the one who measures
beside them has a Python to itself. They stop when they are told to, and in any case by themselves.
"""
import contextlib
import gzip
import json
import multiprocessing
import os
import selectors
import socket
import time

MOST_SECONDS = 60.0  # whatever happens to whoever started it
TRICKLE_EVERY = 0.5
CONNECT_SECONDS = 10.0
FORK = multiprocessing.get_context("fork")


def connect(port, address="127.0.0.1", receive_buffer=None):
    client = socket.socket()
    client.settimeout(CONNECT_SECONDS)
    if receive_buffer:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    client.bind((address, 0))
    client.connect(("127.0.0.1", port))
    return client


def request(method, path, body=b"", headers=()):
    lines = [f"{method} {path} HTTP/1.1", "Host: t", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def status_of(answer):
    """Of the bytes of an answer; 0: there was none."""
    words = answer.split(b" ", 2)
    return int(words[1]) if len(words) > 2 and words[0].startswith(b"HTTP/") else 0


class Attackers:
    """with Attackers() as attackers: attackers.start(trickle, port, 200) …; `result` of each when all
    are over."""

    def __init__(self):
        self._stop = FORK.Event()
        self._running = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self, attack, *args):
        """attack(goes_on, *args) runs until goes_on() is false; what it returns is asked from the
        function given back, after stop()."""
        mine, its = FORK.Pipe(duplex=False)
        end = time.monotonic() + MOST_SECONDS

        def run():
            its.send(attack(lambda: not self._stop.is_set() and time.monotonic() < end, *args))
            its.close()
            os._exit(0)

        process = FORK.Process(target=run, daemon=True)
        process.start()
        its.close()
        self._running.append(process)
        return lambda: mine.recv() if mine.poll(MOST_SECONDS) else None

    def stop(self):
        self._stop.set()
        for process in self._running:
            process.join(MOST_SECONDS)
            if process.is_alive():
                process.kill()
                process.join()


def stay_idle(goes_on, port, count):
    """Connections that never say anything; how many could be had."""
    with contextlib.ExitStack() as open_ones:
        for n in range(count):
            open_ones.enter_context(connect(port, f"127.0.0.{1 + n % 10}"))
        while goes_on():
            time.sleep(0.1)
        return count


def trickle(goes_on, port, count):
    """A byte now and then, half of them in the head and half in the body; whoever is cut off comes
    again. How many were."""
    beginnings = [b"POST /in/x/api/v2/alerts HTTP/1.1\r\nHost: t\r\nX-Slow: ",
                  b"POST /in/x/api/v2/alerts HTTP/1.1\r\nHost: t\r\nContent-Length: 100000\r\n\r\n["]

    def begin(n):
        client = connect(port, f"127.0.1.{1 + n % 10}")
        client.sendall(beginnings[n % 2])
        client.setblocking(False)
        return client

    clients, cut_off = [begin(n) for n in range(count)], 0
    while goes_on():
        time.sleep(TRICKLE_EVERY)
        for n, client in enumerate(clients):
            with contextlib.suppress(BlockingIOError, ConnectionError):
                client.send(b" ")
            try:
                over = client.recv(1 << 16) is not None  # an answer, or the end
            except BlockingIOError:
                over = False
            except ConnectionError:
                over = True
            if over:
                client.close()
                cut_off += 1
                clients[n] = begin(n)
    for client in clients:
        client.close()
    return cut_off


def never_read(goes_on, port, asked):
    """Asks for answers without end and takes none of them. How often it was cut off."""
    cut_off = 0
    while goes_on():
        with connect(port, receive_buffer=4096) as client:
            client.settimeout(0.2)
            while goes_on():
                try:
                    client.sendall(asked)
                except TimeoutError:
                    continue
                except ConnectionError:
                    cut_off += 1
                    break
    return cut_off


def flood(goes_on, port, bodies, headers, path, connections):
    """The same requests over and over, on every connection the next as soon as the last is answered.
    {status: how often}, {what Retry-After said}"""
    requests = [request("POST", path, body, headers) for body in bodies]
    waits, statuses = set(), {}
    with selectors.DefaultSelector() as ready, contextlib.ExitStack() as open_ones:
        for n in range(connections):
            client = open_ones.enter_context(connect(port))
            client.sendall(requests[n % len(requests)])
            ready.register(client, selectors.EVENT_READ, [n])
        while goes_on():
            for key, _ in ready.select(0.2):
                answer = key.fileobj.recv(1 << 16)
                status = status_of(answer)
                statuses[status] = statuses.get(status, 0) + 1
                if not answer:
                    ready.unregister(key.fileobj)
                    continue
                for line in answer.split(b"\r\n"):
                    if line.lower().startswith(b"retry-after:"):
                        waits.add(line.split(b":")[1].strip().decode())
                key.data[0] += 1
                key.fileobj.sendall(requests[key.data[0] % len(requests)])
    return statuses, waits


def _chunked(total):
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    yield b"POST /in/x HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n"
    for _ in range(total // 65536):
        yield chunk
    yield b"0\r\n\r\n"


def _headers(*lines):
    yield "\r\n".join(["POST /in/x HTTP/1.1", "Host: t", *lines]).encode() + b"\r\n\r\n12345"


def _junk(piece, times):
    yield b"POST /in/x HTTP/1.1\r\nHost: t\r\n"
    for _ in range(times):
        yield piece


def _bomb():
    packed = gzip.compress(b"0" * (64 << 20), 9)
    yield request("POST", "/in/x", packed, ("Content-Encoding: gzip",))


# What the packaged HTTP library took, stumbled over or read in two ways, and what it is answered.
HOSTILE = {
    "a body over the limit, in chunks": (lambda: _chunked(64 << 20), {413}),
    "a gzip bomb": (_bomb, {413}),
    "200,000 headers": (lambda: _junk(b"A: b\r\n" * 1000, 200), {431}),
    "a header line of 200 MB": (lambda: _junk(b"x" * (1 << 20), 200), {431}),
    "a million lines with bare line feeds": (lambda: _junk(b"junk\n" * 1000, 1000), {400}),
    "two lengths": (lambda: _headers("Content-Length: 2", "Content-Length: 5"), {400}),
    "a length and chunks": (lambda: _headers("Content-Length: 5", "Transfer-Encoding: chunked"), {400}),
    "another transfer coding": (lambda: _headers("Transfer-Encoding: gzip, chunked"), {400, 501}),
    "half a number for a length": (lambda: _headers("Content-Length: 3abc"), {400}),
    "a negative length": (lambda: _headers("Content-Length: -1"), {400}),
    "a length over the limit": (lambda: _headers("Content-Length: 20000000"), {413}),
}


def send_hostile(port, pieces):
    """The status of the answer; 0: it was cut off without one."""
    answer = b""
    with connect(port) as client:
        try:
            for piece in pieces:
                client.sendall(piece)
        except (ConnectionError, TimeoutError):
            pass
        with contextlib.suppress(ConnectionError, TimeoutError):
            answer = client.recv(1 << 16)
    return status_of(answer)


def be_hostile(goes_on, port):
    """Everything in HOSTILE, over and over. {what: the set of statuses}"""
    seen = {}
    while goes_on():
        for what, (pieces, _) in HOSTILE.items():
            if not goes_on():
                break
            seen.setdefault(what, set()).add(send_hostile(port, pieces()))
    return seen


def alerts(name, count):
    """A request of so many different alerts as Prometheus sends them."""
    return json.dumps([{"labels": {"alertname": name, "instance": f"host-{n}"},
                        "annotations": {"summary": "one of many " + "." * 100}}
                       for n in range(count)]).encode()
