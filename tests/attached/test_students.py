"""Two students on one set of servers, and what neither of them may do."""

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from helpers import views
from helpers.course.syllabus import README
from helpers.servers import connect
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.servers.errors import ServersError
from helpers.servers.interface import Cluster
from helpers.waiting import wait_for
from tests.attached.conftest import Student
from tests.attached.test_lessons import names_left
from tests.servers import clients, scenarios
from tests.servers.scenarios import Text

# Longer than any question of ours may take, with a slow machine's start.
BOUND = 60

BEGIN = """
import sys
import boto3
from confluent_kafka import Consumer, Producer
from confluent_kafka.admin import AdminClient, NewTopic
from helpers import begin

lesson = begin("00_welcome")
topic = lesson.topic("flights")
admin = AdminClient(lesson.connection)
admin.create_topics([NewTopic(topic, 1, 3)])[topic].result()
producer = Producer(lesson.connection)
producer.produce(topic, b"one")
assert producer.flush(20) == 0
group = {"group.id": lesson.group("readers"), "auto.offset.reset": "earliest"}
consumer = Consumer({**lesson.connection, **group})
consumer.subscribe([topic])
assert consumer.poll(20).value() == b"one"
consumer.commit(asynchronous=False)
consumer.close()
boto3.client("kinesis").create_stream(StreamName=lesson.stream("s"), ShardCount=1)
print("made", lesson.suffix, flush=True)
"""
THEN_CLEAN_UP = "sys.stdin.readline()\nlesson.clean_up()\n"


@contextmanager
def running(student: Student, code: str) -> Iterator["subprocess.Popen[str]"]:
    """Run a student's program, and end it with the block."""
    command = [sys.executable, "-c", code]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, env=student.env, stdin=pipe, stdout=pipe, stderr=pipe, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def made(process: "subprocess.Popen[str]") -> str:
    """Return the suffix of a student's run, once all of it is there."""
    assert process.stdout is not None
    assert process.stderr is not None
    for line in iter(process.stdout.readline, ""):
        if line.startswith("made"):
            return line.split()[1]
    raise AssertionError(process.stderr.read())


def finish(process: "subprocess.Popen[str]") -> str:
    told, complaint = process.communicate("\n", timeout=BOUND)
    assert process.returncode == 0, complaint
    return told


def test_two_students_at_once_touch_only_their_own(
    cluster: EmbeddedCluster, student: Callable[..., Student]
) -> None:
    anna, ben = student("anna"), student("ben")
    code = BEGIN + THEN_CLEAN_UP
    with running(anna, code) as one, running(ben, code) as other:
        first, second = made(one), made(other)
        hers = {f"anna.{base}{first}" for base in ("flights", "readers", "s")}
        his = {f"ben.{base}{second}" for base in ("flights", "readers", "s")}
        assert names_left(cluster, "anna.") == hers
        assert names_left(cluster, "ben.") == his
        finish(one)
        wait_for(lambda: not names_left(cluster, "anna."), 30, "the end of her names")
        assert names_left(cluster, "ben.") == his
        finish(other)
        wait_for(lambda: not names_left(cluster, "ben."), 30, "the end of his names")


