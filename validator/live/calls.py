"""The calls themselves: who makes them, all pages of their answers, each made once for all that need it."""

# ruff: noqa: PLC0415 boto3, and all else that only calls need, is imported where a call is to be made

import json
import threading
from collections.abc import Callable, Container, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTimeError
from dataclasses import dataclass, field
from io import BytesIO
from itertools import islice
from typing import Any
from xml.etree.ElementTree import ParseError, iterparse

from validator.document import Value
from validator.environment import operations
from validator.environment.plan import Read
from validator.live.answers import plain
from validator.live.clock import LATE, Clock
from validator.live.faults import StrangeAnswerError, fault
from validator.live.outcome import Fault, FaultError

CONNECT_SECONDS = 5
READ_SECONDS = 20
# Of how much of an answer is looked at: things, pages, and bytes.
MOST_ITEMS = 100_000
MOST_PAGES = 1_000
MOST_BYTES = 200_000_000
_LONGEST_PAUSE = 20.0
_REQUEST_IDS = frozenset({"x-amz-request-id", "x-amzn-requestid"})


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who asks, and where.

    Attributes:
        endpoint: Where to ask instead of at AWS; empty for AWS.
    """

    profile: str = ""
    role: str = ""
    external_id: str = ""
    session_name: str = ""
    endpoint: str = ""


@dataclass(slots=True)
class _Made:
    """One call, made or being made."""

    started: float
    answer: "Future[Value]" = field(default_factory=Future)


class _Size(threading.local):
    """How large the answer is that a thread is being given."""

    pages = 0
    bytes = 0


_SIZE = _Size()


class Aws:
    """AWS as one target sees it in one region. Only operations that read are called, whatever is asked for."""

    def __init__(
        self, client: Callable[[str], Any], clock: Clock, *, passes: int = 3, allowed: Container[str] = ()
    ) -> None:
        """Take what makes clients.

        Args:
            client: Makes the client of a service; asked by one thread at a time, as boto3 needs it.
            clock: What time there is.
            passes: How often to ask before a fault that may pass counts; each time boto3 asks several times itself.
            allowed: Operations, as `service.operation`, that give back secrets and may be called.
        """
        self._make = client
        self._clock = clock
        self._passes = passes
        self._allowed = allowed
        self._clients: dict[str, Any] = {}
        self._reads: dict[tuple[str, str, str], _Made] = {}
        self._making = threading.Lock()
        self._reading = threading.Lock()

    def read(
        self,
        service: str,
        operation: str,
        parameters: Mapping[str, Value] | None = None,
        *,
        since: float = float("-inf"),
    ) -> Value:
        """Give the answer to a call, all pages of it; it is made if it has not been made since a time.

        Raises:
            FaultError: There is none.
        """
        given = dict(parameters or {})
        key = (service, operation, json.dumps(given, sort_keys=True))
        with self._reading:
            known = self._reads.get(key)
            mine = known is None or known.started < since
            if known is None or mine:
                known = self._reads[key] = _Made(self._clock.now())
        if mine:
            try:
                known.answer.set_result(self._asked(service, operation, given))
            except FaultError as error:
                known.answer.set_exception(error)
            except Exception as error:  # noqa: BLE001  # those who wait for the answer must not wait for ever
                reason = f"{type(error).__name__} while {service}.{operation} was read; please report it"
                known.answer.set_exception(FaultError(Fault("environment-internal", reason)))
        try:
            return known.answer.result(self._clock.left)
        except FaultError as error:
            raise FaultError(error.fault) from None
        except NotInTimeError:
            raise FaultError(LATE) from None

    def _asked(self, service: str, operation: str, parameters: dict[str, Value]) -> Value:
        access = operations.access(service, operation, parameters)
        if access == "other" or (access == "secret" and f"{service}.{operation}" not in self._allowed):
            why = "gives back secrets" if access == "secret" else "may do more than read"
            raise FaultError(Fault("environment-refused", f"{service}.{operation} is not called, since it {why}"))
        client = self.client(service)
        found: Fault | None = None
        for number in range(self._passes):
            if found is not None:
                self._clock.pause(min(2.0**number, _LONGEST_PAUSE))
            self._clock.check()
            try:
                return _answer(client, operation, parameters)
            except FaultError:
                raise
            except Exception as error:  # noqa: BLE001  # whatever answers at an endpoint, or does not
                type_ = str(parameters.get("TypeName", "")) if service == "cloudcontrol" else ""
                found = fault(error, client, Read(service, operation, parameters, type_))
                if not found.passing:
                    break
        assert found is not None
        raise FaultError(found)

    def client(self, service: str) -> Any:
        """Give the client of a service.

        Raises:
            FaultError: There is none.
        """
        with self._making:
            if service not in self._clients:
                try:
                    self._clients[service] = self._make(service)
                except FaultError as error:
                    self._clients[service] = error.fault
            found = self._clients[service]
        if isinstance(found, Fault):
            raise FaultError(found)
        return found


class ConnectError(ValueError):
    """A profile, region or endpoint that nothing can be asked with."""


def connect(who: Credentials, region: str, workers: int, *, patience: float = READ_SECONDS) -> Callable[[str], Any]:
    """Prepare for calls; nothing is called before the first client is made, and then only if a role is to be assumed.

    Args:
        who: Who asks.
        region: Where.
        workers: How many calls there may be at a time.
        patience: The seconds to wait for an answer to go on.

    Raises:
        ConnectError: There is no such profile, or no region or endpoint can be called so.
    """
    import boto3
    from botocore import exceptions as known
    from botocore.config import Config

    # How often standard retries are made is the user's to set, by AWS_MAX_ATTEMPTS or in the profile.
    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=patience,
        retries={"mode": "standard"},
        max_pool_connections=max(10, workers),
        user_agent_extra="stackproof",
    )
    try:
        session = boto3.Session(profile_name=who.profile or None, region_name=region)
    except known.ProfileNotFound:
        raise ConnectError(f"there is no profile {who.profile!r} in AWS's configuration") from None
    except known.ConfigParseError:
        raise ConnectError("AWS's own configuration file cannot be read") from None
    assumed: list[Any] = []

    def client(service: str) -> Any:
        if who.role and not assumed:
            assumed.append(_assumed(session, who, region, config))
        try:
            made = (*assumed, session)[0].client(service, endpoint_url=who.endpoint or None, config=config)
        except known.InvalidRegionError:
            raise FaultError(Fault("environment-refused", f"{region!r} cannot be the name of a region")) from None
        except (known.BotoCoreError, ValueError) as error:
            reason = f"there is no client of {service}: {type(error).__name__}"
            raise FaultError(Fault("environment-service-error", reason)) from None
        made.meta.events.register("before-parse", _look)
        return made

    return client


def default_region(profile: str) -> str:
    """Give the region that AWS's own configuration names; empty if it names none."""
    import boto3
    from botocore.exceptions import BotoCoreError

    try:
        return boto3.Session(profile_name=profile or None).region_name or ""
    except BotoCoreError:
        return ""


