# Who may reach whom: the networks of docs/containers.md, by pod. What the NetworkPolicies of an overlay allow is worked out
# as a cluster does it, and held to the plan: nothing more, and nothing less.
package main

services := {"api", "dash", "react"}

# Inside: caller, called, and the port by its name.
planned contains ["traefik", service, "http"] if some service in services

planned contains ["dash", "api", "http"]

planned contains [caller, "postgres", "postgres"] if some caller in {"api", "migrate", "postgres-exporter"}

planned contains ["prometheus", service, "http"] if some service in services

planned contains ["prometheus", "traefik", "metrics"]

planned contains [caller, "jaeger", "otlp"] if some caller in (services | {"traefik"})

# The parts of the monitoring show each other what they have.
planned contains [caller, called, port] if {
	some caller in monitoring
	some called in monitoring
	some port in {"http", "metrics"}
}

monitoring contains name_of(labels) if {
	some labels in labels_of
	labels["app.kubernetes.io/component"] == "monitoring"
}

# The ways out of the namespace, and into it: who, which way, whom, and at which ports.
planned_outside contains [everybody, "Egress", peer, {53}] if some peer in name_servers

planned_outside contains [{"traefik", "prometheus", "alloy"}, "Egress", {"ipBlock": {"cidr": cidr}}, {443, 6443}] if {
	# Kubernetes' API server has a private address, and is no pod.
	some cidr in private_networks
}

planned_outside contains [{"api", "migrate"}, "Egress", peer, ports] if {
	# What the proxy of Cloud SQL talks to: the instance, the metadata server, and Google's APIs.
	some [peer, ports] in [
		[{"ipBlock": {"cidr": "10.40.0.0/20"}}, {3307}],
		[{"ipBlock": {"cidr": "169.254.169.254/32"}}, {80}],
		[{"ipBlock": {"cidr": "0.0.0.0/0", "except": array.concat(private_networks, ["169.254.0.0/16"])}}, {443}],
	]
}

planned_outside contains [{"traefik"}, "Ingress", {"ipBlock": {"cidr": cidr}}, {8088}] if {
	# Google's load balancer.
	some cidr in ["35.191.0.0/16", "130.211.0.0/22"]
}

planned_outside contains [{"traefik"}, "Ingress", {"ipBlock": {"cidr": "0.0.0.0/0"}}, {8088}] if on_this_machine

planned_outside contains [(services | {"traefik"}), "Ingress", peer, {"http", "metrics"}] if {
	peer := {"namespaceSelector": {"matchExpressions": [{
		"key": "kubernetes.io/metadata.name",
		"operator": "In",
		"values": ["gke-gmp-system", "gmp-system"],
	}]}}
}

everybody := {name_of(labels) | some labels in labels_of}

name_servers := [
	{"ipBlock": {"cidr": "169.254.20.10/32"}},
	{"ipBlock": {"cidr": "169.254.169.254/32"}},
	in_kube_system("kube-dns"),
	in_kube_system("node-local-dns"),
]

in_kube_system(name) := {
	"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
	"podSelector": {"matchLabels": {"k8s-app": name}},
}

private_networks := ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]

deny contains sprintf("%s reaches %s at its port %s, which is not planned", [caller, called, port]) if {
	some [caller, called, port] in reaches
	not [caller, called, port] in planned
}

deny contains sprintf("%s does not reach %s at its port %s", [caller, called, port]) if {
	some [caller, called, port] in planned
	caller in everybody
	[called, port] in doors
	not [caller, called, port] in reaches
}

# One side alone lets nobody through, and leaves it to the other.
deny contains sprintf("NetworkPolicy/%s: %s is not planned to reach %s at its port %s", [policy, caller, called, port.name]) if {
	some one, by_direction in applying
	some direction, policies in by_direction
	some policy in policies
	some rule in policy_specs[policy][lower(direction)]
	some peer in peers(rule, direction)
	some other, labels in labels_of
	is_about_pod(peer, labels)
	[from, to] := {"Egress": [one, other], "Ingress": [other, one]}[direction]
	some port in ports_of[to]
	at(rule, port)
	[caller, called] := [name_of(labels_of[from]), name_of(labels_of[to])]
	not [caller, called, port.name] in planned
}

deny contains sprintf(text, [name, where(peer), port.port]) if {
	some direction, text in {"Egress": "%s may reach %s at port %v, which is not planned", "Ingress": "%[2]s may reach %[1]s at port %[3]v, which is not planned"}
	some one, by_direction in applying
	some policy in by_direction[direction]
	some rule in policy_specs[policy][lower(direction)]
	some peer in peers(rule, direction)
	outside(peer)
	some port in rule.ports
	name := name_of(labels_of[one])
	not is_planned_outside(name, direction, peer, port.port)
}

is_planned_outside(name, direction, peer, port) if {
	some [names, way, whom, ports] in planned_outside
	[way, whom] == [direction, peer]
	name in names
	port in ports
}

outside(peer) if peer.ipBlock

outside(peer) if peer.namespaceSelector

where(peer) := peer.ipBlock.cidr