def test_the_readmes_lines_delete_the_streams_of_one_student(
    cluster: EmbeddedCluster, student: Callable[..., Student]
) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    # As who speaks to AWS has them; the course gives them where they are missing.
    own = ("AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    anna = student("anna", **dict.fromkeys(own, "us-east-1"))
    hers, others = "anna.s-7f3a", "annabel.s-7f3a"
    for name in (hers, others):
        clients.kinesis_round_trip(cluster.status().kinesis_endpoint, name, b"data")
    run(anna, code)
    wait_for(lambda: not names_left(cluster, hers), 30, "the end of her stream")
    assert names_left(cluster, others) == {others}
    run(anna, code.replace("anna.", "annabel."))
    wait_for(lambda: not names_left(cluster, others), 30, "the end of the other")


def test_what_a_dead_run_left_goes_with_the_next_and_nothing_else(
    cluster: EmbeddedCluster, student: Callable[..., Student]
) -> None:
    anna, ben = student("anna"), student("ben")
    with running(anna, BEGIN) as one, running(ben, BEGIN) as other:
        first, _ = made(one), made(other)
    hers = names_left(cluster, "anna.")
    # Ben's state folder now claims the end of Anna's names, and the end of all names.
    runs = ben.settings.runs_dir
    (runs / f"00_welcome{first}.json").write_text("{}", "utf-8")
    (runs / "00_welcome-.json").write_text("{}", "utf-8")
    run(ben, BEGIN + THEN_CLEAN_UP)
    wait_for(lambda: not names_left(cluster, "ben."), 30, "the end of his names")
    assert names_left(cluster, "anna.") == hers
    run(anna, BEGIN + THEN_CLEAN_UP)
    wait_for(lambda: not names_left(cluster, "anna."), 30, "the end of her names")


def test_what_a_dead_run_left_on_a_silent_kinesis_goes_when_it_answers_again(
    cluster: EmbeddedCluster, student: Callable[..., Student]
) -> None:
    anna = student("anna")
    without = student("anna", AWS_ENDPOINT_URL_KINESIS="http://127.0.0.1:9")
    with running(anna, BEGIN) as process:
        suffix = made(process)
    stream = f"anna.s{suffix}"
    record = anna.settings.runs_dir / f"00_welcome{suffix}.json"
    told = run(without, "from helpers import begin\nbegin('00_welcome')\n")
    assert "Kinesis at http://127.0.0.1:9 cannot be asked (it did not answer just" in told
    assert f"may still be there: {stream}. On AWS each costs money" in told
    assert "Ready: 3 brokers answer." in told
    wait_for(
        lambda: names_left(cluster, "anna.") <= {stream}, 30, "the end of the others"
    )
    assert names_left(cluster, "anna.") == {stream}
    assert record.exists()
    run(anna, "from helpers import begin\nbegin('00_welcome')\n")
    assert not record.exists()
    wait_for(lambda: not names_left(cluster, "anna."), 30, "the end of her stream")


def run(student: Student, code: str) -> str:
    with running(student, code) as process:
        return finish(process)


@pytest.mark.parametrize("command", ["down", "reset", "broker kill 1", "kinesis stop"])
def test_what_is_not_the_students_is_refused_in_one_sentence(
    cluster: EmbeddedCluster, student: Callable[..., Student], command: str
) -> None:
    before = [node.pid for node in cluster.status().nodes]
    told = scenarios.complaint(workbook(student("anna"), *command.split()))
    assert "only whoever runs them can" in told
    assert [node.pid for node in cluster.status().nodes] == before


def workbook(student: Student, *arguments: str) -> Text:
    return subprocess.run(
        [scenarios.WORKBOOK, *arguments],
        env=student.env,
        capture_output=True,
        text=True,
        timeout=BOUND,
        check=False,
    )


def test_files_are_out_of_reach(student: Callable[..., Student]) -> None:
    attached = connect(student("anna").settings)
    assert attached.abilities == frozenset()
    looks: list[Callable[[Cluster], object]] = [
        lambda one: one.partition_dir("t", 0, 1),
        lambda one: one.segment_files("t", 0, 1),
        lambda one: one.read_segment("t", 0, 1, "x"),
        lambda one: one.replica_folders(1),
    ]
    for look in looks:
        with pytest.raises(ServersError, match="cannot open the files of broker 1: only"):
            look(attached)


def test_status_doctor_and_up_say_where_one_is(
    cluster: EmbeddedCluster, student: Callable[..., Student]
) -> None:
    anna, status = student("anna"), cluster.status()
    for command in ("up", "status", "doctor"):
        told = workbook(anna, command)
        assert told.returncode == 0, told.stdout + told.stderr
        assert f"Attached to {status.bootstrap_servers}" in told.stdout
        assert "your names begin with 'anna.'" in told.stdout
    assert f"broker 3        running   {status.brokers[2].address}" in (
        workbook(anna, "status").stdout
    )


def test_the_board_shows_the_nodes_and_has_no_buttons(
    cluster: EmbeddedCluster, student: Callable[..., Student]
) -> None:
    wanted = [broker.address for broker in cluster.status().brokers]
    wanted.append("4 of 4 nodes run")
    board = views.nodes(connect(student("anna").settings))
    try:
        # Its first look may be one that a busy machine answers late.
        wait_for(
            lambda: all(str(one) in board.text() for one in wanted),
            30,
            "all nodes on the board",
        )
        assert all(len(one.widget.children) == 1 for one in board.cards.values())
    finally:
        board.stop()


def test_a_stray_variable_attaches_nobody(student: Callable[..., Student]) -> None:
    anna = student("anna", WORKBOOK_MODE="")
    told = workbook(anna, "status")
    assert "broker 1        stopped" in told.stdout
    assert "Attached" not in told.stdout


@pytest.mark.parametrize(
    ("properties", "more", "says"),
    [
        ("", {"KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:9"}, "KAFKA_BOOTSTRAP_SERVERS"),
        ("", {"KAFKA_BOOTSTRAP_SERVERS": "nobody.invalid:9092"}, "BOOTSTRAP_SERVERS"),
        ("security.protocol=SSL", {}, "security.protocol"),
        (
            "security.protocol=SASL_PLAINTEXT\nsasl.mechanisms=PLAIN\n"
            "sasl.username=anna\nsasl.password=opensesame",
            {},
            "WORKBOOK_CLIENT_PROPERTIES",
        ),
        ("security.protocol=nonsense", {}, "refuses its settings"),
        ("frobnicate=1", {}, "does not know frobnicate"),
    ],
    ids=["refused", "unknown", "tls", "sasl", "nonsense", "foreign"],
)
def test_servers_that_do_not_let_one_in_are_one_sentence_soon(
    student: Callable[..., Student],
    tmp_path: Path,
    properties: str,
    more: dict[str, str],
    says: str,
) -> None:
    file = tmp_path / "client.properties"
    file.write_text(properties, "utf-8")
    anna = student("anna", WORKBOOK_CLIENT_PROPERTIES=str(file), **more)
    begin = time.monotonic()
    told = scenarios.complaint(workbook(anna, "up"))
    assert time.monotonic() - begin < BOUND
    assert says in told
    assert "opensesame" not in told


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:9", "http://127.0.0.1:99999", "http://[::1"]
)
def test_a_kinesis_that_cannot_be_asked_is_told_and_kafka_goes_on(
    student: Callable[..., Student], address: str
) -> None:
    told = workbook(student("anna", AWS_ENDPOINT_URL_KINESIS=address), "up")
    assert told.returncode == 0, told.stderr
    assert "broker 1        running" in told.stdout
    assert f"Kinesis at {address} cannot be used" in told.stdout


