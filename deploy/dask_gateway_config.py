"""The Dask Gateway of jupyterhub_config.py, which starts it as a service of the hub.

On a real machine take another backend, such as ``KubeBackend`` or ``SlurmBackend``;
the rest is the same.
"""

import os
from typing import Any
from urllib.parse import urlparse

from dask_gateway_server.options import Float, Integer, Options

c = get_config()  # noqa: F821 - dask-gateway-server provides it

# Demo: clusters are processes of the account that runs the hub.
c.DaskGateway.backend_class = "dask_gateway_server.backends.local.UnsafeLocalBackend"
c.UnsafeLocalBackend.clusters_directory = os.environ["GATEWAY_FOLDER"]
# Clusters end soon when the gateway is told to end.
c.UnsafeLocalBackend.sigint_timeout = 2

# The hub says in the environment where the service is and how it asks who somebody is.
c.DaskGateway.authenticator_class = "dask_gateway_server.auth.JupyterHubAuthenticator"
c.DaskGateway.address = "127.0.0.1:0"
c.Proxy.address = urlparse(os.environ["JUPYTERHUB_SERVICE_URL"]).netloc
c.Proxy.prefix = os.environ["JUPYTERHUB_SERVICE_PREFIX"].rstrip("/")

# Since distributed 2026.6 there is no `dask-scheduler` and no `dask-worker`.
c.ClusterConfig.scheduler_cmd = ["dask", "scheduler"]
c.ClusterConfig.worker_cmd = ["dask", "worker"]

# On a busy machine a start takes longer than a minute, which is the default; what is given
# up is started again, and makes the machine busier.
c.UnsafeLocalBackend.cluster_start_timeout = 300
c.UnsafeLocalBackend.worker_start_timeout = 300

# Limits: workers in one cluster, and seconds after which an unused cluster ends.
c.ClusterConfig.cluster_max_workers = 4
c.ClusterConfig.idle_timeout = 1800


def settings_of(options: Any) -> dict[str, int]:  # noqa: ANN401 - fields of the form below
    """Return what the form's answers mean for a cluster."""
    return {
        "worker_cores": options.worker_cores,
        "worker_memory": int(options.worker_memory * 2**30),
    }


# The form of a new cluster: the sidebar, and `Gateway().cluster_options()`, show it.
c.Backend.cluster_options = Options(
    Integer("worker_cores", default=1, min=1, max=2, label="Worker cores"),
    Float("worker_memory", default=1, min=0.5, max=4, label="Worker memory (GiB)"),
    handler=settings_of,
)
