# Checks that the nodes have room for the pods' requests. CPU is in thousandths of a core, memory in MiB.
package main

# A pod's request is the sum of its containers and sidecars, or the largest of its init containers if that is more.
request(template, resource) := max({beside} | before) if {
	first := object.get(template.spec, "initContainers", [])
	beside := sum([amount(container, resource) | some container in template.spec.containers]) + sum([amount(container, resource) |
		some container in first
		container.restartPolicy == "Always"
	])
	before := {amount(container, resource) | some container in first}
}

amount(container, "cpu") := round(units.parse(container.resources.requests.cpu) * 1000)

amount(container, "memory") := units.parse_bytes(container.resources.requests.memory) / 1048576

# --- Autopilot: 1 to 6.5 GiB of memory per core, and at least 50m and 52 MiB for each pod --------------------
# https://docs.cloud.google.com/kubernetes-engine/docs/concepts/autopilot-resource-requests

deny contains sprintf("%s: Autopilot would change its requests, %dm of CPU and %d MiB", [workload.name, cpu, memory]) if {
	some gateway in of_kind("Gateway")
	startswith(gateway.spec.gatewayClassName, "gke-")
	some workload in workloads
	cpu := request(workload.pod, "cpu")
	memory := request(workload.pod, "memory")
	not keeps_as_it_is(cpu, memory)
}

keeps_as_it_is(cpu, memory) if {
	cpu >= 50
	memory >= 52
	memory * 1000 >= cpu * 1024
	memory * 1000 <= (cpu * 1024) * 6.5
}

# --- This machine: two cores and 4 GB, of which kind's own pods request 950m and 290 MiB ---------------------

room_here := {"cpu": 2000 - 950, "memory": 3500 - 290}

deny contains sprintf(text, [asked, room_here[resource]]) if {
	on_this_machine
	some resource, text in {
		"cpu": "the pods request %dm of CPU, but two cores have %dm left",
		"memory": "the pods request %d MiB of memory, but 4 GB have %d MiB left",
	}
	asked := sum([together |
		some workload in workloads
		together := request(workload.pod, resource) * at_once(workload.object)
	])
	asked > room_here[resource]
}

# A rollout adds one pod.
at_once(scaled) := replicas(scaled) + 1 if {
	scaled.kind == "Deployment"
	object.get(scaled.spec, ["strategy", "type"], "RollingUpdate") == "RollingUpdate"
} else := replicas(scaled)

replicas(scaled) := object.get(scaled.spec, "replicas", 1)