def test_aws_without_a_region_is_told_by_the_name_that_boto3_reads(
    student: Callable[..., Student],
) -> None:
    told = workbook(student("anna", AWS_ENDPOINT_URL_KINESIS=""), "up")
    assert told.returncode == 0, told.stderr
    assert "Kinesis at AWS cannot be used (You must specify a region)" in told.stdout
    assert "AWS_DEFAULT_REGION" in told.stdout


def test_kafkas_tools_take_the_properties_along(
    student: Callable[..., Student], tmp_path: Path, cluster: EmbeddedCluster
) -> None:
    file = tmp_path / "client.properties"
    file.write_text("security.protocol=PLAINTEXT\nclient.id=by-the-file\n", "utf-8")
    anna = student("anna", WORKBOOK_CLIENT_PROPERTIES=str(file))
    at = ("--bootstrap-server", cluster.status().bootstrap_servers or "")
    for name, *rest in (
        ("kafka-topics", *at, "--list"),
        ("kafka-metadata-quorum", *at, "describe", "--status"),
        ("kafka-groups", *at, "--list"),
    ):
        tool = str(Path(sys.executable).with_name(name))
        told = subprocess.run(
            [tool, *rest],
            env=anna.env,
            capture_output=True,
            text=True,
            timeout=BOUND,
            check=False,
        )
        assert told.returncode == 0, told.stderr
    file.write_text("security.protocol=NONSENSE\n", "utf-8")
    told = subprocess.run(
        [str(Path(sys.executable).with_name("kafka-topics")), *at, "--list"],
        env=anna.env,
        capture_output=True,
        text=True,
        timeout=BOUND,
        check=False,
    )
    assert told.returncode == 1
    assert "NONSENSE" in told.stdout + told.stderr, "the file was not read"


def test_aws_itself_keeps_the_callers_own_variables(
    student: Callable[..., Student],
) -> None:
    code = """
import os
from helpers.servers.environment import apply_to_this_process
from helpers.servers.interface import ClusterStatus, NodeStatus
kinesis = NodeStatus("kinesis", 0, "running", None, 443, None, "aws.example.com")
before = dict(os.environ)
apply_to_this_process(ClusterStatus("attached", (), (), kinesis))
assert dict(os.environ) == before
"""
    own = {"AWS_PROFILE": "anna", "AWS_SESSION_TOKEN": "hers"}
    anna = student("anna", **own)
    env = {k: v for k, v in anna.env.items() if k != "AWS_ENDPOINT_URL_KINESIS"}
    subprocess.run([sys.executable, "-c", code], env=env, check=True, timeout=BOUND)
