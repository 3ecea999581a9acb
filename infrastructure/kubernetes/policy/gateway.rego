# Rules for the gateway: it drains long enough, and announces the drain to load balancers.
package main

traefiks contains workload if {
	some workload in workloads
	workload.object.metadata.name == "traefik"
}

# The values of an argument of Traefik.
argument(workload, name) := {value |
	some text in workload.pod.spec.containers[_].args
	prefix := sprintf("--%s=", [name])
	startswith(text, prefix)
	value := trim_prefix(text, prefix)
}

# The names of its entry points.
entry_points(workload) := {name |
	some text in workload.pod.spec.containers[_].args
	name := regex.find_all_string_submatch_n(`^--entryPoints\.([^.]+)\.address=`, text, 1)[0][1]
}

# One of the two times of a drain, in seconds: accept requests after SIGTERM, then let those in flight finish.
lingers(workload, entry_point, setting) := max(told) if {
	name := sprintf("entryPoints.%s.transport.lifeCycle.%s", [entry_point, setting])
	told := {seconds | some value in argument(workload, name); seconds := time.parse_duration_ns(value) / 1000000000}
	count(told) > 0
} else := {"requestAcceptGraceTimeout": 0, "graceTimeOut": 10}[setting]

takes_requests(workload, entry_point) := lingers(workload, entry_point, "requestAcceptGraceTimeout")

longest(workload) := max({takes_requests(workload, name) | some name in entry_points(workload)})

deny contains sprintf("%s: closes at SIGTERM; set requestAcceptGraceTimeout", [workload.name]) if {
	some workload in traefiks
	longest(workload) == 0
}

# Ping and metrics have their own entry point. If it closes first, load balancers cannot see the 503 of /ping.
deny contains sprintf("%s: entry point %s closes before the others", [workload.name, name]) if {
	some workload in traefiks
	some name in entry_points(workload)
	takes_requests(workload, name) < longest(workload)
}

deny contains sprintf("%s: is killed after %d s, but needs %d s to drain", [workload.name, grace, needed]) if {
	some workload in traefiks
	needed := max({seconds |
		some name in entry_points(workload)
		seconds := takes_requests(workload, name) + lingers(workload, name, "graceTimeOut")
	})
	grace := object.get(workload.pod.spec, "terminationGracePeriodSeconds", 30)
	grace <= needed
}

# Google's controller opens its firewall only for the serving ports.
deny contains sprintf("HealthCheckPolicy/%s: the firewall may block its port; use portSpecification USE_SERVING_PORT", [check.metadata.name]) if {
	some check in of_kind("HealthCheckPolicy")
	not check.spec.default.config.httpHealthCheck.portSpecification == "USE_SERVING_PORT"
}

# An entry point applies only those middlewares of infrastructure/traefik/dynamic/middlewares.yml that it names.
attached(workload) := {name |
	some value in argument(workload, "entryPoints.web.http.middlewares")
	some name in split(value, ",")
}

deny contains sprintf("%s: entry point web lacks the middleware %s", [workload.name, middleware]) if {
	some workload in traefiks
	some middleware in ["rate-limit@file", "compress@file"]
	not middleware in attached(workload)
}

# Only for clusters that the internet can reach.
deny contains sprintf("%s: RATE_LIMIT_PER_SECOND must be above 0", [workload.name]) if {
	some gateway in of_kind("Gateway")
	startswith(gateway.spec.gatewayClassName, "gke-")
	some workload in traefiks
	not is_limited(workload)
}

is_limited(workload) if {
	some source in workload.pod.spec.containers[_].envFrom
	some settings in of_kind("ConfigMap")
	settings.metadata.name == source.configMapRef.name
	to_number(settings.data.RATE_LIMIT_PER_SECOND) > 0
}
