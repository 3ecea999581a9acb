package main

test_root if {
	contains(complaint(changed("Deployment", concat("/", [pod, "securityContext/runAsUser"]), 0)), "runs as root")
	contains(complaint(without("Deployment", concat("/", [pod, "securityContext/runAsNonRoot"]))), "runs as root")
}

# A container can override its pod's securityContext.
test_container_that_differs_from_its_pod if {
	every path in ["containers/0", "initContainers/0"] {
		every field, value in {"runAsUser": 0, "runAsNonRoot": false, "seccompProfile": {"type": "Unconfined"}, "privileged": true} {
			bad := changed("Deployment", concat("/", [pod, path, "securityContext", field]), value)
			contains(complaint(bad), sprintf("its own securityContext.%s", [field]))
		}
	}
}

test_host_port if {
	every path in ["containers/0", "initContainers/0"] {
		bad := changed("Deployment", concat("/", [pod, path, "ports"]), [{"name": "http", "containerPort": 8000, "hostPort": 80}])
		contains(complaint(bad), "port 80 of its node")
	}
}

# The rules apply to every kind that creates pods, and to pods without a controller.
test_every_kind_that_makes_pods if {
	bad := object.union(example_pod, {"spec": object.union(example_pod.spec, {"hostNetwork": true})})
	every kind in ["StatefulSet", "DaemonSet", "ReplicaSet", "Job"] {
		contains(complaint(with_object({"kind": kind, "metadata": {"name": "bad"}, "spec": {"template": bad}})), "hostNetwork")
	}
	cron_job := {"kind": "CronJob", "metadata": {"name": "bad"}, "spec": {"jobTemplate": {"spec": {"template": bad}}}}
	contains(complaint(with_object(cron_job)), "hostNetwork")
	contains(complaint(with_object(object.union(bad, {"kind": "Pod", "metadata": {"name": "bad"}}))), "hostNetwork")
	without_probes := json.patch(cron_job, [
		{"op": "replace", "path": "/spec/jobTemplate/spec/template", "value": example_pod},
		{"op": "remove", "path": "/spec/jobTemplate/spec/template/spec/containers/0/readinessProbe"},
	])
	count(deny) == 0 with input as with_object(without_probes)
}

test_seccomp if {
	contains(complaint(without("Deployment", concat("/", [pod, "securityContext/seccompProfile"]))), "seccomp")
}

test_node if {
	every field in ["hostNetwork", "hostPID", "hostIPC"] {
		contains(complaint(changed("Deployment", concat("/", [pod, field]), true)), field)
	}
	contains(complaint(changed("Deployment", concat("/", [pod, "volumes/0/hostPath"]), {"path": "/"})), "directory of its node")
}

test_service_account if {
	contains(complaint(without("Deployment", concat("/", [pod, "serviceAccountName"]))), "service account")
	contains(complaint(without("ServiceAccount", "automountServiceAccountToken")), "token")
	contains(complaint(changed("Deployment", concat("/", [pod, "automountServiceAccountToken"]), true)), "has a token")
	token := [{"name": "token", "projected": {"sources": [{"serviceAccountToken": {"path": "token"}}]}}]
	contains(complaint(changed("Deployment", concat("/", [pod, "volumes"]), token)), "mounts a token")
}

test_service_links if {
	contains(complaint(without("Deployment", concat("/", [pod, "enableServiceLinks"]))), "variables")
}

test_container_rights if {
	contains(complaint(without("Deployment", concat("/", [container, "securityContext/readOnlyRootFilesystem"]))), "write to its root")
	contains(complaint(changed("Deployment", concat("/", [container, "securityContext/allowPrivilegeEscalation"]), true)), "gain privileges")
	contains(complaint(changed("Deployment", concat("/", [container, "securityContext/capabilities/drop"]), [])), "keeps capabilities")
	contains(complaint(changed("Deployment", concat("/", [container, "securityContext/capabilities/add"]), ["NET_ADMIN"])), "keeps capabilities")
}

test_images if {
	digest := concat("", ["example/api@sha256:", concat("", ["0" | some _ in numbers.range(1, 64)])])
	every image in ["example/api", "example/api:latest", "localhost:5000/api", "example/api@sha256:12"] {
		contains(complaint(changed("Deployment", concat("/", [container, "image"]), image)), "has no version")
	}
	every image in ["localhost:5000/api:v1", digest] {
		count(deny) == 0 with input as changed("Deployment", concat("/", [container, "image"]), image)
	}
}

test_resources if {
	every path in ["requests/cpu", "requests/memory", "limits/cpu", "limits/memory"] {
		contains(complaint(without("Deployment", concat("/", [container, "resources", path]))), "has no")
	}
}

test_probes if {
	every probe in ["startupProbe", "livenessProbe", "readinessProbe"] {
		contains(complaint(without("Deployment", concat("/", [container, probe]))), probe)
	}
	contains(complaint(without("Deployment", "spec/template/spec/initContainers/0/startupProbe")), "startupProbe")
}
