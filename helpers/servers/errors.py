"""What can go wrong with the servers, each told in one sentence."""


class ServersError(RuntimeError):
    """The servers cannot do what was asked; the message says why and what to do."""
