"""Nothing of the student's own AWS settings leads a client away from the servers."""

import os
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import boto3
import pytest
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES
from botocore.session import Session

from helpers.lab.prepare import lab_environment
from helpers.servers.environment import (
    apply_to_this_process,
    check_this_process,
    client_environment,
)
from helpers.servers.errors import ServersError
from helpers.servers.interface import ClusterStatus, NodeStatus
from tests.aws_files import ELSEWHERE, write_aws_files
from tests.conftest import own_settings

HERE = "http://127.0.0.1:4567"
OTHERS = (
    "AWS_ACCESS_KEY_ID",
    "AWS_BEARER_TOKEN_KINESIS",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CREDENTIAL_FILE",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_KINESIS",
    "AWS_EXECUTION_ENV",
    "AWS_ROLE_ARN",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SECURITY_TOKEN",
    "AWS_SESSION_TOKEN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "BOTO_CONFIG",
    "BOTOCORE_EXPERIMENTAL__PLUGINS",
)
MODES = ("embedded", "compose")


def status_of(mode: str) -> ClusterStatus:
    return ClusterStatus(mode, (), (), NodeStatus("kinesis", 0, "running", 1, 4567, None))


@pytest.fixture
def hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Set every variable and write every setting that boto3 reads."""
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    names = [row[1] for row in BOTOCORE_DEFAUT_SESSION_VARIABLES.values()]
    known = [
        name for one in names for name in ([one] if isinstance(one, str) else one or ())
    ]
    # What points at files is left as it is: else those in the home would not be read.
    files = ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE")
    variables = dict.fromkeys({*known, *OTHERS}.difference(files), "true")
    variables["HOME"] = str(write_aws_files(tmp_path))
    with mock.patch.dict(os.environ, variables):
        yield


def resolved() -> dict[str, object]:
    """Return all that a client of this process would be made with."""
    session = Session()
    found = {n: session.get_config_variable(n) for n in BOTOCORE_DEFAUT_SESSION_VARIABLES}
    credentials = session.get_credentials()
    client = session.create_client("kinesis")
    config = {k: v for k, v in vars(client.meta.config).items() if k != "user_agent"}
    client.close()
    return {
        **found,
        "credentials": credentials.get_frozen_credentials(),
        "method": credentials.method,
        "profiles": session.full_config["profiles"],
        "endpoint": client.meta.endpoint_url,
        "config": str(config),
    }


@pytest.mark.parametrize("mode", MODES)
def test_a_client_is_made_as_if_there_were_no_aws_settings(
    hostile: None, tmp_path: Path, mode: str
) -> None:
    apply_to_this_process(status_of(mode))
    check_this_process(status_of(mode))
    among_others = resolved()
    assert among_others["endpoint"] == HERE
    with mock.patch.dict(os.environ, {"HOME": str(tmp_path / "empty")}):
        assert among_others == resolved()


@pytest.mark.parametrize("mode", MODES)
def test_no_variable_of_others_stays_in_a_process_or_in_a_lab(
    hostile: None, tmp_path: Path, mode: str
) -> None:
    status = status_of(mode)
    lab = lab_environment(own_settings(tmp_path), status)
    apply_to_this_process(status)
    for env in (lab, os.environ):
        left = {name for name in env if name.startswith(("AWS_", "BOTO"))}
        assert left == {n for n in client_environment(status) if n.startswith("AWS_")}


def test_of_jupyters_variables_the_port_alone_is_the_users(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("TOKEN", "TOKEN_FILE", "GATEWAY_URL", "PORT", "CONFIG_PATH"):
        monkeypatch.setenv(f"JUPYTER_{name}", "12345")
    monkeypatch.setenv("JUPYTERLAB_DIR", "/nowhere")
    lab = lab_environment(own_settings(tmp_path), status_of("embedded"))
    ours = {f"JUPYTER_{one}_DIR" for one in ("CONFIG", "DATA", "RUNTIME")}
    left = {name for name in lab if name.startswith("JUPYTER")}
    assert left == {*ours, "JUPYTERLAB_WORKSPACES_DIR", "JUPYTER_PORT"}


def test_a_session_made_before_is_forgotten(hostile: None) -> None:
    boto3.setup_default_session(profile_name="default", region_name="eu-west-1")
    apply_to_this_process(status_of("embedded"))
    client = boto3.client("kinesis")
    assert (client.meta.region_name, client.meta.endpoint_url) == ("us-east-1", HERE)
    client.close()


def test_attached_everything_stays_as_the_caller_has_it(hostile: None) -> None:
    boto3.setup_default_session(profile_name="default", region_name="eu-west-1")
    before = dict(os.environ), boto3.DEFAULT_SESSION
    apply_to_this_process(status_of("attached"))
    check_this_process(status_of("attached"))
    assert (dict(os.environ), boto3.DEFAULT_SESSION) == before


def test_a_client_that_asks_others_is_one_sentence(hostile: None, tmp_path: Path) -> None:
    apply_to_this_process(status_of("embedded"))
    with (
        mock.patch.dict(os.environ, {"AWS_ENDPOINT_URL_KINESIS": ELSEWHERE}),
        pytest.raises(ServersError, match=f"would ask {ELSEWHERE} here, and not {HERE}"),
    ):
        check_this_process(status_of("embedded"))
    model = tmp_path / "models" / "kinesis" / "2099-01-01" / "service-2.json"
    model.parent.mkdir(parents=True)
    model.write_text("{", "utf-8")
    boto3.DEFAULT_SESSION = None
    with (
        mock.patch.dict(os.environ, {"AWS_DATA_PATH": str(tmp_path / "models")}),
        pytest.raises(ServersError, match=r"would ask nothing \(JSONDecodeError"),
    ):
        check_this_process(status_of("embedded"))
