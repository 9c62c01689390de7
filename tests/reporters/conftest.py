from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def _no_wishes_from_the_environment() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM"):
            patch.delenv(name, raising=False)
        yield
