"""What can go wrong with the servers, each told in one sentence."""


class ServersError(RuntimeError):
    """The servers cannot do what was asked; the message says why and what to do."""


DISK_FULL = (
    "The disk is full: `workbook reset` frees what the topics hold, and `make clean` all "
    "that the workbook keeps."
)
"""What is said wherever a disk gives no more room."""
