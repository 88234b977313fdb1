"""Makes a topic anew, so that you can run a cell again."""

from confluent_kafka.admin import AdminClient, NewTopic


def creator(lesson):
    admin = AdminClient(lesson.connection)

    def create(base, partitions=1, replicas=3, **config):
        name = lesson.topic(base)
        admin.delete_topics([name])[name].exception()  # only says: it was not there
        lesson.wait_for_topic(name, partitions=0)  # until no broker knows it
        settings = {key.replace("_", "."): str(value) for key, value in config.items()}
        new = NewTopic(name, partitions, replicas, config=settings)
        admin.create_topics([new])[name].result()
        lesson.wait_for_topic(name, partitions)  # until every broker knows it
        return name

    return create
