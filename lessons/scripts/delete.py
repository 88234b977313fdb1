"""Deletes a group, in a process of its own: its coordinator is asked, too."""

import json
import os
import sys

from confluent_kafka.admin import AdminClient

(name,) = sys.argv[1:]
admin = AdminClient(json.loads(os.environ["CONNECTION"]))
admin.delete_consumer_groups([name])[name].result()
