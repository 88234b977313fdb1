"""What of an admin client's deletions counts as left."""

from concurrent.futures import Future

import pytest
from confluent_kafka import KafkaError, KafkaException

from helpers.kafka import topics


def failed(code: int) -> "Future[None]":
    asked: Future[None] = Future()
    asked.set_exception(KafkaException(KafkaError(code)))
    return asked


def test_what_is_refused_or_not_answered_is_left_and_what_is_gone_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(topics, "ASK_SECONDS", 0)
    done: Future[None] = Future()
    done.set_result(None)
    left = topics.refused(
        {
            "deleted": done,
            "gone": failed(KafkaError.UNKNOWN_TOPIC_OR_PART),
            "no group": failed(KafkaError.GROUP_ID_NOT_FOUND),
            "forbidden": failed(KafkaError.TOPIC_AUTHORIZATION_FAILED),
            "in use": failed(KafkaError.NON_EMPTY_GROUP),
            "silent": Future(),
        }
    )
    assert list(left) == ["forbidden", "in use", "silent"]
    assert str(left["silent"]) == "No answer came in time."
