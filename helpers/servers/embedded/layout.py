"""Where one clone keeps its servers' files."""

from dataclasses import dataclass
from pathlib import Path

from helpers.owned import STATE, claim
from helpers.servers.interface import Role


@dataclass(frozen=True)
class Layout:
    """Paths below a state folder.

    Attributes:
        state_dir: the folder that holds all the others.
    """

    state_dir: Path

    @property
    def record(self) -> Path:
        """The file that tells every reader which processes run where."""
        return self.state_dir / "servers.json"

    @property
    def lock(self) -> Path:
        """Held by whoever changes the servers."""
        return self.state_dir / "servers.lock"

    @property
    def data(self) -> Path:
        """The folder of the nodes' data."""
        return self.state_dir / "data"

    @property
    def set_aside(self) -> Path:
        """Data of another cluster, kept out of the way."""
        return self.state_dir / "set-aside"

    def make(self) -> None:
        """Create the folders; only their owner may look inside.

        Raises:
            InputError: they are there, and may be somebody else's.
        """
        claim(self.state_dir, STATE)
        for name in ("data", "logs", "conf"):
            (self.state_dir / name).mkdir(exist_ok=True)

    def node_data(self, role: Role, node_id: int) -> Path:
        """The ``log.dirs`` of a node."""
        return self.data / f"{role}-{node_id}"

    def config(self, role: Role, node_id: int) -> Path:
        """The properties file of a node."""
        return self.state_dir / "conf" / f"{role}-{node_id}.properties"

    def log(self, role: Role, node_id: int) -> Path:
        """The log that a node writes."""
        return self.state_dir / "logs" / f"{role}-{node_id}.log"

    def output(self, role: Role, node_id: int) -> Path:
        """What a node's process prints besides its log."""
        return self.state_dir / "logs" / f"{role}-{node_id}.out"

    def temporary(self, user: str) -> Path:
        """Where one node, or the tools, unpack libraries; emptied at a start."""
        return self.state_dir / "tmp" / user
