# What holds for the gateway: it leaves in time, and whoever sends it requests learns of that.
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

# The entry points that it has.
entry_points(workload) := {name |
	some text in workload.pod.spec.containers[_].args
	name := regex.find_all_string_submatch_n(`^--entryPoints\.([^.]+)\.address=`, text, 1)[0][1]
}

# In seconds: for how long an entry point still takes requests after SIGTERM, and then lets those in flight finish.
lingers(workload, entry_point, setting) := max(told) if {
	name := sprintf("entryPoints.%s.transport.lifeCycle.%s", [entry_point, setting])
	told := {seconds | some value in argument(workload, name); seconds := time.parse_duration_ns(value) / 1000000000}
	count(told) > 0
} else := {"requestAcceptGraceTimeout": 0, "graceTimeOut": 10}[setting]

takes_requests(workload, entry_point) := lingers(workload, entry_point, "requestAcceptGraceTimeout")

longest(workload) := max({takes_requests(workload, name) | some name in entry_points(workload)})

deny contains sprintf("%s: closes as soon as it is told to leave", [workload.name]) if {
	some workload in traefiks
	longest(workload) == 0
}

# Ping and metrics have an entry point of their own, which closes at once unless it is told otherwise: then nobody hears
# from /ping that the others drain.
deny contains sprintf("%s: entry point %s closes before the others", [workload.name, name]) if {
	some workload in traefiks
	some name in entry_points(workload)
	takes_requests(workload, name) < longest(workload)
}

deny contains sprintf("%s: is killed after %d s, and needs %d to drain", [workload.name, grace, needed]) if {
	some workload in traefiks
	needed := max({seconds |
		some name in entry_points(workload)
		seconds := takes_requests(workload, name) + lingers(workload, name, "graceTimeOut")
	})
	grace := object.get(workload.pod.spec, "terminationGracePeriodSeconds", 30)
	grace <= needed
}

# Google's controller opens its firewall for the ports that serve, and for no other.
deny contains sprintf("HealthCheckPolicy/%s: asks another port than the one that serves, which the firewall may keep closed", [check.metadata.name]) if {
	some check in of_kind("HealthCheckPolicy")
	not check.spec.default.config.httpHealthCheck.portSpecification == "USE_SERVING_PORT"
}

# The middlewares of infrastructure/traefik/dynamic/middlewares.yml hold for what comes in by an entry point that names them.
attached(workload) := {name |
	some value in argument(workload, "entryPoints.web.http.middlewares")
	some name in split(value, ",")
}

deny contains sprintf("%s: entry point web has no %s", [workload.name, middleware]) if {
	some workload in traefiks
	some middleware in ["rate-limit@file", "compress@file"]
	not middleware in attached(workload)
}

# Where the internet reaches it.
deny contains sprintf("%s: RATE_LIMIT_PER_SECOND sets no limit", [workload.name]) if {
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
