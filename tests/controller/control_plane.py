"""A real Kubernetes control plane with the real Dask operator, as child processes.

etcd, kube-apiserver and kube-controller-manager are the real ones; nodes are played by
``kubelet.py``. The cluster's names are resolved by a ``sitecustomize`` module.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import lzma
import os
import shutil
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from kubelet import Kubelet
from place import ROOT, end_process, free_ports

BINARIES = ("kube-apiserver", "kube-controller-manager")
TOKENS = {"admin": "system:masters", "person": "people", "nobody": "strangers"}
#: What a person needs to have clusters in a namespace.
RULES = [
    ("kubernetes.dask.org", "daskclusters", "create get list delete patch"),
    ("kubernetes.dask.org", "daskworkergroups", "get list patch delete"),
    ("kubernetes.dask.org", "daskautoscalers", "create get list delete patch"),
    ("", "pods", "get list watch"),
    ("", "pods/log", "get"),
    ("", "pods/portforward", "create get"),
    ("apps", "deployments", "get list"),
]
#: Where the API has the operator's kinds of resources.
DASK = "/apis/kubernetes.dask.org/v1"
#: A second namespace, in which people have the same rights.
LAB = "lab"
RESOLVER = """
import json, os, socket
_plain = socket.getaddrinfo
def getaddrinfo(host, *args, **kwargs):
    try:
        with open(os.environ["TEST_CLUSTER_NAMES"]) as file:
            names = json.load(file)
    except (OSError, ValueError):
        names = {}
    key = host.removesuffix(".svc.cluster.local") if isinstance(host, str) else host
    return _plain(names.get(key, host), *args, **kwargs)
socket.getaddrinfo = getaddrinfo
"""
#: The operator as it comes, but for its minutes before it tries again what failed, and
#: before it looks again whether a timer of what is deleted has ended.
HASTE = """
import kopf

@kopf.on.startup()
def settle(settings, **_):
    settings.execution.default_backoff = 5
    settings.background.cancellation_polling = 5
