"""The calls themselves."""

# ruff: noqa: PLC0415 boto3, and all else that only calls need, is imported where a call is to be made

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from validator.online.questions import Operation, Reply, Request

_CONNECT_SECONDS = 5
_READ_SECONDS = 20
_SERVICES: Mapping[Operation, str] = {"ValidateTemplate": "cloudformation", "ValidatePolicy": "accessanalyzer"}
_REJECTED = frozenset({
    "ExpiredToken", "ExpiredTokenException", "IncompleteSignature", "InvalidClientTokenId", "InvalidSignatureException",
    "MissingAuthenticationToken", "SignatureDoesNotMatch", "UnrecognizedClientException",
})  # fmt: skip
_DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "NotAuthorized"})
_THROTTLED = ("throttl", "toomanyrequests", "requestlimitexceeded", "slowdown")
# What is wrong with a request itself, so that AWS may well take the next one.
_OF_ONE_REQUEST = frozenset({"ValidationException", "RequestEntityTooLarge"})


class ConnectError(ValueError):
    """A region, profile or endpoint that nothing can be asked with."""


class Aws:
    """Both services, asked side by side; nothing is asked twice."""

    def __init__(self, clients: Mapping[str, Any], *, workers: int = 1, failure: str = "") -> None:
        """Take the clients of the services by name, or the reason why there are none."""
        self._clients = clients
        self._workers = workers
        self._failure = failure
        self._replies: dict[Request, Reply] = {}

    def send(self, requests: Sequence[Request]) -> Mapping[Request, Reply]:
        """Make the calls that have not been made before; one that fails has its reason for a reply."""
        for operation in _SERVICES:
            waiting = [one for one in requests if one.operation == operation and one not in self._replies]
            if waiting:
                self._replies |= zip(waiting, self._send(waiting), strict=True)
        return self._replies

    def _send(self, requests: Sequence[Request]) -> Iterable[Reply]:
        from concurrent.futures import ThreadPoolExecutor

        # The first goes ahead alone: what keeps all from being asked is waited for once, and is the same every time.
        first, general = self._call(requests[0])
        if general:
            return [first] * len(requests)
        pool = ThreadPoolExecutor(self._workers)
        try:
            return [first, *(reply for reply, _ in pool.map(self._call, requests[1:]))]
        finally:
            pool.shutdown(cancel_futures=True)

    def _call(self, request: Request) -> tuple[Reply, bool]:
        """Make a call; say too whether its failure is one that all calls of the service will meet."""
        if self._failure:
            return Reply(failure=self._failure), True
        client = self._clients[_SERVICES[request.operation]]
        try:
            return _ask(client, request), False
        except Exception as error:  # noqa: BLE001  # whatever answers at an endpoint, or does not
            reason, general = _failure(error, request.operation, str(client.meta.endpoint_url))
            return (Reply(failure=reason) if reason else Reply(refusal=_said(error) or "it does not say why")), general


def connect(region: str | None, profile: str | None, endpoint: str | None, *, workers: int) -> Aws:
    """Prepare for calls with the credentials that boto3 finds; this makes none.

    Raises:
        ConnectError: There is no such profile, or no region or endpoint can be called so.
    """
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ConfigParseError, InvalidRegionError, ProfileNotFound

    # How often standard retries are made is the user's to set, by AWS_MAX_ATTEMPTS or in the profile.
    config = Config(
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=_READ_SECONDS,
        retries={"mode": "standard"},
        max_pool_connections=max(10, workers),
    )
    try:
        session = boto3.Session(profile_name=profile, region_name=region)
        clients = {
            name: session.client(name, endpoint_url=endpoint, config=config) for name in sorted(_SERVICES.values())
        }
    except ProfileNotFound as error:
        raise ConnectError(f"there is no profile {error.kwargs['profile']!r} in AWS's configuration") from None
    except InvalidRegionError:
        raise ConnectError(f"{region!r} cannot be the name of a region") from None
    except ConfigParseError:
        raise ConnectError("AWS's own configuration file cannot be read") from None
    except BotoCoreError as error:
        return Aws({}, failure=_failure(error, "ValidateTemplate", "")[0])
    except ValueError:
        raise ConnectError(f"{endpoint!r} is no endpoint, expected a URL such as https://localhost:4566") from None
    return Aws(clients, workers=workers)


def _ask(client: Any, request: Request) -> Reply:
    arguments = dict(request.arguments)
    if request.operation == "ValidateTemplate":
        client.validate_template(**arguments)
        return Reply()
    pages = client.get_paginator("validate_policy").paginate(locale="EN", **arguments)
    return Reply(findings=tuple(finding for page in pages for finding in page["findings"]))


def _failure(error: Exception, operation: Operation, endpoint: str) -> tuple[str, bool]:
    """Say why there is no answer, and whether there will be none to any call; no reason if the error is the answer.

    None of the words are those of the error where it could hold credentials, as that of a rejected signature does.
    """
    from botocore import exceptions as known

    host = urlsplit(endpoint).hostname or endpoint
    if isinstance(error, known.ClientError):
        return _refused(error, operation, host)
    # The order matters: some of these are kinds of others.
    reasons: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...] = (
        ((known.NoCredentialsError, known.PartialCredentialsError), "there are no credentials for AWS"),
        (known.NoRegionError, "no region is set: give --region, or set AWS_REGION"),
        ((known.ConnectTimeoutError, known.ReadTimeoutError), f"{host} does not answer in time"),
        ((known.HTTPClientError, known.ConnectionError), f"{host} cannot be reached"),
        (known.BotoCoreError, f"AWS cannot be asked: {type(error).__name__}"),
    )
    for kinds, reason in reasons:
        if isinstance(error, kinds):
            return reason, True
    return f"{host} answers, but not as AWS does", False


def _refused(error: Any, operation: Operation, host: str) -> tuple[str, bool]:
    code = str(error.response.get("Error", {}).get("Code", ""))
    if operation == "ValidateTemplate" and code == "ValidationError":
        return "", False
    if code in _DENIED:
        return f"AWS denies {_SERVICES[operation].replace('accessanalyzer', 'access-analyzer')}:{operation}", True
    if code in _REJECTED:
        return f"AWS does not accept the credentials: {code}", True
    if any(word in code.lower() for word in _THROTTLED):
        return "AWS throttles the calls; ask again later, or with fewer --jobs", False
    if code in _OF_ONE_REQUEST:
        return f"AWS refuses the request: {_said(error)}", False
    # The code of an answer that is none of AWS's is the status alone, or missing.
    if not code or code.isdecimal():
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", code)
        return f"{host} answers with status {status}, not as AWS does", False
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    return f"AWS answers {code}", status < 500  # what is wrong with AWS may pass


def _said(error: Any) -> str:
    return str(error.response["Error"].get("Message", ""))
