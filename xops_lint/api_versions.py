"""Versions of cluster resources that their platforms serve no longer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple


class Removal(NamedTuple):
    """The release that dropped a version, and the version that took its place, if any.

    ``alike`` says that a resource reads the same in the new version.
    """

    release: str
    replacement: str = ""
    alike: bool = False


_ANY: Final = "*"
_KUBERNETES: Final = "Kubernetes"

_REMOVED: Final[Mapping[str, Mapping[str, Removal]]] = {
    "extensions/v1beta1": {
        "Ingress": Removal(f"{_KUBERNETES} 1.22", "networking.k8s.io/v1"),
        "NetworkPolicy": Removal(f"{_KUBERNETES} 1.16", "networking.k8s.io/v1", alike=True),
        "Deployment": Removal(f"{_KUBERNETES} 1.16", "apps/v1"),
        "DaemonSet": Removal(f"{_KUBERNETES} 1.16", "apps/v1"),
        "ReplicaSet": Removal(f"{_KUBERNETES} 1.16", "apps/v1"),
    },
    "apps/v1beta1": {_ANY: Removal(f"{_KUBERNETES} 1.16", "apps/v1")},
    "apps/v1beta2": {_ANY: Removal(f"{_KUBERNETES} 1.16", "apps/v1")},
    "networking.k8s.io/v1beta1": {
        "Ingress": Removal(f"{_KUBERNETES} 1.22", "networking.k8s.io/v1"),
        "IngressClass": Removal(f"{_KUBERNETES} 1.22", "networking.k8s.io/v1", alike=True),
    },
    "rbac.authorization.k8s.io/v1beta1": {
        _ANY: Removal(f"{_KUBERNETES} 1.22", "rbac.authorization.k8s.io/v1", alike=True)
    },
    "rbac.authorization.k8s.io/v1alpha1": {
        _ANY: Removal(f"{_KUBERNETES} 1.22", "rbac.authorization.k8s.io/v1", alike=True)
    },
    "apiextensions.k8s.io/v1beta1": {_ANY: Removal(f"{_KUBERNETES} 1.22", "apiextensions.k8s.io/v1")},
    "admissionregistration.k8s.io/v1beta1": {
        "MutatingWebhookConfiguration": Removal(f"{_KUBERNETES} 1.22", "admissionregistration.k8s.io/v1"),
        "ValidatingWebhookConfiguration": Removal(f"{_KUBERNETES} 1.22", "admissionregistration.k8s.io/v1"),
    },
    "apiregistration.k8s.io/v1beta1": {_ANY: Removal(f"{_KUBERNETES} 1.22", "apiregistration.k8s.io/v1", alike=True)},
    "scheduling.k8s.io/v1beta1": {"PriorityClass": Removal(f"{_KUBERNETES} 1.22", "scheduling.k8s.io/v1", alike=True)},
    "storage.k8s.io/v1beta1": {"StorageClass": Removal(f"{_KUBERNETES} 1.22", "storage.k8s.io/v1", alike=True)},
    "batch/v1beta1": {"CronJob": Removal(f"{_KUBERNETES} 1.25", "batch/v1", alike=True)},
    "batch/v2alpha1": {"CronJob": Removal(f"{_KUBERNETES} 1.21", "batch/v1", alike=True)},
    "policy/v1beta1": {
        "PodDisruptionBudget": Removal(f"{_KUBERNETES} 1.25", "policy/v1"),
        "PodSecurityPolicy": Removal(f"{_KUBERNETES} 1.25"),
    },
    "autoscaling/v2beta1": {_ANY: Removal(f"{_KUBERNETES} 1.25", "autoscaling/v2")},
    "autoscaling/v2beta2": {_ANY: Removal(f"{_KUBERNETES} 1.26", "autoscaling/v2", alike=True)},
    "cert-manager.io/v1alpha2": {_ANY: Removal("cert-manager 1.6", "cert-manager.io/v1")},
    "cert-manager.io/v1alpha3": {_ANY: Removal("cert-manager 1.6", "cert-manager.io/v1")},
    "cert-manager.io/v1beta1": {_ANY: Removal("cert-manager 1.6", "cert-manager.io/v1")},
    "certmanager.k8s.io/v1alpha1": {_ANY: Removal("cert-manager 0.11", "cert-manager.io/v1")},
    "serving.kubeflow.org/v1alpha2": {_ANY: Removal("KServe 0.7", "serving.kserve.io/v1beta1")},
    "serving.kubeflow.org/v1beta1": {_ANY: Removal("KServe 0.7", "serving.kserve.io/v1beta1", alike=True)},
    "serving.kubeflow.org/v1alpha1": {_ANY: Removal("KServe 0.7", "serving.kserve.io/v1alpha1", alike=True)},
    "traefik.containo.us/v1alpha1": {_ANY: Removal("Traefik 3.0", "traefik.io/v1alpha1", alike=True)},
}
"""By version and kind, what was removed; the documentation of each platform lists it."""


def removal(version: str, kind: str) -> Removal | None:
    """Return when a kind of resource was last served in a version, or None if it is."""
    kinds = _REMOVED.get(version, {})
    return kinds.get(kind) or kinds.get(_ANY)
