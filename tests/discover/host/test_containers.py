"""A container is known by the path of its control group."""

import pytest

from bulkhead.discover.host import container_of

ID = "0123456789abcdef" * 4
POD = "0f5b2c3d-1111-2222-3333-444455556666"
UNDERLINED = POD.replace("-", "_")

PATHS = {
    f"/docker/{ID}": ("docker", None),
    f"/system.slice/docker-{ID}.scope": ("docker", None),
    f"/kubepods/burstable/pod{POD}/{ID}": ("", POD),
    f"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{UNDERLINED}.slice/"
    f"cri-containerd-{ID}.scope": ("containerd", POD),
    f"/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod{UNDERLINED}.slice/"
    f"cri-containerd-{ID}.scope": ("containerd", POD),
    f"/system.slice/containerd.service/kubepods-besteffort-pod{UNDERLINED}.slice:cri-containerd:"
    f"{ID}": ("containerd", POD),
    f"/kubepods.slice/kubepods-pod{UNDERLINED}.slice/crio-{ID}.scope": ("cri-o", POD),
    f"/kubepods.slice/kubepods-pod{UNDERLINED}.slice/docker-{ID}.scope": ("docker", POD),
    f"/machine.slice/libpod-{ID}.scope": ("podman", None),
    f"/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-{ID}.scope/container": (
        "podman",
        None,
    ),
    f"/kubepods/pod{'0f' * 16}/{ID}": ("", "0f" * 16),
    f"/../../pod{POD}/{ID}": ("", POD),
}


@pytest.mark.parametrize("path", PATHS)
def test_every_runtime_is_told_with_the_pod(path):
    found = container_of(path)
    assert (found.id, found.short) == (ID, ID[:12])
    assert (found.runtime, found.pod) == PATHS[path]


def test_a_container_of_containerd_without_kubernetes_has_the_name_that_it_was_given():
    assert container_of("/default/redis-1").id == "redis-1"


@pytest.mark.parametrize(
    "path",
    [None, "", "/", "/user.slice/session-1.scope", "/system.slice/docker.service"],
)
def test_what_is_in_no_container_is_said_to_be_in_none(path):
    assert container_of(path) is None
