"""A real local cluster behind TLS, for as long as standard input is open.

Prints one line of JSON: ``address``, ``credentials`` and ``dashboard``.
"""

import json
import sys
import tempfile
from pathlib import Path

from distributed import LocalCluster

from jupyterlab_seasonal_monitor.controller.security import Credentials


def main() -> None:
    """Run until the test closes standard input."""
    with tempfile.TemporaryDirectory() as folder:
        credentials = Credentials(Path(folder))
        with LocalCluster(
            n_workers=1,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            security=credentials.security(),
        ) as cluster:
            told = {
                "address": cluster.scheduler_address,
                "credentials": str(credentials.path),
                "dashboard": cluster.dashboard_link,
            }
            print(json.dumps(told), flush=True)  # noqa: T201
            sys.stdin.read()


if __name__ == "__main__":
    main()
