# Rules about how objects fit together.
package main

deny contains sprintf("Secret/%s: Git must not contain secrets", [secret.metadata.name]) if {
	some secret in of_kind("Secret")
}

deny contains sprintf("Namespace/%s: does not enforce the Pod Security standard restricted", [namespace.metadata.name]) if {
	some namespace in of_kind("Namespace")
	not namespace.metadata.labels["pod-security.kubernetes.io/enforce"] == "restricted"
}

deny contains "no NetworkPolicy denies everything by default" if {
	not denies_by_default
}

denies_by_default if {
	some policy in of_kind("NetworkPolicy")
	is_empty(policy.spec.podSelector)
	{"Ingress", "Egress"} == {direction | some direction in policy.spec.policyTypes}
	not policy.spec.ingress
	not policy.spec.egress
}

# The default alone is not enough: each pod needs an explicit policy, even if it allows nothing.
deny contains sprintf("%s: no NetworkPolicy of its own for %s", [workload.name, direction]) if {
	some workload in workloads
	some direction in ["Ingress", "Egress"]
	not has_policy(workload.pod.metadata.labels, direction)
}

has_policy(labels, direction) if {
	some policy in of_kind("NetworkPolicy")
	not is_empty(policy.spec.podSelector)
	selects(policy.spec.podSelector, labels)
	direction in policy.spec.policyTypes
}

deny contains sprintf("NetworkPolicy/%s: selects no pod", [policy.metadata.name]) if {
	some policy in of_kind("NetworkPolicy")
	not selects_a_pod(policy.spec.podSelector)
}

selects_a_pod(selector) if {
	some workload in workloads
	selects(selector, workload.pod.metadata.labels)
}

deny contains sprintf("Service/%s: selects no pod", [service.metadata.name]) if {
	some service in of_kind("Service")
	not selects_a_pod({"matchLabels": service.spec.selector})
}

deny contains sprintf("HTTPRoute/%s: no Service %s has port %v", [route.metadata.name, backend.name, object.get(backend, "port", "(none)")]) if {
	some route in of_kind("HTTPRoute")
	some rule in route.spec.rules
	some backend in rule.backendRefs
	not serves(backend)
}

serves(backend) if {
	some service in of_kind("Service")
	service.metadata.name == backend.name
	some port in service.spec.ports
	port.port == backend.port
}

# Traefik's own services: a route may lead to ping, but not to the dashboard.
serves(backend) if {
	backend.group == "traefik.io"
	backend.kind == "TraefikService"
	backend.name == "ping@internal"
}

# Without a canary release, the canary has no pods to protect.
deny contains sprintf("%s: has no PodDisruptionBudget, so the drain of a node may stop all its pods", [workload.name]) if {
	some workload in workloads
	workload.kind == "Deployment"
	workload.pod.metadata.labels["app.kubernetes.io/name"] in {"api", "dash", "react", "traefik"}
	not object.get(workload.object.spec, "replicas", 1) == 0
	not has_budget(workload.pod.metadata.labels)
}

has_budget(labels) if {
	some budget in of_kind("PodDisruptionBudget")
	selects(budget.spec.selector, labels)
}

deny contains sprintf("PodDisruptionBudget/%s: blocks the drain of a node while there are %d pods", [budget.metadata.name, replicas]) if {
	some budget in of_kind("PodDisruptionBudget")
	some workload in workloads
	selects(budget.spec.selector, workload.pod.metadata.labels)
	replicas := fewest(workload.object)
	replicas > 0
	not may_leave(budget.spec, replicas)
}

may_leave(spec, _) if to_number(trim_suffix(sprintf("%v", [spec.maxUnavailable]), "%")) > 0

# Kubernetes rounds a percentage up to whole pods.
may_leave(spec, replicas) if {
	endswith(spec.minAvailable, "%")
	ceil((to_number(trim_suffix(spec.minAvailable, "%")) * replicas) / 100) < replicas
}

may_leave(spec, replicas) if {
	is_number(spec.minAvailable)
	spec.minAvailable < replicas
}

# The minimum of the autoscaler, or the number of replicas without one.
fewest(scaled) := scaler.spec.minReplicas if {
	some scaler in of_kind("HorizontalPodAutoscaler")
	scaler.spec.scaleTargetRef.name == scaled.metadata.name
} else := object.get(object.get(scaled, "spec", {}), "replicas", 1)

deny contains sprintf("%s: sets replicas, which overrides its autoscaler; remove the field", [workload.name]) if {
	some workload in workloads
	workload.object.spec.replicas
	some scaler in of_kind("HorizontalPodAutoscaler")
	scaler.spec.scaleTargetRef.name == workload.object.metadata.name
}

# On Autopilot a pod may have to wait one to two minutes for a node, and then for its images. Kubernetes' default is 600 s.
deny contains sprintf("%s: a rollout fails after %d s; a new node and its images may take up to 600 s", [workload.name, seconds]) if {
	some workload in workloads
	workload.kind == "Deployment"
	seconds := object.get(workload.object.spec, "progressDeadlineSeconds", 600)
	seconds < 600
}

# From SIGTERM to the end: drain delay, time for the requests in flight, 2 s for the last spans.
deny contains sprintf("%s: is killed after %d s, but needs %d s to drain", [workload.name, grace, needed]) if {
	some workload in workloads
	workload.kind == "Deployment"
	some source in workload.pod.spec.containers[0].envFrom
	some settings in of_kind("ConfigMap")
	settings.metadata.name == source.configMapRef.name
	times := [to_number(value) | some name, value in settings.data; startswith(name, "DRAIN_")]
	count(times) == 2
	needed := sum(times) + 2
	grace := object.get(workload.pod.spec, "terminationGracePeriodSeconds", 30)
	grace <= needed
}

# A pod that references a missing ConfigMap never starts. Secrets are not checked: they are created elsewhere.
deny contains sprintf("%s: there is no ConfigMap %s", [entry.name, name]) if {
	some entry in containers
	some name in referenced(entry.container)
	not name in {map.metadata.name | some map in of_kind("ConfigMap")}
}

referenced(container) := {name | name := container.envFrom[_].configMapRef.name} | {name |
	name := container.env[_].valueFrom.configMapKeyRef.name
}
