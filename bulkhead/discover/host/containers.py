"""Which container a process is in, by the path of its control group.

The paths are those of Docker and containerd (docs.docker.com/engine/containers/runmetrics, "Find
the cgroup for a given container"), Podman (libpod), CRI-O, and the kubelet, whose pods are of
kubernetes.io/docs/concepts/architecture/cgroups: a slice or a folder, with '-' or '_' in the UID.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_ID: Final = r"(?P<id>[0-9a-f]{64})"
_POD: Final = re.compile(
    r"pod(?P<uid>[0-9a-f]{8}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{12}|[0-9a-f]{32})"
)
_RUNTIMES: Final = tuple(
    (runtime, re.compile(pattern))
    for runtime, pattern in (
        ("docker", rf"/docker/{_ID}|/docker-{_ID.replace('id', 'scope')}\.scope"),
        (
            "containerd",
            rf"/cri-containerd-{_ID}\.scope|:cri-containerd:{_ID.replace('id', 'scope')}",
        ),
        ("cri-o", rf"/crio-{_ID}(?:\.scope)?"),
        ("podman", rf"/libpod-{_ID}(?:\.scope)?"),
        ("", rf"/pod[0-9a-f_-]+/{_ID}"),  # the kubelet's without systemd: any runtime
        (
            "containerd",
            r"/containerd/(?P<id>[\w.-]+)$|^/(?:default|moby|k8s\.io)/(?P<scope>[\w.-]+)$",
        ),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HostContainer:
    """A container. `runtime` is '' where the path does not tell; `pod` is the UID of its pod."""

    id: str
    runtime: str = ""
    pod: str | None = None

    @property
    def short(self) -> str:
        """As tools show it: the first twelve digits."""
        return self.id[:12]


def container_of(cgroup: str | None) -> HostContainer | None:
    """None of a process that is in no container, or where that cannot be told."""
    if not cgroup:
        return None
    pod = _POD.search(cgroup)
    for runtime, pattern in _RUNTIMES:
        if found := pattern.search(cgroup):
            groups = found.groupdict()
            return HostContainer(
                id=str(groups.get("id") or groups.get("scope")),
                runtime=runtime,
                pod=_uid(pod["uid"]) if pod else None,
            )
    return None


def _uid(text: str) -> str:
    """As Kubernetes writes it, with hyphens; of a static pod 32 digits without any."""
    return text.replace("_", "-")
