"""Servers that somebody else runs: a class's shared cluster, or a cloud's."""
