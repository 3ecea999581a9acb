package main

with_traefik(grace, arguments) := json.patch(example, [
	{"op": "replace", "path": place("Deployment", "metadata/name"), "value": "traefik"},
	{"op": "replace", "path": place("Deployment", concat("/", [pod, "terminationGracePeriodSeconds"])), "value": grace},
	{"op": "add", "path": place("Deployment", concat("/", [container, "args"])), "value": arguments},
])

middlewares := "--entryPoints.web.http.middlewares=rate-limit@file,compress@file"

lingering := [
	middlewares,
	"--entryPoints.web.address=:8088",
	"--entryPoints.web.transport.lifeCycle.requestAcceptGraceTimeout=15s",
	"--entryPoints.web.transport.lifeCycle.graceTimeOut=20s",
	"--entryPoints.traefik.address=:8080",
	"--entryPoints.traefik.transport.lifeCycle.requestAcceptGraceTimeout=15s",
]

test_traefik_that_leaves_in_time if {
	count(deny) == 0 with input as with_traefik(45, lingering)
}

test_traefik_that_is_killed if {
	contains(complaint(with_traefik(36, array.concat(lingering, ["--entryPoints.web.transport.lifeCycle.graceTimeOut=1m"]))), "needs 75 s to drain")
	contains(complaint(with_traefik(35, lingering)), "is killed after 35 s, but needs 35 s to drain")
}

test_traefik_that_closes_at_once if {
	contains(complaint(with_traefik(45, array.slice(lingering, 0, 5))), "entry point traefik closes before the others")
	contains(complaint(with_traefik(45, [middlewares, "--entryPoints.web.address=:8088"])), "closes at SIGTERM")
}

test_health_check if {
	fixed := {"portSpecification": "USE_FIXED_PORT", "port": 8080}
	contains(complaint(changed("HealthCheckPolicy", "spec/default/config/httpHealthCheck", fixed)), "firewall")
}

test_traefik_without_middlewares if {
	alone := array.slice(lingering, 1, count(lingering))
	limited := array.concat(alone, ["--entryPoints.web.http.middlewares=rate-limit@file"])
	contains(complaint(with_traefik(45, limited)), "entry point web lacks the middleware compress@file")
	says(with_traefik(45, alone), "entry point web lacks the middleware rate-limit@file")
}

test_traefik_without_a_limit if {
	says(on_the_internet("0"), "RATE_LIMIT_PER_SECOND must be above 0")
	says(array.concat(with_traefik(45, lingering), on_autopilot), "RATE_LIMIT_PER_SECOND must be above 0")
	not says(on_the_internet("100"), "RATE_LIMIT_PER_SECOND must be above 0")
}

on_autopilot := [{"path": "example.yaml", "contents": object} | some object in on_autopilot_objects]

on_the_internet(limit) := array.concat(
	json.patch(with_traefik(45, lingering), [{"op": "add", "path": place("ConfigMap", "data/RATE_LIMIT_PER_SECOND"), "value": limit}]),
	on_autopilot,
)