"""


def _assets() -> Path | None:
    """Return a folder with the binaries; packed ones are unpacked once."""
    given = os.environ.get("KUBEBUILDER_ASSETS")
    unpacked = ROOT / ".cache" / "kubebuilder"
    for folder in [Path(given)] if given else [unpacked]:
        if all((folder / name).exists() for name in BINARIES):
            return folder
    nearby = [parent / "shared" / "kubebuilder" for parent in ROOT.parents]
    for packed in [Path(given)] if given else nearby:
        if all((packed / f"{name}.xz").exists() for name in BINARIES):
            _unpack(packed, unpacked)
            return unpacked
    return None


def _unpack(packed: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for name in BINARIES:
        part = target / f"{name}.{os.getpid()}"
        with lzma.open(packed / f"{name}.xz") as source, part.open("wb") as file:
            shutil.copyfileobj(source, file, 2**20)
        part.chmod(0o755)
        part.replace(target / name)


def why_not() -> str | None:
    """Return why no control plane can be started here."""
    if shutil.which("etcd") is None and not _etcd_among_assets():
        return "etcd is not there: apt-get install etcd-server"
    if _assets() is None:
        return "kube-apiserver is not there: set KUBEBUILDER_ASSETS (setup-envtest use 1.34)"
    missing = [m for m in ("kopf", "dask_kubernetes") if importlib.util.find_spec(m) is None]
    return f"{', '.join(missing)} not installed" if missing else None


def _etcd_among_assets() -> bool:
    given = os.environ.get("KUBEBUILDER_ASSETS")
    return given is not None and (Path(given) / "etcd").exists()


class ControlPlane:
    """Processes that end with the test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []
        self._operator: subprocess.Popen[bytes] | None = None
        self.names = folder / "names.json"
        self.kubelet: Kubelet
        self._api, etcd, peer, controllers = free_ports(4)
        self.server = f"https://127.0.0.1:{self._api}"
        self._ports = etcd, peer, controllers

    def start(self) -> None:
        """Start, and return when the node is there and the operator works."""
        etcd, peer, _ = self._ports
        assets = _assets()
        assert assets is not None
        key, tokens = self.folder / "sa.key", self.folder / "tokens.csv"
        subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
        lines = [f'{n}token,{n},{i},"{g}"' for i, (n, g) in enumerate(TOKENS.items())]
        tokens.write_text("\n".join(lines))
        for name in TOKENS:
            self._write_config(name)
        self._run(
            str(assets / "etcd") if (assets / "etcd").exists() else "etcd",
            f"--data-dir={self.folder / 'etcd'}",
            f"--listen-client-urls=http://127.0.0.1:{etcd}",
            f"--advertise-client-urls=http://127.0.0.1:{etcd}",
            f"--listen-peer-urls=http://127.0.0.1:{peer}",
            f"--initial-advertise-peer-urls=http://127.0.0.1:{peer}",
            f"--initial-cluster=default=http://127.0.0.1:{peer}",
        )
        self._run(
            str(assets / "kube-apiserver"),
            f"--etcd-servers=http://127.0.0.1:{etcd}",
            "--bind-address=127.0.0.1",
            f"--secure-port={self._api}",
            f"--cert-dir={self.folder / 'certs'}",
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-account-key-file={key}",
            f"--service-account-signing-key-file={key}",
            f"--token-auth-file={tokens}",
            "--authorization-mode=RBAC",
            "--service-cluster-ip-range=10.77.0.0/24",
            "--allow-privileged=true",
            "--disable-admission-plugins=ServiceAccount",
            "--advertise-address=127.0.0.1",
            "--endpoint-reconciler-type=none",
            "--watch-cache=false",
        )
        self._until(self._is_ready, "the API server")
        self._until(lambda: self._tries("/api/v1/namespaces/default"), "the namespace")
        self.call("POST", "/api/v1/namespaces", {"metadata": {"name": LAB}})
        for namespace in ("default", LAB):
            self._give_rights(namespace)
        self.kubelet = Kubelet(self.folder, self.server, "admintoken", self.names)
        self.kubelet.start()

    def install_operator(self) -> None:
        """Add the operator's kinds of resources, and run it."""
        import dask_kubernetes
        import yaml

        assets, controllers = _assets(), self._ports[2]
        assert assets is not None
        base = Path(dask_kubernetes.__file__).parent / "operator" / "deployment" / "helm"
        for file in sorted(base.glob("*/crds/*.yaml")):
            for document in yaml.safe_load_all(file.read_text()):
                if document:
                    path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
                    self.call("POST", path, document)
        kinds = f"{DASK}/namespaces/default/daskclusters"
        self._until(lambda: self._tries(kinds), "the kinds of resources")
        # After them: it looks for new kinds only every half minute.
        self._run(
            str(assets / "kube-controller-manager"),
            f"--kubeconfig={self.config('admin')}",
            f"--secure-port={controllers}",
            "--bind-address=127.0.0.1",
            f"--cert-dir={self.folder / 'controllers'}",
            "--leader-elect=false",
            "--controllers=deployment,replicaset,garbagecollector,endpointslice,endpoint,namespace",
        )
        self.run_operator()

    def run_operator(self) -> None:
        site = self.folder / "site"
        site.mkdir(exist_ok=True)
        (site / "sitecustomize.py").write_text(RESOLVER)
        (site / "haste.py").write_text(HASTE)
        env = {
            **os.environ,
            "KUBECONFIG": str(self.config("admin")),
            "PYTHONPATH": str(site),
            "TEST_CLUSTER_NAMES": str(self.names),
        }
        module = "dask_kubernetes.operator.controller"
        command = ["-m", "kopf", "run", "-m", module, "-m", "haste", "--standalone"]
        command += ["--namespace", "default", "--namespace", LAB]
        self._operator = self._run(sys.executable, *command, env=env, out="operator")

    def stop_operator(self) -> None:
        assert self._operator is not None
        end_process(self._operator)
        self._processes.remove(self._operator)
        self._operator = None

    def config(self, name: str) -> Path:
        """Return the kube config of a user."""
        return self.folder / f"{name}.yaml"

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Return what the API server answers to its administrator."""
        kind = "merge-patch+json" if method == "PATCH" else "json"
        request = urllib.request.Request(
            self.server + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": "Bearer admintoken", "Content-Type": f"application/{kind}"},
        )
        context = ssl._create_unverified_context()
        with urllib.request.urlopen(request, context=context, timeout=30) as response:
            return json.load(response)

    def clusters(self) -> list[dict[str, Any]]:
        """Return all DaskCluster resources, of all namespaces."""
        return self._items("daskclusters")

    def others(self) -> list[str]:
        """Return what else of Dask's kinds is there: groups of workers and autoscalers."""
        items = [*self._items("daskworkergroups"), *self._items("daskautoscalers")]
        return [item["metadata"]["name"] for item in items]

    def pods(self) -> list[str]:
        """Return the names of all pods."""
        items = self.call("GET", "/api/v1/pods")["items"]
        return [item["metadata"]["name"] for item in items]

    def stop(self) -> None:
        """End everything."""
        with contextlib.suppress(Exception):
            self.clear()
            self._until(lambda: not self.pods(), "the end of all pods")
        if hasattr(self, "kubelet"):
            self.kubelet.stop()
        for process in reversed(self._processes):
            end_process(process)

    def clear(self) -> None:
        """Delete all DaskCluster resources, and groups that the operator made too late to own."""
        for cluster in self.clusters():
            self._delete("daskclusters", **cluster["metadata"])
        for group in self._items("daskworkergroups"):
            # Most go with their clusters.
            with contextlib.suppress(urllib.error.HTTPError):
                self._delete("daskworkergroups", **group["metadata"])

    def add_group(self, namespace: str, cluster: str, owner: str) -> str:
        """Make a group of workers as the operator does, and return its name."""
        path = f"{DASK}/namespaces/{namespace}/daskworkergroups"
        worker = {"replicas": 0, "spec": {"containers": [{"name": "worker", "image": "x"}]}}
        body = {
            "apiVersion": "kubernetes.dask.org/v1",
            "kind": "DaskWorkerGroup",
            "metadata": {
                "name": f"{cluster}-default",
                "labels": {"seasonal-monitor/owner": owner},
                "annotations": {"seasonal-monitor/title": "Rain of old"},
            },
            "spec": {"cluster": cluster, "worker": worker},
        }
        return str(self.call("POST", path, body)["metadata"]["name"])

    def remove_group(self, namespace: str, name: str) -> None:
        self._delete("daskworkergroups", namespace, name)

    def label(self, name: str, labels: dict[str, str]) -> None:
        """Change labels of a DaskCluster."""
        path = f"{DASK}/namespaces/default/daskclusters/{name}"
        self.call("PATCH", path, {"metadata": {"labels": labels}})

    def _items(self, kind: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.call("GET", f"{DASK}/{kind}")["items"]
        return items

    def _delete(self, kind: str, namespace: str, name: str, **_: object) -> None:
        self.call("DELETE", f"{DASK}/namespaces/{namespace}/{kind}/{name}")

    def tell(self) -> str:
        """Return the ends of all logs."""
        files = self.folder.glob("*.out")
        return "\n".join(f"{f.name}: {f.read_text(errors='replace')[-1500:]}" for f in files)

    def _give_rights(self, namespace: str) -> None:
        rbac = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{namespace}"
        rules = [
            {"apiGroups": [group], "resources": [resource], "verbs": verbs.split()}
            for group, resource, verbs in RULES
        ]
        self.call("POST", f"{rbac}/roles", {"metadata": {"name": "dask"}, "rules": rules})
        role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "dask"}
        subject = {"kind": "Group", "name": "people", "apiGroup": "rbac.authorization.k8s.io"}
        binding = {"metadata": {"name": "dask"}, "roleRef": role, "subjects": [subject]}
        self.call("POST", f"{rbac}/rolebindings", binding)

    def _write_config(self, name: str) -> None:
        cluster = {"server": self.server, "insecure-skip-tls-verify": True}
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "test",
            "clusters": [{"name": "test", "cluster": cluster}],
            "users": [{"name": name, "user": {"token": f"{name}token"}}],
            "contexts": [
                {"name": "test", "context": {"cluster": "test", "user": name}},
            ],
        }
        self.config(name).write_text(json.dumps(config))

    def _is_ready(self) -> bool:
        try:
            request = urllib.request.Request(
                f"{self.server}/readyz", headers={"Authorization": "Bearer admintoken"}
            )
            context = ssl._create_unverified_context()
            with urllib.request.urlopen(request, context=context, timeout=5) as response:
                return response.read() == b"ok"
        except OSError:
            return False

    def _tries(self, path: str) -> bool:
        try:
            self.call("GET", path)
        except OSError:
            return False
        return True

    def _run(
        self, *command: str, env: dict[str, str] | None = None, out: str = ""
    ) -> subprocess.Popen[bytes]:
        with (self.folder / f"{out or Path(command[0]).name}.out").open("ab") as file:
            process = subprocess.Popen(command, stdout=file, stderr=file, env=env)
        self._processes.append(process)
        return process

    def _until(self, test: Any, what: str) -> None:
        deadline = time.monotonic() + 90
        while not test():
            assert time.monotonic() < deadline, f"{what}: {self.tell()}"
            time.sleep(0.2)
