"""What a cluster asks of its clients, read from one file for all of them.

The file has librdkafka's names, or those of Kafka's Java clients where these mean the
same. From it come the settings of Python's clients and a file for Kafka's own tools.
"""

import re
from pathlib import Path

from helpers import files
from helpers.owned import STATE, claim
from helpers.servers.errors import ServersError
from helpers.settings import Settings

_SECRET = re.compile(r"password|secret|jaas|token|\.pem$")
_SHOWN_INSTEAD = "[hidden]"

_AS_THEY_ARE = {
    "security.protocol",
    "sasl.mechanisms",
    "sasl.username",
    "sasl.password",
    "ssl.ca.location",
    "ssl.ca.pem",
    "ssl.certificate.location",
    "ssl.key.location",
    "ssl.key.password",
    "ssl.endpoint.identification.algorithm",
    "client.id",
}
# What samples of cloud providers also hold; clients of the lessons choose their own.
_LEFT_OUT = {"bootstrap.servers", "session.timeout.ms", "acks", "client.dns.lookup"}
_MECHANISMS = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")
_PEM_FILES = {
    "ssl.truststore.location": ("ssl.ca.location",),
    "ssl.keystore.location": ("ssl.certificate.location", "ssl.key.location"),
}
_JAAS = re.compile(r'(username|password)\s*=\s*"((?:[^"\\]|\\.)*)"')
_LOGIN_MODULES = ("PlainLoginModule", "ScramLoginModule")


class Connection(dict[str, str]):
    """Settings of a client; whoever prints them does not see the secrets."""

    def __repr__(self) -> str:
        return repr(
            {
                key: _SHOWN_INSTEAD if _SECRET.search(key) else value
                for key, value in self.items()
            }
        )


def client_settings(file: Path) -> dict[str, str]:
    """Return a file's settings for librdkafka.

    Raises:
        ServersError: a setting cannot be used; the message names it, not its value.
    """
    given = _read(file)
    found: dict[str, str] = {}
    for key, value in given.items():
        found.update(_translated(file, key, value, given))
    mechanism = found.get("sasl.mechanisms", _MECHANISMS[0])
    if mechanism not in _MECHANISMS:
        raise ServersError(
            f"sasl.mechanisms of {file} is {mechanism}: the workbook knows "
            f"{', '.join(_MECHANISMS)}."
        )
    return found


def _translated(
    file: Path, key: str, value: str, given: dict[str, str]
) -> dict[str, str]:
    if key in _LEFT_OUT or key.endswith("store.type"):
        return {}
    if key == "sasl.mechanism":
        return {"sasl.mechanisms": value}
    if key == "ssl.endpoint.identification.algorithm":
        return {key: value or "none"}
    if key in _AS_THEY_ARE:
        return {key: value}
    if key == "sasl.jaas.config":
        return _of_jaas(file, value)
    kind = given.get(key.replace("location", "type"), "").upper()
    if key in _PEM_FILES and kind == "PEM":
        return dict.fromkeys(_PEM_FILES[key], value)
    if key.startswith(("ssl.truststore.", "ssl.keystore.")):
        raise ServersError(
            f"{key} of {file} is for Java alone: give the certificates as PEM files, by "
            "ssl.ca.location (and ssl.certificate.location, ssl.key.location)."
        )
    raise ServersError(f"The workbook does not know {key} of {file}: remove that line.")


def _of_jaas(file: Path, value: str) -> dict[str, str]:
    found = {key: re.sub(r"\\(.)", r"\1", text) for key, text in _JAAS.findall(value)}
    known = any(module in value for module in _LOGIN_MODULES)
    if not known or set(found) != {"username", "password"}:
        raise ServersError(
            f"sasl.jaas.config of {file} is none of a user name and a password: give "
            "sasl.username and sasl.password in its place."
        )
    return {f"sasl.{key}": text for key, text in found.items()}


def _read(file: Path) -> dict[str, str]:
    """Return the lines of a properties file; a backslash goes on in the next line."""
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ServersError(
            f"{file} cannot be read ({error}): WORKBOOK_CLIENT_PROPERTIES must name a "
            "text file with lines of name=value."
        ) from error
    lines = re.sub(r"\\\r?\n\s*", "", text).splitlines()
    told = (line.strip() for line in lines)
    pairs = (line.partition("=") for line in told if line and line[0] not in "#!")
    return {key.strip(): value.strip() for key, _, value in pairs}


def java_file(settings: Settings, file: Path) -> Path:
    """Write the same settings for Kafka's own tools; only their owner may read them.

    Raises:
        ServersError: a setting cannot be used, or the file cannot be written.
    """
    lines = [
        f"{key}={_escaped(value)}\n"
        for key, value in java_settings(client_settings(file)).items()
    ]
    target = settings.state_dir / "attached" / "tools.properties"
    try:
        claim(settings.state_dir, STATE)
        target.parent.mkdir(mode=0o700, exist_ok=True)
        files.write(target, "".join(lines), mode=0o600)
    except OSError as error:
        raise ServersError(f"{target} cannot be written: {error}.") from error
    return target


def java_settings(found: dict[str, str]) -> dict[str, str]:
    """Return librdkafka's settings under the names of Kafka's Java clients."""
    same = ("security.protocol", "ssl.key.password", "client.id")
    made = {key: found[key] for key in same if key in found}
    if "security.protocol" in made:
        made["security.protocol"] = made["security.protocol"].upper()
    return {**made, **_java_login(found), **_java_trust(found), **_java_own(found)}


def _java_login(found: dict[str, str]) -> dict[str, str]:
    if "sasl.username" not in found:
        return {}
    mechanism = found.get("sasl.mechanisms", _MECHANISMS[0])
    plain = mechanism == _MECHANISMS[0]
    module = "plain.PlainLoginModule" if plain else "scram.ScramLoginModule"
    user, password = (
        re.sub(r'(["\\])', r"\\\1", found.get(key, ""))
        for key in ("sasl.username", "sasl.password")
    )
    jaas = (
        f"org.apache.kafka.common.security.{module} required "
        f'username="{user}" password="{password}";'
    )
    return {"sasl.mechanism": mechanism, "sasl.jaas.config": jaas}


def _java_trust(found: dict[str, str]) -> dict[str, str]:
    made = {}
    algorithm = found.get("ssl.endpoint.identification.algorithm")
    if algorithm is not None:
        key = "ssl.endpoint.identification.algorithm"
        made[key] = "" if algorithm == "none" else algorithm
    if "ssl.ca.location" in found:
        made["ssl.truststore.location"] = found["ssl.ca.location"]
    if "ssl.ca.pem" in found:
        made["ssl.truststore.certificates"] = found["ssl.ca.pem"]
    if {"ssl.ca.location", "ssl.ca.pem"} & set(found):
        made["ssl.truststore.type"] = "PEM"
    return made


def _java_own(found: dict[str, str]) -> dict[str, str]:
    files = [found.get(f"ssl.{one}.location") for one in ("certificate", "key")]
    if None in files:
        return {}
    chain, key = (Path(str(file)).expanduser().read_text("utf-8") for file in files)
    return {
        "ssl.keystore.type": "PEM",
        "ssl.keystore.certificate.chain": chain,
        "ssl.keystore.key": key,
    }


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\n", "\\n")
