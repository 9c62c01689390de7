"""Asking AWS itself, where a run is told to; nothing else in the tool ever calls it.

`questions` says what there is to ask and makes answers of what comes back; `calls` does the calling.
"""

from validator.online.calls import Aws, ConnectError, connect
from validator.online.questions import RULES, Reply, Request, ask

__all__ = ["RULES", "Aws", "ConnectError", "Reply", "Request", "ask", "connect"]
