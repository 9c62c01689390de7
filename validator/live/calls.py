"""The calls themselves: who makes them, all pages of their answers, each made once for all that need it."""

# ruff: noqa: PLC0415 boto3, and all else that only calls need, is imported where a call is to be made

import json
import threading
from collections.abc import Callable, Container, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTimeError
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError, iterparse

from validator.document import Value
from validator.environment import operations
from validator.live.answers import plain
from validator.live.clock import LATE, Clock
from validator.live.faults import StrangeAnswerError, fault
from validator.live.outcome import Fault, FaultError

CONNECT_SECONDS = 5
READ_SECONDS = 20
# What is found on more pages than give so many things is too much to look at.
MOST_ITEMS = 100_000
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
class _Read:
    """One call, made or being made."""

    started: float
    answer: "Future[Value]" = field(default_factory=Future)


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
        self._reads: dict[tuple[str, str, str], _Read] = {}
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
                known = self._reads[key] = _Read(self._clock.now())
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
                found = fault(error, client, f"{service}.{operation}")
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


def connect(who: Credentials, region: str, workers: int) -> Callable[[str], Any]:
    """Prepare for calls; nothing is called before the first client is made, and then only if a role is to be assumed.

    Raises:
        ConnectError: There is no such profile, or no region or endpoint can be called so.
    """
    import boto3
    from botocore import exceptions as known
    from botocore.config import Config

    # How often standard retries are made is the user's to set, by AWS_MAX_ATTEMPTS or in the profile.
    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
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
    given = {"RoleArn": who.role, "RoleSessionName": who.session_name or "stackproof"}
    try:
        found = sts.assume_role(**given, **({"ExternalId": who.external_id} if who.external_id else {}))["Credentials"]
    except Exception as error:  # noqa: BLE001  # whatever answers at an endpoint, or does not
        reason = f"{who.role} cannot be assumed: {fault(error, sts, 'assume_role').reason}"
        raise FaultError(Fault("environment-role-not-assumed", reason)) from None
    keys = (found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"])
    return boto3.Session(*keys, region_name=region)


def _answer(client: Any, operation: str, parameters: dict[str, Value]) -> Value:
    """Call, and put the pages of the answer together."""
    model = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[operation])
    if client.can_paginate(operation):
        pages = client.get_paginator(operation).paginate(**parameters, PaginationConfig={"MaxItems": MOST_ITEMS})
        found = pages.build_full_result()
        if pages.resume_token is not None:
            raise FaultError(Fault("environment-too-many-pages", f"{operation} finds more than {MOST_ITEMS:,} things"))
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
        if token in seen or len(seen) >= MOST_ITEMS // 100:
            raise FaultError(Fault("environment-too-many-pages", "the pages of the answer have no end"))
        seen.add(token)
        page = call(**parameters, NextToken=token)
        for name, value in page.items():
            found[name] = (
                found[name] + value if isinstance(found.get(name), list) and isinstance(value, list) else value
            )
    return found


def _look(response_dict: Any, operation_model: Any, **_: Any) -> None:
    """Refuse an answer that botocore would read as an empty one, though it is none of the service's."""
    if operation_model.http.get("method") == "HEAD" and response_dict["status_code"] in {200, 404}:
        # There is no more of it than the headers, and whether the thing is there hangs on the status alone.
        if not any(name.lower() in _REQUEST_IDS for name in response_dict["headers"]):
            raise StrangeAnswerError
        return
    body = response_dict.get("body")
    shape = operation_model.output_shape
    if response_dict["status_code"] >= 300 or not isinstance(body, bytes) or shape is None or not shape.members:
        return
    protocol = operation_model.service_model.resolved_protocol
    payload = shape.members.get(shape.serialization.get("payload"))
    if payload is not None and payload.type_name in {"string", "blob"}:
        # The whole body is one member, whatever it holds.
        if _root(body) == "html":
            raise StrangeAnswerError
        return
    if payload is not None and protocol != "rest-xml":
        return
    if protocol in {"query", "ec2"} and _root(body) != f"{operation_model.name}Response":
        raise StrangeAnswerError
    if protocol == "rest-xml" and body and _root(body) in {"", "html"}:
        raise StrangeAnswerError
    if protocol in {"json", "rest-json"} and body:
        try:
            found = json.loads(body)
        except ValueError:
            raise StrangeAnswerError from None
        if not isinstance(found, dict):
            raise StrangeAnswerError


def _root(body: bytes) -> str:
    """Name the outermost element of an XML text, without its namespace; nothing if there is none."""
    try:
        for _, element in iterparse(BytesIO(body), events=("start",)):  # noqa: S314  # no further than the first element
            return str(element.tag).rpartition("}")[2]
    except ParseError:
        pass
    return ""
