"""The live environment against its spec. boto3 is imported here alone, and only once a run is made."""

from validator.live.calls import ConnectError
from validator.live.clock import Clock
from validator.live.outcome import Outcome, Report
from validator.live.run import Options, Run, RunError

__all__ = ["Clock", "ConnectError", "Options", "Outcome", "Report", "Run", "RunError"]
