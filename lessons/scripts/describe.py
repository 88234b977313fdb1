"""Asks the coordinator of a group who is in it, and which partitions each member has."""

import json
import os
import sys

from confluent_kafka.admin import AdminClient

(name,) = sys.argv[1:]
admin = AdminClient(json.loads(os.environ["CONNECTION"]))
asked = admin.describe_consumer_groups([name], request_timeout=3)
group = asked[name].result(timeout=5)
held = {one.client_id: one.assignment.topic_partitions for one in group.members}
members = {name: [one.partition for one in held[name]] for name in sorted(held)}
told = {"state": group.state.name, "coordinator": group.coordinator.id}
print(json.dumps({**told, "members": members}))
