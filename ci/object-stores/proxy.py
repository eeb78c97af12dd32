"""A server on loopback between the program and a store, which counts requests and loses some of them."""

import socket, threading, time

FATES = ["never sent", "answer lost", "503"]


class Proxy:
    """Relays to a server. Every `nth` request fails, in turn by each of FATES; or the one that `doomed` names does.
    Where there is a `canned` answer, every request gets that."""

    def __init__(self, port):
        self.to, self.nth, self.doomed, self.canned, self.slow = port, 0, {}, None, 0.0
        self.count, self.failed, self.seen = 0, 0, []
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        self.lock = threading.Lock()
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            client, _ = self.listener.accept()
            threading.Thread(target=self.relay, args=(client,), daemon=True).start()

    def fate(self, head):
        with self.lock:
            self.count += 1
            self.seen.append(head.split(b"\r\n", 1)[0].decode())
            fate = self.doomed.pop(self.count, None)
            if self.nth and self.count % self.nth == 0:
                fate = FATES[self.failed % len(FATES)]
            self.failed += fate is not None
            return fate

    def relay(self, client):
        with client, client.makefile("rb") as incoming:
            request = read_message(incoming)
            if request is None:
                return
            time.sleep(self.slow)
            fate = self.fate(request[0])
            if fate == "never sent":
                return
            if fate == "503" or self.canned:
                status, body = self.canned or ("503 Slow Down", "")
                head = f"HTTP/1.1 {status}\r\nContent-Type: application/xml\r\nContent-Length: {len(body)}\r\n"
                client.sendall(f"{head}Connection: close\r\n\r\n{body}".encode())
                return
            reply = self.ask(*request)
            if fate != "answer lost":
                try:
                    client.sendall(reply)
                except OSError:
                    pass  # It was killed.

    def ask(self, head, body):
        """Sends a request to the server, and returns what that says until it hangs up."""
        lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
        with socket.create_connection(("127.0.0.1", self.to)) as server:
            server.sendall(b"\r\n".join(lines[:1] + [b"Connection: close"] + lines[1:]) + body)
            return with_close(b"".join(iter(lambda: server.recv(65536), b"")))


def with_close(reply):
    """Tells the client that no further request can go over this connection."""
    head, end, body = reply.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith((b"connection:", b"keep-alive:"))]
    return b"\r\n".join(lines + [b"Connection: close"]) + end + body


def read_message(incoming):
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = incoming.readline()
        if not line:
            return None
        head += line
    fields = {k.strip().lower(): v.strip() for k, _, v in (l.partition(b":") for l in head.split(b"\r\n")[1:])}
    return head, incoming.read(int(fields.get(b"content-length", b"0")))
