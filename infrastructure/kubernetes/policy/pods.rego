# Rules for every pod.
package main

# These may have a token: they ask Kubernetes' API for pods or their logs.
asks_kubernetes := {"traefik", "prometheus", "alloy"}

deny contains sprintf("%s: runs as root; set runAsNonRoot and a runAsUser above 0", [workload.name]) if {
	some workload in workloads
	not runs_as_user(workload.pod.spec)
}

runs_as_user(spec) if {
	spec.securityContext.runAsNonRoot == true
	spec.securityContext.runAsUser > 0
}

deny contains sprintf("%s: needs the seccomp profile RuntimeDefault", [workload.name]) if {
	some workload in workloads
	not workload.pod.spec.securityContext.seccompProfile.type == "RuntimeDefault"
}

# A container's securityContext overrides its pod's, so it may only set the fields that the rules below require.
deny contains sprintf("%s: sets its own securityContext.%s; set it in the pod", [entry.name, field]) if {
	some entry in containers
	some field, _ in entry.container.securityContext
	not field in {"readOnlyRootFilesystem", "allowPrivilegeEscalation", "capabilities"}
}

deny contains sprintf("%s: shares %s with its node", [workload.name, field]) if {
	some workload in workloads
	some field in ["hostNetwork", "hostPID", "hostIPC"]
	workload.pod.spec[field] == true
}

deny contains sprintf("%s: uses port %d of its node", [entry.name, port.hostPort]) if {
	some entry in containers
	some port in entry.container.ports
	port.hostPort > 0
}

deny contains sprintf("%s: mounts a directory of its node", [workload.name]) if {
	some workload in workloads
	some volume in workload.pod.spec.volumes
	volume.hostPath
}

deny contains sprintf("%s: has no service account of its own", [workload.name]) if {
	some workload in workloads
	object.get(workload.pod.spec, "serviceAccountName", "default") == "default"
}

deny contains sprintf("ServiceAccount/%s: mounts its token into every pod; set automountServiceAccountToken: false", [account.metadata.name]) if {
	some account in of_kind("ServiceAccount")
	not account.automountServiceAccountToken == false
}

deny contains sprintf("%s: has a token, but does not use Kubernetes' API", [workload.name]) if {
	some workload in workloads
	workload.pod.spec.automountServiceAccountToken == true
	not workload.object.metadata.name in asks_kubernetes
}

deny contains sprintf("%s: mounts a token, but does not use Kubernetes' API", [workload.name]) if {
	some workload in workloads
	workload.pod.spec.volumes[_].projected.sources[_].serviceAccountToken
	not workload.object.metadata.name in asks_kubernetes
}

deny contains sprintf("%s: gets variables for each Service, which clash with our settings; set enableServiceLinks: false", [workload.name]) if {
	some workload in workloads
	not workload.pod.spec.enableServiceLinks == false
}

deny contains sprintf("%s: can write to its root; set readOnlyRootFilesystem: true", [entry.name]) if {
	some entry in containers
	not entry.container.securityContext.readOnlyRootFilesystem == true
}

deny contains sprintf("%s: can gain privileges; set allowPrivilegeEscalation: false", [entry.name]) if {
	some entry in containers
	not entry.container.securityContext.allowPrivilegeEscalation == false
}

deny contains sprintf("%s: keeps capabilities; drop ALL", [entry.name]) if {
	some entry in containers
	not keeps_none(entry.container)
}

keeps_none(container) if {
	"ALL" in container.securityContext.capabilities.drop
	count(object.get(container.securityContext.capabilities, "add", [])) == 0
}

deny contains sprintf("%s: image %s has no version", [entry.name, entry.container.image]) if {
	some entry in containers
	not is_pinned(entry.container.image)
}

is_pinned(image) if regex.match(`@sha256:[0-9a-f]{64}$`, image)

is_pinned(image) if {
	regex.match(`^[^@]+:[^/@:]+$`, image)
	not endswith(image, ":latest")
}

deny contains sprintf("%s: has no %s of %s", [entry.name, field, resource]) if {
	some entry in containers
	some field in ["requests", "limits"]
	some resource in ["cpu", "memory"]
	not entry.container.resources[field][resource]
}

deny contains sprintf("%s: has no %s", [entry.name, probe]) if {
	some entry in containers
	not entry.workload.kind in {"Job", "CronJob"}
	entry.container in entry.workload.pod.spec.containers
	some probe in ["startupProbe", "livenessProbe", "readinessProbe"]
	not entry.container[probe]
}

# Kubernetes starts the next container once the sidecar's startupProbe succeeds.
deny contains sprintf("%s: has no startupProbe", [entry.name]) if {
	some entry in containers
	entry.container.restartPolicy == "Always"
	not entry.container.startupProbe
}
