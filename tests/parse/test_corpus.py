"""Real files, if they are at hand."""

import json
from pathlib import Path

import pytest
import yaml

from validator.parse import load

from .laws import check, oracle

SHARED = Path(__file__).parents[3] / "shared"
ENDINGS = {".json", ".yml", ".yaml", ".template"}
FILES = (
    sorted(path for path in SHARED.rglob("*") if path.suffix in ENDINGS and path.is_file()) if SHARED.is_dir() else []
)


@pytest.mark.skipif(not FILES, reason="no corpus beside the repository")
def test_corpus() -> None:
    for path in FILES:
        data = path.read_bytes()
        document = load(path.name, data)
        text = document.text
        if document.broken:
            with pytest.raises((yaml.YAMLError, ValueError)):
                json.loads(data) if document.format == "json" or path.suffix == ".json" else oracle(text)
            continue
        check(document, nested="*" not in text or document.format == "json")
        expected = json.loads(text.removeprefix("\ufeff")) if document.format == "json" else oracle(text)
        assert document.value == expected, path
