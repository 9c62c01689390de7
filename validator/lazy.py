"""What is worked out when it is first asked for, and kept where it belongs: it goes when its object goes."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Generic, TypeVar

_T = TypeVar("_T")
_S = TypeVar("_S")


class lazy(Generic[_T]):  # noqa: N801  # used as a decorator
    """As functools.cached_property, without the lock that it takes before Python 3.12 and that costs most of it."""

    def __init__(self, work: Callable[[Any], _T]) -> None:
        """Take the method that works it out."""
        self._work = work
        self._name = work.__name__
        self.__doc__ = work.__doc__

    def __get__(self, instance: Any, owner: type) -> _T:
        """Work it out, and let the instance have it from now on."""
        found: _T = self._work(instance)
        instance.__dict__[self._name] = found
        return found


def kept(work: Callable[[_S], _T]) -> Callable[[_S], _T]:
    """Let a function of one object work its answer out once: for what several rules ask of a statement."""
    name = f"{work.__module__}.{work.__qualname__}"

    @wraps(work)
    def answer(subject: _S) -> _T:
        known = subject.__dict__
        if name not in known:
            known[name] = work(subject)
        found: _T = known[name]
        return found

    return answer
