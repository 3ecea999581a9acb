package main

with_object(object) := array.concat(example, [{"path": "example.yaml", "contents": object}])

test_secret if {
	contains(complaint(with_object({"kind": "Secret", "metadata": {"name": "database"}})), "must not contain secrets")
}

test_pod_security if {
	contains(complaint(without("Namespace", "metadata/labels")), "Pod Security")
}

test_default_deny if {
	ingress := [{"from": [{"podSelector": {"matchLabels": {"app.kubernetes.io/name": "api"}}}], "ports": [{"port": 8000}]}]
	open := json.patch(example, [{"op": "add", "path": "/3/contents/spec/ingress", "value": ingress}])
	contains(complaint(open), "denies everything by default")
}

test_network_policy_for_each_pod if {
	contains(complaint(changed("NetworkPolicy", "spec/policyTypes", ["Ingress"])), "Egress")
	contains(complaint(changed("NetworkPolicy", "spec/policyTypes", ["Egress"])), "Ingress")
}

test_network_policy_without_pods if {
	stray := {"kind": "NetworkPolicy", "metadata": {"name": "stray"}, "spec": {
		"podSelector": {"matchLabels": {"app.kubernetes.io/name": "nobody"}},
		"policyTypes": ["Ingress"],
	}}
	contains(complaint(with_object(stray)), "selects no pod")
}

test_service_without_pods if {
	contains(complaint(changed("Service", "spec/selector", {"app.kubernetes.io/name": "nobody"})), "selects no pod")
}

test_route if {
	contains(complaint(changed("HTTPRoute", "spec/rules/0/backendRefs/0/port", 8001)), "has port 8001")
	contains(complaint(changed("HTTPRoute", "spec/rules/0/backendRefs/0/name", "nobody")), "no Service nobody")
	contains(complaint(without("HTTPRoute", "spec/rules/0/backendRefs/0/port")), "no Service api has port")
}

test_route_into_traefik if {
	to := {"group": "traefik.io", "kind": "TraefikService", "name": "ping@internal"}
	count(deny) == 0 with input as changed("HTTPRoute", "spec/rules/0/backendRefs/0", to)
	dashboard := object.union(to, {"name": "api@internal"})
	contains(complaint(changed("HTTPRoute", "spec/rules/0/backendRefs/0", dashboard)), "no Service api@internal")
}

test_budget if {
	contains(complaint(changed("PodDisruptionBudget", "spec/selector/matchLabels", {"app.kubernetes.io/name": "nobody"})), "PodDisruptionBudget")
}

# The budget must let at least one pod go when the workload has its minimum of replicas (default: 1).
test_budget_that_allows_nothing if {
	every budget in [{"maxUnavailable": 0}, {"maxUnavailable": "0%"}, {"minAvailable": "100%"}, {"minAvailable": "51%"}, {"minAvailable": 2}, {}] {
		contains(complaint(budgeted(2, budget)), "blocks the drain of a node")
	}
	contains(complaint(budgeted(1, {"minAvailable": "1%"})), "blocks the drain of a node")
	every budget in [{"maxUnavailable": 1}, {"maxUnavailable": "1%"}, {"minAvailable": 1}, {"minAvailable": "50%"}] {
		count(deny) == 0 with input as budgeted(2, budget)
	}
}

budgeted(replicas, budget) := json.patch(example, [
	{"op": "add", "path": place("HorizontalPodAutoscaler", "spec/minReplicas"), "value": replicas},
	{"op": "replace", "path": place("PodDisruptionBudget", "spec"), "value": object.union(budget, {"selector": {"matchLabels": {"app.kubernetes.io/name": "api"}}})},
])

test_autoscaler if {
	contains(complaint(changed("Deployment", "spec/replicas", 2)), "autoscaler")
}

test_progress if {
	contains(complaint(changed("Deployment", "spec/progressDeadlineSeconds", 180)), "fails after 180 s")
}

test_drain if {
	contains(complaint(changed("ConfigMap", "data/DRAIN_TIMEOUT_SECONDS", "30")), "is killed after 35 s, but needs 37 s to drain")
	contains(complaint(without("Deployment", concat("/", [pod, "terminationGracePeriodSeconds"]))), "is killed after 30 s")
}

test_config_map if {
	contains(complaint(changed("Deployment", concat("/", [container, "envFrom/0/configMapRef/name"]), "nothing")), "no ConfigMap nothing")
	contains(complaint(changed("Deployment", concat("/", [container, "env"]), [{"valueFrom": {"configMapKeyRef": {"name": "nothing"}}}])), "no ConfigMap nothing")
}
