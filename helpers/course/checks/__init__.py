"""The exercises of each lesson: what to look at on the servers, and what to say."""
