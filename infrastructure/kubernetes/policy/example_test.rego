# A small deployment that meets every rule. Each test breaks one rule.
package main

example := [file | some object in example_objects; file := {"path": "example.yaml", "contents": object}]

example_objects := [
	{"kind": "Namespace", "metadata": {"name": "mlp", "labels": {"pod-security.kubernetes.io/enforce": "restricted"}}},
	{"kind": "ServiceAccount", "metadata": {"name": "api"}, "automountServiceAccountToken": false},
	{"kind": "ConfigMap", "metadata": {"name": "settings"}, "data": {"DRAIN_DELAY_SECONDS": "5", "DRAIN_TIMEOUT_SECONDS": "25"}},
	{"kind": "NetworkPolicy", "metadata": {"name": "default-deny"}, "spec": {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}},
	{"kind": "NetworkPolicy", "metadata": {"name": "api"}, "spec": {
		"podSelector": {"matchExpressions": [{"key": "app.kubernetes.io/name", "operator": "In", "values": ["api"]}]},
		"policyTypes": ["Ingress", "Egress"],
	}},
	{"kind": "Service", "metadata": {"name": "api"}, "spec": {"selector": {"app.kubernetes.io/name": "api"}, "ports": [{"port": 8000}]}},
	{"kind": "HTTPRoute", "metadata": {"name": "api"}, "spec": {"rules": [{"backendRefs": [{"name": "api", "port": 8000}]}]}},
	{"kind": "PodDisruptionBudget", "metadata": {"name": "api"}, "spec": {"maxUnavailable": 1, "selector": {"matchLabels": {"app.kubernetes.io/name": "api"}}}},
	{"kind": "HorizontalPodAutoscaler", "metadata": {"name": "api"}, "spec": {"scaleTargetRef": {"name": "api"}}},
	{"kind": "HealthCheckPolicy", "metadata": {"name": "api"}, "spec": {"default": {"config": {"httpHealthCheck": {"portSpecification": "USE_SERVING_PORT"}}}}},
	{"kind": "Deployment", "metadata": {"name": "api"}, "spec": {"template": example_pod}},
]

example_pod := {
	"metadata": {"labels": {"app.kubernetes.io/name": "api"}},
	"spec": {
		"serviceAccountName": "api",
		"automountServiceAccountToken": false,
		"enableServiceLinks": false,
		"terminationGracePeriodSeconds": 35,
		"securityContext": {"runAsNonRoot": true, "runAsUser": 65532, "seccompProfile": {"type": "RuntimeDefault"}},
		"volumes": [{"name": "tmp", "emptyDir": {}}],
		"containers": [example_container],
		"initContainers": [object.union(example_container, {"name": "proxy", "restartPolicy": "Always"})],
	},
}

example_container := {
	"name": "api",
	"image": "example/api:v1.2.3",
	"envFrom": [{"configMapRef": {"name": "settings"}}],
	"securityContext": {"readOnlyRootFilesystem": true, "allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}},
	"resources": {"requests": {"cpu": "1", "memory": "1Mi"}, "limits": {"cpu": "1", "memory": "1Mi"}},
	"startupProbe": {"httpGet": {}},
	"livenessProbe": {"httpGet": {}},
	"readinessProbe": {"httpGet": {}},
}

# changed(kind, path, value): the example with `value` at `path` of its last object of that kind.
changed(kind, path, value) := json.patch(example, [{"op": "add", "path": place(kind, path), "value": value}])

without(kind, path) := json.patch(example, [{"op": "remove", "path": place(kind, path)}])

place(kind, path) := sprintf("/%d/contents/%s", [max([i | example_objects[i].kind == kind]), path])

pod := "spec/template/spec"

container := "spec/template/spec/containers/0"

# The only message about an input. The test fails if there is no message, or more than one.
complaint(changed_example) := message if {
	complaints := deny with input as changed_example
	count(complaints) == 1
	some message in complaints
}

test_the_example_keeps_every_rule if {
	complaints := deny with input as example
	count(complaints) == 0
}