def _assumed(session: Any, who: Credentials, region: str, config: Any) -> Any:
    import boto3

    sts = session.client("sts", endpoint_url=who.endpoint or None, config=config)
    sts.meta.events.register("before-parse", _look)
    given = {"RoleArn": who.role, "RoleSessionName": who.session_name or "stackproof"}
    try:
        found = sts.assume_role(**given, **({"ExternalId": who.external_id} if who.external_id else {}))["Credentials"]
    except Exception as error:  # noqa: BLE001  # whatever answers at an endpoint, or does not
        reason = f"{who.role} cannot be assumed: {fault(error, sts, Read('sts', 'assume_role')).reason}"
        raise FaultError(Fault("environment-role-not-assumed", reason)) from None
    keys = (found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"])
    return boto3.Session(*keys, region_name=region)


def _answer(client: Any, operation: str, parameters: dict[str, Value]) -> Value:
    """Call, and put the pages of the answer together."""
    model = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[operation])
    _SIZE.pages = _SIZE.bytes = 0
    if client.can_paginate(operation):
        pages = client.get_paginator(operation).paginate(**parameters, PaginationConfig={"MaxItems": MOST_ITEMS})
        found = pages.build_full_result()
        if pages.resume_token is not None:
            raise _too_much(f"{operation} finds more than {MOST_ITEMS:,} things")
    else:
        found = _followed(getattr(client, operation), model, parameters)
    found.pop("ResponseMetadata", None)
    return plain(found, model.output_shape)


