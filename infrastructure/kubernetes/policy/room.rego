# Whether there is room for what the pods ask for. In thousandths of a core, and in MiB.
package main

# A pod asks for what its containers and the sidecars beside them ask for; for what runs before, where that is more.
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

# --- Autopilot: a GiB for each core at least and six and a half at most, and no pod below 50m and 52 MiB -----
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

# --- This machine: two cores and 4 GB, of which kind's own pods ask for 950m and 290 MiB ---------------------

room_here := {"cpu": 2000 - 950, "memory": 3500 - 290}

deny contains sprintf(text, [asked, room_here[resource]]) if {
	on_this_machine
	some resource, text in {
		"cpu": "%dm of CPU are asked for, and two cores have %dm left",
		"memory": "%d MiB of memory are asked for, and 4 GB have %d left",
	}
	asked := sum([together |
		some workload in workloads
		together := request(workload.pod, resource) * at_once(workload.object)
	])
	asked > room_here[resource]
}

# During a rollout there is one more of each.
at_once(scaled) := replicas(scaled) + 1 if {
	scaled.kind == "Deployment"
	object.get(scaled.spec, ["strategy", "type"], "RollingUpdate") == "RollingUpdate"
} else := replicas(scaled)

replicas(scaled) := object.get(scaled.spec, "replicas", 1)
