"""`python -m validator` is the command `stackproof`."""

import sys

from validator.cli import main

sys.exit(main())
