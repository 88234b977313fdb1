"""A home whose AWS files say all that could lead a client astray."""

from pathlib import Path

# Nothing answers there.
ELSEWHERE = "http://127.0.0.1:9"

_CONFIG = f"""
[default]
region = eu-west-1
endpoint_url = {ELSEWHERE}
ignore_configured_endpoint_urls = true
use_fips_endpoint = true
use_dualstack_endpoint = true
ca_bundle = /nowhere
retry_mode = adaptive
max_attempts = 9
defaults_mode = mobile
parameter_validation = false
tcp_keepalive = true
inject_host_prefix = false
cli_timestamp_format = iso8601
csm_enabled = true
csm_port = 9
credential_process = false
sso_session = work
sso_account_id = 123456789012
sso_role_name = student
role_arn = arn:aws:iam::123456789012:role/student
source_profile = default
metadata_service_num_attempts = 9
request_min_compression_size_bytes = 9
sigv4a_signing_region_set = eu-west-1
sdk_ua_app_id = work
account_id_endpoint_mode = required
auth_scheme_preference = httpBearerAuth
services = mine
s3 =
    addressing_style = path

[profile nobody]
region = eu-west-1
ignore_configured_endpoint_urls = true

[services mine]
kinesis =
    endpoint_url = {ELSEWHERE}

[sso-session work]
sso_start_url = {ELSEWHERE}
sso_region = eu-west-1
"""
_CREDENTIALS = """
[default]
aws_access_key_id = hers
aws_secret_access_key = hers
aws_session_token = hers
"""


def write_aws_files(home: Path) -> Path:
    """Write such files into a home, and return it."""
    folder = home / ".aws"
    folder.mkdir(parents=True)
    (folder / "config").write_text(_CONFIG, "utf-8")
    (folder / "credentials").write_text(_CREDENTIALS, "utf-8")
    return home
