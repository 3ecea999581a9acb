# Whether each service is healthy, and who holds a port. Sourced, never run.
# shellcheck shell=bash

# answers URL: whether URL answers with a success status within five seconds (Vite takes a few for
# its first page on a busy machine).
answers() { curl --silent --fail --output /dev/null --max-time 5 "$1"; }

# healthy SERVICE: asks the service itself.
healthy() {
    case $1 in
        postgres) pg_isready --quiet --host=127.0.0.1 --port="$(port_of "$1")" --timeout=2 ;;
        traefik) answers "http://127.0.0.1:$(port_of traefik-dashboard)/ping" ;;
        # Vite has no /ready.
        react) answers "http://127.0.0.1:$(port_of react)/$(reloads || echo ready)" ;;
        api | dash | loki) answers "http://127.0.0.1:$(port_of "$1")/ready" ;;
        prometheus | alertmanager | alloy) answers "http://127.0.0.1:$(port_of "$1")/-/ready" ;;
        grafana) answers "http://127.0.0.1:$(port_of "$1")/api/health" ;;
        # These have a page, and nothing that says more.
        *) answers "http://127.0.0.1:$(port_of "$1")/" ;;
    esac
}

# gateway_url SERVICE: where the gateway serves it; nothing for what it does not serve.
gateway_url() {
    case $1 in
        api) printf '%s' "$BASE_URL/api/ready" ;;
        dash) printf '%s' "$BASE_URL/dash/" ;;
        react) printf '%s' "$BASE_URL/" ;;
    esac
}

# reachable SERVICE: healthy, also as the browser sees it.
reachable() {
    local url
    healthy "$1" || return 1
    url=$(gateway_url "$1")
    [[ -z $url ]] || answers "$url"
}

# wait_until SECONDS WHAT COMMAND...: polls COMMAND; fails after SECONDS.
wait_until() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < deadline)) || return 1
        sleep 0.2
    done
}

# port_holder PORT: "name (pid N)" of who listens on it; fails when nobody does.
port_holder() {
    local line
    line=$(ss --listening --tcp --numeric --processes --no-header "sport = :$1" | head -n 1)
    [[ -n $line ]] || return 1
    if [[ $line =~ users:\(\(\"([^\"]+)\",pid=([0-9]+) ]]; then
        local pid=${BASH_REMATCH[2]}
        printf '%s (pid %s: %.120s)' "${BASH_REMATCH[1]}" "$pid" \
            "$(tr '\0\n' '  ' <"/proc/$pid/cmdline" 2>/dev/null)"
    else
        printf 'a process of another user (to see it: sudo ss -ltnp "sport = :%s")' "$1"
    fi
}

# need_free_ports SETTING...: dies when somebody listens on one of these ports.
need_free_ports() {
    local name holder complaints=()
    for name in "$@"; do
        if holder=$(port_holder "${!name}"); then complaints+=("port ${!name} ($name) is held by $holder"); fi
    done
    ((${#complaints[@]} == 0)) || die "the platform cannot start: ports are taken" "${complaints[@]}" \
        "stop that program, or choose another port in .env"
}

# check_ports SERVICE...: the ports of those that do not run yet must be free.
check_ports() {
    local service owner needed=()
    # Services of ours that lost their supervisor would hold their ports against us.
    supervisor_pid >/dev/null || stop_leftovers
    for service in "${LISTENERS[@]}"; do
        owner=${service%-dashboard}
        owner=${owner%-otlp}
        owner=${owner%-grpc}
        [[ " $* " == *" $owner "* ]] || continue
        case $(state_of "$owner") in RUNNING | STARTING | BACKOFF) continue ;; esac
        needed+=("$(port_variable "$service")")
    done
    need_free_ports "${needed[@]}"
}
