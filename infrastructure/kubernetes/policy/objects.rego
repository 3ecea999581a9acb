# The input of the rules: all objects of one overlay (conftest --combine), because many rules check how
# objects fit together.
package main

objects contains file.contents if some file in input

of_kind(kind) := {object | some object in objects; object.kind == kind}

# Everything that creates pods, of every kind, and pods without a controller. `pod` is the pod template.
workloads contains {"name": name, "kind": object.kind, "object": object, "pod": pod_of(object)} if {
	some object in objects
	name := sprintf("%s/%s", [object.kind, object.metadata.name])
}

pod_of(object) := object.spec.template if object.spec.template.spec.containers

pod_of(object) := object.spec.jobTemplate.spec.template if object.kind == "CronJob"

pod_of(object) := object if object.kind == "Pod"

# Every container of a pod, sidecars included.
containers contains {"name": name, "container": container, "workload": workload} if {
	some workload in workloads
	some list in ["containers", "initContainers"]
	some container in workload.pod.spec[list]
	name := sprintf("%s, container %s", [workload.name, container.name])
}

# True if the label selector matches these labels.
selects(selector, labels) if {
	every key, value in object.get(selector, "matchLabels", {}) {
		labels[key] == value
	}
	every expression in object.get(selector, "matchExpressions", []) {
		holds(expression, labels)
	}
}

holds(expression, labels) if {
	expression.operator == "In"
	labels[expression.key] in expression.values
}

holds(expression, labels) if {
	expression.operator == "NotIn"
	not labels[expression.key] in expression.values
}

holds(expression, labels) if {
	expression.operator == "Exists"
	expression.key in object.keys(labels)
}

holds(expression, labels) if {
	expression.operator == "DoesNotExist"
	not expression.key in object.keys(labels)
}

is_empty(selector) if count(selector) == 0

on_this_machine if {
	some namespace in of_kind("Namespace")
	namespace.metadata.name == "mlp-local"
}
