"""Find out which jars a program needs, and what each of them is: for the locks.

It needs the network.
"""

from collections.abc import Iterable
from pathlib import Path

from jgo.maven import Dependency, MavenContext

from helpers.servers.runtime.locks import LockedFile, locked_file


def resolve(
    repository: Path,
    roots: Iterable[str],
    alone: Iterable[str] = (),
    left_out: Iterable[str] = (),
) -> list[LockedFile]:
    """Download jars and return what a lock says of each.

    Args:
        repository: a folder for what is downloaded.
        roots: what is wanted with all that it needs, as ``group:artifact:version``.
        alone: what is wanted without what it needs.
        left_out: what is needed by the roots, and not wanted, as ``group:artifact``.
    """
    context = MavenContext(repo_cache=repository)
    excluded = [context.project(*names.split(":")) for names in left_out]
    asked = [context.create_dependency(root, excluded) for root in roots]
    inputs, transitive = context.resolver.resolve(asked) if asked else ([], [])
    others = [context.create_dependency(one) for one in alone]
    return [_locked(dependency) for dependency in (*inputs, *transitive, *others)]


def _locked(dependency: Dependency) -> LockedFile:
    artifact = dependency.artifact
    file = Path(artifact.resolve())
    folder = (
        f"{artifact.groupId.replace('.', '/')}/{artifact.artifactId}/{artifact.version}"
    )
    return locked_file(file, f"{folder}/{file.name}")
