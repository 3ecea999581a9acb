# The planned connections between pods (the networks of docs/containers.md), compared with what an overlay's NetworkPolicies
# allow. These rules evaluate the policies as a cluster does. They must allow every planned connection, and no other.
package main

services := {"api", "dash", "react"}

# Inside the namespace: caller, called, name of the port.
planned contains ["traefik", service, "http"] if some service in services

planned contains ["dash", "api", "http"]

planned contains [caller, "postgres", "postgres"] if some caller in {"api", "migrate", "postgres-exporter"}

planned contains ["prometheus", service, "http"] if some service in services

planned contains ["prometheus", "traefik", "metrics"]

planned contains [caller, "jaeger", "otlp"] if some caller in (services | {"traefik"})

# The parts of the monitoring scrape and query each other.
planned contains [caller, called, port] if {
	some caller in monitoring
	some called in monitoring
	some port in {"http", "metrics"}
}

monitoring contains name_of(labels) if {
	some labels in labels_of
	labels["app.kubernetes.io/component"] == "monitoring"
}

# Out of the namespace and into it: names of the pods, direction, peer, ports.
planned_outside contains [everybody, "Egress", peer, {53}] if some peer in name_servers

planned_outside contains [{"traefik", "prometheus", "alloy"}, "Egress", {"ipBlock": {"cidr": cidr}}, {443, 6443}] if {
	# Kubernetes' API server is not a pod; it has a private address.
	some cidr in private_networks
}

planned_outside contains [{"api", "migrate"}, "Egress", peer, ports] if {
	# Cloud SQL's proxy connects to the instance, the metadata server and Google's APIs.
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

deny contains sprintf("%s cannot reach %s at its port %s, which is planned", [caller, called, port]) if {
	some [caller, called, port] in planned
	caller in everybody
	[called, port] in listening
	not [caller, called, port] in reaches
}

# A policy of one side opens nothing by itself, but then only the other side prevents the connection.
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

# --- Every rule is explicit --------------------------------------------------------------------------------

deny contains sprintf("NetworkPolicy/%s: a rule must name both its peers and its ports", [policy]) if {
	some [policy, direction, rule] in rules
	is_vague(rule, direction)
}

is_vague(rule, direction) if count(peers(rule, direction)) == 0

is_vague(rule, _) if count(object.get(rule, "ports", [])) == 0

deny contains sprintf("NetworkPolicy/%s: a rule selects every pod or every namespace", [policy]) if {
	some [policy, direction, rule] in rules
	some peer in peers(rule, direction)
	names_everybody(peer)
}

names_everybody(peer) if count(peer) == 0

names_everybody(peer) if {
	some selector in ["podSelector", "namespaceSelector"]
	is_empty(peer[selector])
}

deny contains sprintf("NetworkPolicy/%s: a rule allows every port", [policy]) if {
	some [policy, _, rule] in rules
	some port in rule.ports
	not port.port
}

deny contains sprintf("NetworkPolicy/%s: has no policyTypes", [policy]) if {
	some policy, spec in policy_specs
	not spec.policyTypes
}

rules contains [policy, direction, rule] if {
	some policy, spec in policy_specs
	some direction in ["Egress", "Ingress"]
	some rule in spec[lower(direction)]
}

# --- Evaluation of the policies ----------------------------------------------------------------------------

# Tables by workload name, so that each is computed only once: labels, ports, and the policies that select the workload.
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

deny contains sprintf("%s: its port %d has no name; the planned connections need one", [entry.name, port.containerPort]) if {
	some entry in containers
	some port in entry.container.ports
	not port.name
}

# The ports that pods listen on.
listening contains [name_of(labels_of[name]), port.name] if {
	some name, ports in ports_of
	some port in ports
}

# The connections that work: the caller's egress and the other's ingress must both allow them.
reaches contains [name_of(labels), name_of(labels_of[called]), port.name] if {
	some called, ports in ports_of
	some port in ports
	some caller, labels in labels_of
	allows(caller, "Egress", called, port)
	allows(called, "Ingress", caller, port)
}

# Without a policy for a direction, everything is allowed; otherwise one of the policies must allow it.
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

# The cluster chooses a pod's private address, so a range with private addresses can contain every pod.
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

# The labels of our namespace; Kubernetes adds its name.
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
