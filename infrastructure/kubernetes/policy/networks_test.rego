package main

# The test's input: pods with their ports, and the policies that allow what is planned.
files_of(objects) := [file | some object in array.concat(base_objects, objects); file := {"path": "example.yaml", "contents": object}]

base_objects := array.concat(
	[
		{"kind": "Namespace", "metadata": {"name": "mlp-local"}},
		{"kind": "NetworkPolicy", "metadata": {"name": "default-deny"}, "spec": {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}},
	],
	[who |
		some name, port in {
			"api": {"name": "http", "containerPort": 8000},
			"dash": {"name": "http", "containerPort": 8050},
			"migrate": {"name": "none", "containerPort": 1},
			"postgres": {"name": "postgres", "containerPort": 5432},
		}
		who := {"kind": "Deployment", "metadata": {"name": name}, "spec": {"template": {
			"metadata": {"labels": {"app.kubernetes.io/name": name}},
			"spec": {"containers": [{"name": name, "ports": [port]}]},
		}}}
	],
)

named(name) := {"matchLabels": {"app.kubernetes.io/name": name}}

allow(name, who, rules) := {"kind": "NetworkPolicy", "metadata": {"name": name}, "spec": object.union(
	{"podSelector": who, "policyTypes": [type | some type, _ in rules]},
	{lower(type): list | some type, list in rules},
)}

planned_policies := [
	allow("api", named("api"), {
		"Ingress": [{"from": [{"podSelector": named("dash")}], "ports": [{"port": 8000}]}],
		"Egress": [{"to": [{"podSelector": named("postgres")}], "ports": [{"port": "postgres"}]}],
	}),
	allow("dash", named("dash"), {"Egress": [{"to": [{"podSelector": named("api")}], "ports": [{"port": "http"}]}]}),
	allow("migrate", named("migrate"), {"Egress": [{"to": [{"podSelector": named("postgres")}], "ports": [{"port": 5432}]}]}),
	allow("postgres", named("postgres"), {"Ingress": [{
		"from": [{"podSelector": {"matchExpressions": [{"key": "app.kubernetes.io/name", "operator": "In", "values": ["api", "migrate"]}]}}],
		"ports": [{"port": 5432}],
	}]}),
]

# The connections that work with some more policies.
reached_with(policies) := reached if {
	reached := reaches with input as files_of(array.concat(planned_policies, policies))
}

# True if a message about this input contains the text.
complains(objects, text) if {
	complaints := deny with input as files_of(objects)
	some complaint in complaints
	contains(complaint, text)
}

silent(objects, text) if not complains(objects, text)

planned_here := {["dash", "api", "http"], ["api", "postgres", "postgres"], ["migrate", "postgres", "postgres"]}

test_who_reaches_whom if {
	reached_with([]) == planned_here
	silent(planned_policies, "reach")
}

dash_calls := allow("calls", named("dash"), {"Egress": [{"to": [{"podSelector": named("postgres")}], "ports": [{"port": 5432}]}]})

database_answers := allow("answers", named("postgres"), {"Ingress": [{"from": [{"podSelector": named("dash")}], "ports": [{"port": 5432}]}]})

# Both sides must allow a connection: the caller and the called.
test_one_side_is_not_enough if {
	reached_with([dash_calls]) == planned_here
	reached_with([database_answers]) == planned_here
}

# A policy for an unplanned connection is an error, even if the other side still denies it.
test_one_side_that_was_not_planned if {
	complains(array.concat(planned_policies, [dash_calls]), "NetworkPolicy/calls: dash is not planned to reach postgres at its port postgres")
	complains(array.concat(planned_policies, [database_answers]), "NetworkPolicy/answers: dash is not planned to reach postgres at its port postgres")
}

test_unplanned_pod if {
	answers := allow("answers", named("postgres"), {"Ingress": [{"from": [{"ipBlock": {"cidr": "0.0.0.0/0"}}], "ports": [{"port": 5432}]}]})
	complains(array.concat(planned_policies, [dash_calls, answers]), "dash reaches postgres at its port postgres, which is not planned")
}

# All ways in which a rule can select a pod.
test_peers if {
	dash := named("dash").matchLabels
	every peer in [
		{"podSelector": named("dash")},
		{"podSelector": {"matchExpressions": [{"key": "app.kubernetes.io/name", "operator": "NotIn", "values": ["api"]}]}},
		{"podSelector": {"matchExpressions": [{"key": "app.kubernetes.io/name", "operator": "Exists"}]}},
		{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "mlp-local"}}},
		{"ipBlock": {"cidr": "0.0.0.0/0"}},
		{"ipBlock": {"cidr": "10.20.0.0/16"}},
	] {
		is_about(peer, dash) with input as files_of([])
	}
	every peer in [
		{"podSelector": named("api")},
		{"podSelector": {"matchExpressions": [{"key": "app.kubernetes.io/name", "operator": "DoesNotExist"}]}},
		{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}},
		{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "mlp-local"}}, "podSelector": named("api")},
		{"ipBlock": {"cidr": "35.191.0.0/16"}},
		{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]}},
	] {
		not is_about(peer, dash) with input as files_of([])
	}
}

