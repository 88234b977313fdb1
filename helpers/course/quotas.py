"""AWS's quotas for the Kinesis clients of a lesson, labelled as the course's own."""

from helpers.inputs import InputError
from helpers.kinesis.governor import Governor, is_aws
from helpers.kinesis.quotas import WRITE_RECORDS_PER_SECOND
from helpers.kinesis.shards import KinesisClient
from helpers.wording import shown


def apply(governor: Governor, client: KinesisClient, writes: float) -> str:
    """Apply the quotas to a client, and return what is true from now on.

    Args:
        governor: counts for all clients of a lesson.
        client: a Kinesis client of boto3; one that speaks to AWS is left alone.
        writes: the part of AWS's write rates that a shard gets.

    Raises:
        InputError: that is no client of Kinesis, or no such part.
    """
    if not _is_kinesis(client):
        raise InputError(
            'apply_quotas takes a client of Kinesis, such as boto3.client("kinesis"), '
            f"not {shown(client)}."
        )
    if not _fits(writes):
        raise InputError(
            "apply_quotas takes for writes a part of AWS's rates, above 0.001 up to 1, "
            f"not {shown(writes)}."
        )
    if is_aws(client):
        return "This client speaks to AWS, which applies its own quotas."
    governor.share_writes(float(writes))
    governor.govern(client)
    return _label(float(writes))


def _is_kinesis(client: KinesisClient) -> bool:
    meta = getattr(client, "meta", None)
    model = getattr(meta, "service_model", None)
    return getattr(model, "service_name", None) == "kinesis"


def _fits(writes: float) -> bool:
    """Tell whether at least one record a second is left of the rate."""
    return 1 / WRITE_RECORDS_PER_SECOND < writes <= 1


def _label(writes: float) -> str:
    part = "AWS's limits" if writes == 1 else f"{writes:g} of AWS's write limits"
    rate = f"{WRITE_RECORDS_PER_SECOND * writes:,.0f} records and {writes:g} MB a second"
    return (
        f"Applied by this course, inside your client: {part}, {rate} into each shard. "
        "The endpoint here has none of its own."
    )
