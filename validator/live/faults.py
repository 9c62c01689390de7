"""Why a call has no answer: what botocore raises, told apart."""

import re
from typing import Any
from urllib.parse import urlsplit

from validator.environment.plan import Read
from validator.environment.policy import needed
from validator.iam import actions
from validator.live.outcome import Fault
from validator.suggest import listed

_EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"})
_REJECTED = frozenset({
    "IncompleteSignature", "InvalidAccessKeyId", "InvalidSignatureException", "MissingAuthenticationToken",
    "MissingAuthenticationTokenException", "RequestInTheFuture", "RequestTimeTooSkewed", "SignatureDoesNotMatch",
})  # fmt: skip
# A region that is not enabled does not know the credentials.
_UNKNOWN = frozenset({"UnrecognizedClientException", "InvalidClientTokenId", "AuthFailure"})
_DISABLED = frozenset({"OptInRequired", "RegionDisabledException"})
_DENIED = frozenset({
    "AccessDenied", "AccessDeniedException", "AuthorizationError", "AuthorizationErrorException", "NotAuthorized",
    "UnauthorizedAccess", "UnauthorizedException", "UnauthorizedOperation", "Client.UnauthorizedOperation",
})  # fmt: skip
_THROTTLED = ("throttl", "toomanyrequests", "requestlimitexceeded", "slowdown", "bandwidthlimitexceeded")
_PASSING = frozenset({
    "InternalError", "InternalFailure", "InternalServerError", "InternalServiceError", "PriorRequestNotComplete",
    "RequestTimeout", "RequestTimeoutException", "ServiceUnavailable", "ServiceUnavailableException", "Unavailable",
})  # fmt: skip
_ACTION = re.compile(r"perform:? ([a-z0-9-]+:[A-Za-z0-9]+)")


class StrangeAnswerError(Exception):
    """An answer that is none of the service's."""


def fault(error: Exception, client: Any, read: Read) -> Fault:
    """Say why a call has no answer.

    None of the words are those of the error where it could hold credentials, as that of a rejected signature does.
    """
    from botocore import exceptions as known  # noqa: PLC0415  # where a call was made, it is there
    from botocore.parsers import ResponseParserError  # noqa: PLC0415

    host = urlsplit(str(client.meta.endpoint_url)).hostname or str(client.meta.endpoint_url)
    operation = f"{read.service}.{read.operation}"
    if isinstance(error, known.ClientError):
        return _refused(error, client, read, host)
    if isinstance(error, known.ParamValidationError):
        return Fault("environment-refused", f"{operation} cannot be called so: {_told(error)}")
    # The order matters: some of these are kinds of others.
    faults: tuple[tuple[type[Exception] | tuple[type[Exception], ...], Fault], ...] = (
        (
            (known.NoCredentialsError, known.PartialCredentialsError, known.CredentialRetrievalError),
            Fault("environment-no-credentials", "there are no credentials for AWS"),
        ),
        (
            (known.TokenRetrievalError, known.UnauthorizedSSOTokenError),
            Fault("environment-credentials-rejected", "the credentials have to be renewed: sign in again"),
        ),
        (
            (known.ConnectTimeoutError, known.ReadTimeoutError),
            Fault("environment-unreachable", f"{host} does not answer in time", passing=True),
        ),
        (
            (known.HTTPClientError, known.ConnectionError),
            Fault("environment-unreachable", f"{host} cannot be reached", passing=True),
        ),
        (
            (ResponseParserError, StrangeAnswerError, known.PaginationError),
            Fault("environment-bad-response", f"{host} answers, but not as AWS does", passing=True),
        ),
        (known.BotoCoreError, Fault("environment-service-error", f"AWS cannot be asked: {type(error).__name__}")),
    )
    for kinds, found in faults:
        if isinstance(error, kinds):
            return found
    return Fault("environment-internal", f"{type(error).__name__} while {operation} was read; please report it")


def _refused(error: Any, client: Any, read: Read, host: str) -> Fault:
    operation = f"{read.service}.{read.operation}"
    said = error.response.get("Error", {})
    code, message = str(said.get("Code", "")), str(said.get("Message", ""))
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    if code in _DENIED:
        why = ", by an explicit deny" if "explicit deny" in message else ""
        return Fault("environment-access-denied", f"AWS denies {_denied(read, message)}{why}", code)
    if code in _EXPIRED:
        return Fault("environment-credentials-rejected", "the credentials have expired", code)
    if code in _REJECTED:
        return Fault("environment-credentials-rejected", f"AWS does not accept the credentials: {code}", code)
    if code in _UNKNOWN:
        reason = f"AWS does not know the credentials in {client.meta.region_name}, or the region is not enabled: {code}"
        return Fault("environment-credentials-rejected", reason, code)
    if code in _DISABLED:
        return Fault("environment-region-disabled", f"{client.meta.region_name} is not enabled: {code}", code)
    if any(word in code.lower() for word in _THROTTLED):
        return Fault("environment-throttled", "AWS throttles the calls", code, passing=True)
    # The code of an answer that is none of AWS's is the status alone, or missing; and that of one without a body.
    if code == "403" and read.operation.startswith("head_"):
        return Fault("environment-access-denied", f"AWS denies {_denied(read)}, and gives no reason", code)
    if not code or code.isdecimal():
        reason = f"{host} answers with status {status or code}, not as AWS does"
        # What has headers only cannot say why it is refused: it may be a throttled call.
        return Fault("environment-bad-response", reason, code, passing=status >= 500 or status == 400)
    if status >= 500 or code in _PASSING:
        return Fault("environment-service-error", f"AWS answers {code}", code, passing=True)
    return Fault("environment-service-error", f"AWS refuses {operation}: {code}: {message}".rstrip(": "), code)


def _denied(read: Read, message: str = "") -> str:
    """Name the action that is denied: the one that AWS names, if there is such an action, or those that are needed."""
    named = _ACTION.search(message)
    if named and named[1].partition(":")[2] in actions.actions(named[1].partition(":")[0]):
        return named[1]
    found = needed(read)
    if not found or isinstance(found, str):
        return f"{read.service}.{read.operation}"
    return found[0] if len(found) == 1 else f"one of {listed(found)}"


def _told(error: Exception) -> str:
    """Give the lines of a complaint about parameters as one; it names them, and shows wrong ones' types."""
    lines = str(error).splitlines()
    return "; ".join(line.partition(", value:")[0] for line in lines[1:]) or lines[0]