test_ports if {
	http := {"name": "http", "containerPort": 8000}
	every ports in [[], [{"port": 8000}], [{"port": "http"}], [{"port": 7000, "endPort": 9000}], [{"protocol": "TCP"}]] {
		at({"ports": ports}, http)
	}
	every port in [{"port": 8001}, {"port": "metrics"}, {"port": 7000, "endPort": 7999}, {"port": 8000, "protocol": "UDP"}] {
		not at({"ports": [port]}, http)
	}
}

test_missing_connection if {
	complains(array.slice(planned_policies, 0, 3), "api cannot reach postgres at its port postgres")
	complains(array.slice(planned_policies, 1, 4), "dash cannot reach api at its port http")
}

# The planned connections use names.
test_pod_without_a_name if {
	nameless := {"kind": "Pod", "metadata": {"name": "x", "labels": {"app": "x"}}, "spec": {"containers": [{"name": "x", "ports": [{"containerPort": 1234}]}]}}
	complains([nameless], "Pod/x, container x: its port 1234 has no name")
	to_nobody := allow("loose", {"matchLabels": {"app": "x"}}, {"Egress": [{"to": [{"podSelector": named("api")}], "ports": [{"port": 8000}]}]})
	complains([nameless, to_nobody], "(nameless) is not planned to reach api")
}

# Without a policy that isolates a pod, everything is allowed.
test_without_isolation if {
	open := [object | some object in base_objects; object.kind != "NetworkPolicy"]
	reached := reaches with input as [file | some object in open; file := {"path": "open.yaml", "contents": object}]
	["dash", "postgres", "postgres"] in reached
}

test_rules_that_let_everybody_through if {
	peers := [{"podSelector": named("dash")}]
	ports := [{"port": 8000}]
	every rule in [{}, {"from": peers}, {"ports": ports}, {"from": [], "ports": ports}, {"from": peers, "ports": []}] {
		is_vague(rule, "Ingress")
	}
	not is_vague({"from": peers, "ports": ports}, "Ingress")
	complains([allow("loose", {}, {"Egress": [{}]})], "NetworkPolicy/loose: a rule must name both")
	silent(planned_policies, "a rule")
}

test_rules_that_name_everybody if {
	every peer in [{}, {"podSelector": {}}, {"namespaceSelector": {}}, {"namespaceSelector": {}, "podSelector": named("dash")}] {
		names_everybody(peer)
	}
	every peer in [{"podSelector": named("dash")}, {"ipBlock": {"cidr": "10.0.0.0/8"}}] {
		not names_everybody(peer)
	}
	ports := [{"port": 8000}]
	complains([allow("loose", named("api"), {"Ingress": [{"from": [{"podSelector": {}}], "ports": ports}]})], "NetworkPolicy/loose: a rule selects every pod")
	without_directions := {"kind": "NetworkPolicy", "metadata": {"name": "loose"}, "spec": {"podSelector": named("api")}}
	complains([without_directions], "NetworkPolicy/loose: has no policyTypes")
	every_port := {"from": [{"podSelector": named("dash")}], "ports": [{"protocol": "TCP"}]}
	complains([allow("loose", named("api"), {"Ingress": [every_port]})], "NetworkPolicy/loose: a rule allows every port")
}

test_ways_in_and_out if {
	everywhere := [{"ipBlock": {"cidr": "0.0.0.0/0"}}]
	complains([allow("out", named("api"), {"Egress": [{"to": everywhere, "ports": [{"port": 443}]}]})], "api may reach 0.0.0.0/0 at port 443")
	complains([allow("in", named("api"), {"Ingress": [{"from": everywhere, "ports": [{"port": 8000}]}]})], "0.0.0.0/0 may reach api at port 8000")
	system := [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}}]
	complains([allow("names", {}, {"Egress": [{"to": system, "ports": [{"port": 53}]}]})], "may reach kube-system at port 53")
}

# The same address resolves names for every pod, and issues identities only to some.
test_ways_out_by_port if {
	metadata := [{"ipBlock": {"cidr": "169.254.169.254/32"}}]
	identity := {"Egress": [{"to": metadata, "ports": [{"port": 80}]}]}
	silent([allow("identity", named("api"), identity)], "may reach")
	complains([allow("identity", named("dash"), identity)], "dash may reach 169.254.169.254/32 at port 80")
	silent([allow("names", {}, {"Egress": [{"to": metadata, "ports": [{"port": 53}]}]})], "may reach")
}

# Connections from anywhere are allowed only in the cluster on this machine.
test_ways_in_by_environment if {
	from_anywhere := allow("in", named("traefik"), {"Ingress": [{"from": [{"ipBlock": {"cidr": "0.0.0.0/0"}}], "ports": [{"port": 8088}]}]})
	traefik := {"kind": "Pod", "metadata": {"name": "traefik", "labels": {"app.kubernetes.io/name": "traefik"}}, "spec": {"containers": []}}
	silent([from_anywhere, traefik], "may reach traefik")
	complaints := deny with input as [file |
		some object in [from_anywhere, traefik, {"kind": "Namespace", "metadata": {"name": "mlp-production"}}]
		file := {"path": "example.yaml", "contents": object}
	]
	some complaint in complaints
	contains(complaint, "0.0.0.0/0 may reach traefik at port 8088")
}
