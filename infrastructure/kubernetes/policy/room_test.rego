package main

# A workload with these requests, and the objects from which the rules tell where it runs.
asking(place_objects, cpu, memory, replicas) := [file |
	some object in array.concat(place_objects, [{
		"kind": "Deployment",
		"metadata": {"name": "api"},
		"spec": {"replicas": replicas, "template": {"spec": {
			"containers": [{"name": "api", "resources": {"requests": {"cpu": cpu, "memory": memory}}}],
			"initContainers": [
				{"name": "proxy", "restartPolicy": "Always", "resources": {"requests": {"cpu": "50m", "memory": "64Mi"}}},
				{"name": "first", "resources": {"requests": {"cpu": "100m", "memory": "8Mi"}}},
			],
		}}},
	}])
	file := {"path": "room.yaml", "contents": object}
]

says(files, text) if {
	complaints := deny with input as files
	some complaint in complaints
	contains(complaint, text)
}

on_autopilot_objects := [{"kind": "Gateway", "metadata": {"name": "edge"}, "spec": {"gatewayClassName": "gke-l7-global-external-managed"}}]

on_this_machine_objects := [{"kind": "Namespace", "metadata": {"name": "mlp-local"}}]

template_asking(cpu) := [file.contents.spec.template | some file in asking([], cpu, "256Mi", 1)][0]

test_request_of_a_pod if {
	request(template_asking("0.25"), "cpu") == 300
	request(template_asking("250m"), "memory") == 320

	# An init container counts if it requests more than all others together.
	request(template_asking("10m"), "cpu") == 100
}

test_autopilot_ratio if {
	says(asking(on_autopilot_objects, "250m", "64Mi", 1), "Deployment/api: Autopilot would change its requests")
	says(asking(on_autopilot_objects, "250m", "4Gi", 1), "Deployment/api: Autopilot would change its requests")
	not says(asking(on_autopilot_objects, "250m", "256Mi", 1), "Autopilot would change")
	not says(asking([], "250m", "64Mi", 1), "Autopilot would change")
}

test_room_on_this_machine if {
	says(asking(on_this_machine_objects, "200m", "64Mi", 4), "the pods request 1250m of CPU, but two cores have 1050m left")
	says(asking(on_this_machine_objects, "50m", "1Gi", 2), "the pods request 3264 MiB of memory")
	not says(asking(on_this_machine_objects, "200m", "64Mi", 3), "the pods request")
	not says(asking(on_autopilot_objects, "2", "4Gi", 4), "the pods request")
}
