"""What to do about a failed download: the network is named only when it is that."""

import pytest

from helpers.install.remedies import NETWORK, remedy


@pytest.mark.parametrize(
    ("said", "helps"),
    [
        ("ERROR: Could not install: [Errno 28] No space left on device", "free space"),
        ("npm error code ENOSPC", "free space"),
        ("[Errno 122] Disk quota exceeded", "free space"),
        ("[Errno 30] Read-only file system: '/cache/tmp1'", "make that place writable"),
        ("npm error code EACCES", "make that place writable"),
        ("Missing dependencies for SOCKS support.", "unset ALL_PROXY"),
        ("Max retries exceeded (Caused by ProxyError('Cannot connect", "HTTPS_PROXY"),
        ("Failed to parse: 'a:b:c' is not a valid host or port", "HTTPS_PROXY"),
        ("407 Proxy Authentication Required", "HTTPS_PROXY"),
        ("Could not find a suitable TLS CA certificate bundle", "certificates"),
        ("npm error code SELF_SIGNED_CERT_IN_CHAIN", "certificates"),
        ("Retrying (Retry(total=4)) after connection broken by", NETWORK),
        ("HTTPSConnectionPool: Max retries exceeded with url", NETWORK),
        ("npm error network request to https://a failed, reason: ", NETWORK),
        ("getaddrinfo EAI_AGAIN: Temporary failure in name resolution", NETWORK),
        ("Failed to resolve 'a.example' ([Errno -2] Name or service not known", NETWORK),
        ("Read timed out.", NETWORK),
        ("ERROR: ResolutionImpossible: see dependency-resolution", "look"),
        ("No connection adapters were found for 'foo://x'", "look"),
        ("404 Client Error: Not Found for url: https://a/connect-api.jar", "look"),
        ("ERROR: Can not perform a '--user' install.", "look"),
    ],
)
def test_words_lead_to_what_helps(said: str, helps: str) -> None:
    assert helps in remedy(said, "look")
