"""Tells the passengers of a flight: it takes a moment, and writes a line to a file."""

import time

from lessons.scripts.batches import place


def tell(message):
    time.sleep(0.003)
    with open(place, "a") as file:
        file.write(message.key().decode() + "\n")
