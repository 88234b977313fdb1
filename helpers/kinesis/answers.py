"""Answers in Kinesis's own form, for a client that shall take them for the endpoint's."""

import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse

_TYPE = {"Content-Type": "application/x-amz-json-1.1"}
OURS = "(AWS's limit, applied by this course: the endpoint here has none.)"
"""What ends each message that is ours and not the endpoint's."""


class _Raw(io.BytesIO):
    """A body as urllib3 would give it."""

    def stream(self, *_: object, **__: object) -> Iterator[bytes]:
        yield self.read()


def answer(request: AWSPreparedRequest, body: Mapping[str, Any]) -> AWSResponse:
    """Return an answer that everything went well."""
    return _response(request, 200, body)


def refusal(request: AWSPreparedRequest, code: str, message: str) -> AWSResponse:
    """Return an answer that a client library raises as an error.

    Args:
        request: what is answered.
        code: the name of AWS's exception.
        message: a sentence; that it is ours is added.
    """
    body = {"__type": code, "message": f"{message} {OURS}"}
    return _response(request, 400, body)


def _response(
    request: AWSPreparedRequest, status: int, body: Mapping[str, Any]
) -> AWSResponse:
    raw = _Raw(json.dumps(body).encode())
    return AWSResponse(request.url, status, _TYPE, raw)
