"""The servers that stand in for the clouds. Each has a name, an address, a proxy, an environment with credentials, bad days
(what, address, environment, canned answer, code), and a client of its own by which objects are read and put."""

import os, pathlib, socket, subprocess, sys, time

TOOLS = pathlib.Path(sys.argv[1]).resolve()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(words, port, env=None):
    log = open(TOOLS / f"{pathlib.Path(words[0]).name}.log", "w")
    server = subprocess.Popen(words, stdout=log, stderr=log, env={**os.environ, **(env or {})})
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return server
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.1)
    server.kill()
    raise SystemExit(f"{words[0]} does not start; see {log.name}")