where(peer) := concat(", ", names) if {
	labels := object.get(peer.namespaceSelector, "matchLabels", {})
	names := {name | some _, name in labels} | {name | name := peer.namespaceSelector.matchExpressions[_].values[_]}
}

# --- What a rule has to say --------------------------------------------------------------------------------

deny contains sprintf("NetworkPolicy/%s: a rule does not say both whom it is about and at which ports", [policy]) if {
	some [policy, direction, rule] in rules
	is_vague(rule, direction)
}

is_vague(rule, direction) if count(peers(rule, direction)) == 0

is_vague(rule, _) if count(object.get(rule, "ports", [])) == 0

deny contains sprintf("NetworkPolicy/%s: a rule names everybody", [policy]) if {
	some [policy, direction, rule] in rules
	some peer in peers(rule, direction)
	names_everybody(peer)
}

names_everybody(peer) if count(peer) == 0

names_everybody(peer) if {
	some selector in ["podSelector", "namespaceSelector"]
	is_empty(peer[selector])
}

deny contains sprintf("NetworkPolicy/%s: a rule names every port", [policy]) if {
	some [policy, _, rule] in rules
	some port in rule.ports
	not port.port
}

deny contains sprintf("NetworkPolicy/%s: does not say which directions it is about", [policy]) if {
	some policy, spec in policy_specs
	not spec.policyTypes
}

rules contains [policy, direction, rule] if {
	some policy, spec in policy_specs
	some direction in ["Egress", "Ingress"]
	some rule in spec[lower(direction)]
}

# --- What policies allow -----------------------------------------------------------------------------------

# By the names of objects, each worked out once: who there is, at which ports they listen, which policies are about them.
labels_of := {workload.name: workload.pod.metadata.labels | some workload in workloads}

ports_of := {name: ports |
	some name, _ in labels_of
	ports := {port | some entry in containers; entry.workload.name == name; some port in entry.container.ports}
}

policy_specs := {policy.metadata.name: policy.spec | some policy in of_kind("NetworkPolicy")}

applying := {name: by_direction |
	some name, labels in labels_of
	by_direction := {direction: policies |
		some direction in ["Egress", "Ingress"]
		policies := {policy | some policy, spec in policy_specs; direction in spec.policyTypes; selects(spec.podSelector, labels)}
	}
}

name_of(labels) := object.get(labels, "app.kubernetes.io/name", "(nameless)")

deny contains sprintf("%s: its port %d has no name, by which the networks are planned", [entry.name, port.containerPort]) if {
	some entry in containers
	some port in entry.container.ports
	not port.name
}

# Where something listens.
doors contains [name_of(labels_of[name]), port.name] if {
	some name, ports in ports_of
	some port in ports
}

# Who gets through to whom: the one has to be allowed to call, and the other to be called.
reaches contains [name_of(labels), name_of(labels_of[called]), port.name] if {
	some called, ports in ports_of
	some port in ports
	some caller, labels in labels_of
	allows(caller, "Egress", called, port)
	allows(called, "Ingress", caller, port)
}

# Where a pod has no policy for a direction, everything is allowed; otherwise what one of them allows.
allows(name, direction, _, _) if count(applying[name][direction]) == 0

allows(name, direction, other, port) if {
	some policy in applying[name][direction]
	some rule in policy_specs[policy][lower(direction)]
	at(rule, port)
	about(rule, direction, labels_of[other])
}

peers(rule, direction) := object.get(rule, {"Egress": "to", "Ingress": "from"}[direction], [])

about(rule, direction, _) if count(peers(rule, direction)) == 0

about(rule, direction, labels) if {
	some peer in peers(rule, direction)
	is_about(peer, labels)
}

is_about(peer, labels) if is_about_pod(peer, labels)

# A pod has a private address; which one is for the cluster to say, so any of them may be meant.
is_about(peer, _) if {
	some network in private_networks
	net.cidr_intersects(peer.ipBlock.cidr, network)
	not spared(peer.ipBlock, network)
}

is_about_pod(peer, labels) if {
	not peer.ipBlock
	not peer.namespaceSelector
	selects(object.get(peer, "podSelector", {}), labels)
}

is_about_pod(peer, labels) if {
	selects(peer.namespaceSelector, our_labels)
	selects(object.get(peer, "podSelector", {}), labels)
}

spared(block, network) if {
	some except in block.except
	net.cidr_contains(except, network)
}

# Those of our namespace; Kubernetes adds its name.
our_labels := object.union(object.get(namespace.metadata, "labels", {}), {"kubernetes.io/metadata.name": namespace.metadata.name}) if {
	some namespace in of_kind("Namespace")
}

at(rule, _) if count(object.get(rule, "ports", [])) == 0

at(rule, port) if {
	some allowed in rule.ports
	object.get(allowed, "protocol", "TCP") == object.get(port, "protocol", "TCP")
	is_at(allowed, port)
}

is_at(allowed, _) if not allowed.port

is_at(allowed, port) if allowed.port == port.name

is_at(allowed, port) if {
	is_number(allowed.port)
	port.containerPort >= allowed.port
	port.containerPort <= object.get(allowed, "endPort", allowed.port)
}
