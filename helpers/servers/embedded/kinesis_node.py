"""The Kinesis endpoint: kinesis-mock on the pinned Node."""

from helpers.servers.embedded import processes
from helpers.servers.embedded.layout import Layout
from helpers.servers.embedded.processes import ProcessId
from helpers.servers.runtime import foreign, kinesis_package, node
from helpers.settings import Settings

REGION = "us-east-1"
# glibc's malloc: one pool for all threads, and what is free at its end is given back.
_SMALL = {"MALLOC_ARENA_MAX": "1", "MALLOC_TRIM_THRESHOLD_": "131072"}


def start(settings: Settings, layout: Layout, port: int) -> ProcessId:
    """Start the endpoint's process; it answers a second later.

    Streams live in its memory: they end with it.
    """
    folder = kinesis_package.package_dir(settings)
    program = str(node.node_executable())
    preload = str(kinesis_package.LOOPBACK_PRELOAD)
    env = {
        # It reads settings by names that other programs use, too, such as LOG_LEVEL.
        **foreign.only("PATH", "HOME", "TMPDIR"),
        "KINESIS_MOCK_PLAIN_PORT": str(port),
        # It wants a second port for TLS, which nobody uses: any will do.
        "KINESIS_MOCK_TLS_PORT": "0",
        "AWS_REGION": REGION,
        # AWS's own limit in this region. The engine's, 50, is one student's lesson 13,
        # and a class attached to one endpoint would run out.
        "SHARD_LIMIT": "20000",
        **_SMALL,
    }
    # Its 9 MB of script are compiled as they are called, most never: 35 MB less.
    command = [program, "--max-lazy", "--require", preload, "main.js"]
    # It looks for its server.json in the working directory.
    output = layout.output("kinesis", 0)
    return processes.spawn(command, layout.state_dir, output, env, cwd=folder)