def _followed(call: Callable[..., Any], model: Any, parameters: dict[str, Value]) -> Any:
    """Call an operation that boto3 has no paginator for, and go on from page to page where it has pages."""
    found = call(**parameters)
    paged = "NextToken" in getattr(model.input_shape, "members", {}) and "NextToken" not in parameters
    seen: set[str] = set()
    while paged and (token := found.pop("NextToken", None)):
        if token in seen:
            raise _too_much("the pages of the answer have no end")
        seen.add(token)
        page = call(**parameters, NextToken=token)
        for name, value in page.items():
            found[name] = (
                found[name] + value if isinstance(found.get(name), list) and isinstance(value, list) else value
            )
    return found


def _look(response_dict: Any, operation_model: Any, **_: Any) -> None:
    """Refuse what botocore would read as an empty answer, though it is none of the service's, and what has no end."""
    body = response_dict.get("body")
    _SIZE.pages += 1
    _SIZE.bytes += len(body) if isinstance(body, bytes) else 0
    if _SIZE.pages > MOST_PAGES:
        raise _too_much(f"the answer has more than {MOST_PAGES:,} pages")
    if _SIZE.bytes > MOST_BYTES:
        raise _too_much(f"the answer has more than {MOST_BYTES // 1_000_000} MB")
    signed = any(name.lower() in _REQUEST_IDS for name in response_dict["headers"])
    status = response_dict["status_code"]
    if operation_model.http.get("method") == "HEAD" and status in {200, 403, 404}:
        # There is no more of it than the headers, and whether the thing is there hangs on the status alone.
        if not signed:
            raise StrangeAnswerError
        return
    shape = operation_model.output_shape
    if status >= 300 or not isinstance(body, bytes) or shape is None or (status == 204 and signed):
        return
    if all("location" in member.serialization for member in shape.members.values()):
        return
    if not _fits(body, operation_model, shape, signed=signed):
        raise StrangeAnswerError


def _fits(body: bytes, model: Any, shape: Any, *, signed: bool) -> bool:
    """Say whether a body can be an answer to an operation whose answers have one; `signed` if its headers are AWS's."""
    protocol = model.service_model.resolved_protocol
    payload = shape.members.get(shape.serialization.get("payload"))
    if payload is not None and payload.type_name in {"string", "blob"}:
        # The whole body is one member, whatever it holds.
        return bool(body) and _elements(body, 1) != ["html"]
    if protocol == "query":
        wrapper = shape.serialization.get("resultWrapper")
        wanted = [f"{model.name}Response", *([wrapper] if wrapper else [])]
        return _elements(body, len(wanted)) == wanted
    if protocol == "ec2":
        return _elements(body, 1) == [f"{model.name}Response"]
    if protocol == "rest-xml":
        # It does not say to which operation it answers.
        return signed and _elements(body, 1) not in ([], ["html"], ["Error"], ["ErrorResponse"])
    if protocol in {"json", "rest-json"}:
        try:
            found = json.loads(body)
        except (ValueError, RecursionError):
            return False
        return isinstance(found, dict) or payload is not None
    # In CBOR, what starts so is a map.
    return body[:1] >= b"\xa0" and body[:1] <= b"\xbf"


def _too_much(reason: str) -> FaultError:
    return FaultError(Fault("environment-too-many-pages", reason))


def _elements(body: bytes, most: int) -> list[str]:
    """Name the first elements of an XML text, without their namespaces, as many as asked for; none if it is not XML."""
    try:
        started = iterparse(BytesIO(body), events=("start",))  # noqa: S314  # no further than these
        return [str(element.tag).rpartition("}")[2] for _, element in islice(started, most)]
    except ParseError:
        return []
