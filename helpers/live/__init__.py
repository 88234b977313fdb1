"""What the servers do right now, as facts that views and recordings share."""
