"""The servers as processes of this machine."""
