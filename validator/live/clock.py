"""Time, as far as a run has any."""

import time
from collections.abc import Callable

from validator.live.outcome import Fault, FaultError

LATE = Fault("environment-deadline", "the time for the whole run is over")


class Clock:
    """The time that a run has left, and pauses within it."""

    def __init__(
        self,
        deadline: float | None = None,
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        """Take the seconds that all may take together, and, where time is not to pass by itself, what makes it pass."""
        self.now = now
        self._sleep = sleep
        self._end = None if deadline is None else now() + deadline

    @property
    def left(self) -> float | None:
        """The seconds that are left; None if there is no end."""
        return None if self._end is None else max(0.0, self._end - self.now())

    def check(self) -> None:
        """Go on only if there is time.

        Raises:
            FaultError: There is none.
        """
        if self.left == 0:
            raise FaultError(LATE)

    def pause(self, seconds: float) -> None:
        """Wait.

        Raises:
            FaultError: There is not that much time.
        """
        if self.left is not None and self.left <= seconds:
            raise FaultError(LATE)
        self._sleep(seconds)
