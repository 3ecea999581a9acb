# The one place that knows settings, ports and what each service is told. Sourced, never run.
# shellcheck shell=bash

# Start order; stopping goes the other way round (see infrastructure/native/supervisord.conf).
SERVICES=(postgres api dash react traefik)
# What `make monitoring-up` adds, as far as it is installed; in start order too.
MONITORING=(node-exporter postgres-exporter prometheus alertmanager jaeger loki alloy grafana)
# Everything that has a port: the above, and second ports of theirs.
LISTENERS=("${SERVICES[@]}" traefik-dashboard "${MONITORING[@]}" jaeger-otlp loki-grpc)

# port_variable LISTENER: the name of the setting that holds its port.
port_variable() {
    [[ " ${LISTENERS[*]} " == *" $1 "* ]] || die "unknown service: $1" "services: ${LISTENERS[*]}"
    local name=${1//-/_}
    [[ $1 != traefik ]] || name=gateway
    printf '%s_PORT' "${name^^}"
}

port_of() {
    local name
    name=$(port_variable "$1")
    printf '%s' "${!name}"
}

# choose_free_ports VARIABLE...: gives each a port that nobody listens on. Exported, so that it wins over the defaults.
choose_free_ports() {
    local ports index names=("$@")
    mapfile -t ports < <(python3 - "$#" <<'PYTHON'
import socket, sys
# All are open at once, so that no port is given twice.
sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(int(sys.argv[1]))]
print(*(s.getsockname()[1] for s in sockets), sep="\n")
PYTHON
    )
    for index in "${!names[@]}"; do export "${names[index]}=${ports[index]}"; done
}

# choose_ports [VARIABLE...]: the same for everything that listens, and for the variables named.
choose_ports() {
    local listener names=("$@")
    for listener in "${LISTENERS[@]}"; do names+=("$(port_variable "$listener")"); done
    choose_free_ports "${names[@]}"
}

# expand TEXT: sets EXPANDED to TEXT with the value of each ${NAME}. Nothing is executed, as in Compose.
expand() {
    local rest=$1
    EXPANDED=''
    while [[ $rest =~ ^([^$]*)\$\{([A-Za-z_][A-Za-z0-9_]*)\}(.*)$ ]]; do
        EXPANDED+=${BASH_REMATCH[1]}
        rest=${BASH_REMATCH[3]}
        local -n referenced=${BASH_REMATCH[2]}
        EXPANDED+=${referenced:-}
        unset -n referenced
    done
    EXPANDED+=$rest
}

# read_env_file FILE: exports each NAME=VALUE of FILE that the environment does not have yet. ${NAME} is expanded,
# quotes around a value are removed.
read_env_file() {
    local line name rest
    while IFS= read -r line || [[ -n $line ]]; do
        [[ $line =~ ^[[:space:]]*([A-Za-z_][A-Za-z0-9_]*)=(.*)$ ]] || continue
        name=${BASH_REMATCH[1]} rest=${BASH_REMATCH[2]%$'\r'}
        [[ -z ${!name+set} ]] || continue
        [[ $rest =~ ^\"(.*)\"$ || $rest =~ ^\'(.*)\'$ ]] && rest=${BASH_REMATCH[1]}
        expand "$rest"
        export "$name=$EXPANDED"
    done <"$1"
}

# may_bind_port_80: asks the kernel; a port that is merely taken counts as bindable, since
# `check_ports` then names who has it.
may_bind_port_80() {
    ((EUID == 0)) && return 0
    (($(cat /proc/sys/net/ipv4/ip_unprivileged_port_start 2>/dev/null || echo 1024) <= 80))
}

# settings_file: .env, unless ENV_FILE replaces it (`make test` uses the defaults).
settings_file() { printf '%s' "${ENV_FILE:-$REPO/.env}"; }

# load_env: settings from the shell, then .env, then the defaults of .env.example. In native mode
# the host names are those of this machine; choose_mode says which mode it is.
load_env() {
    local file
    file=$(settings_file)
    [[ ${MODE:-native} == docker ]] || export POSTGRES_HOST=127.0.0.1
    [[ ! -r $file ]] || read_env_file "$file"
    read_env_file "$REPO/.env.example"
    if [[ -z $GATEWAY_PORT ]]; then
        # In containers it is the engine that binds.
        if [[ ${MODE:-native} == docker ]] || may_bind_port_80; then GATEWAY_PORT=80; else GATEWAY_PORT=8088; fi
    fi
    local service name
    local -A taken=()
    for service in "${LISTENERS[@]}"; do
        name=$(port_variable "$service")
        [[ ${!name} =~ ^[1-9][0-9]{0,4}$ && ${!name} -le 65535 ]] ||
            die "$name must be a port from 1 to 65535, not '${!name}'" \
                "set it in $file; a variable of the shell wins over that"
        [[ -z ${taken[${!name}]:-} ]] || die "${taken[${!name}]} and $name are both ${!name}" \
            "give one of them another port in $file; a variable of the shell wins over that"
        taken[${!name}]=$name
    done
    # For tests that call the API directly; nothing publishes its port in containers.
    [[ ${MODE:-native} == docker ]] || { API_URL=http://127.0.0.1:$(port_of api) && export API_URL; }
    # Traefik would take anything else for 0.
    [[ $RATE_LIMIT_PER_SECOND =~ ^[0-9]{0,6}$ ]] ||
        die "RATE_LIMIT_PER_SECOND must be a number from 0 to 999999, not '$RATE_LIMIT_PER_SECOND'" "set it in $file"
    BASE_URL=http://localhost
    ((GATEWAY_PORT == 80)) || BASE_URL=http://localhost:$GATEWAY_PORT
    export GATEWAY_PORT BASE_URL
    # 107 bytes is the kernel's limit for the path of a Unix socket.
    SUPERVISOR_SOCKET=$RUN_DIR/supervisor.sock
    ((${#SUPERVISOR_SOCKET} < 90)) ||
        SUPERVISOR_SOCKET=/tmp/mlp-$UID-$(printf '%s' "$RUN_DIR" | cksum | cut -d ' ' -f 1).sock
    export SUPERVISOR_SOCKET
}

# sections_of FILE SERVICE: the NAME=VALUE lines of FILE's sections whose title names SERVICE in brackets.
sections_of() {
    awk -v service=" $2 " '
        /^# --- / { split($0, title, /[][]/); named = index(" " title[2] " ", service) }
        named && /^[A-Z]/' "$1"
}

# services_with_settings: all that the titles of .env.example name.
services_with_settings() { sed -n 's/^# --- .*\[\(.*\)\].*/\1/p' "$REPO/.env.example" | tr ' ' '\n' | sort -u; }

# settings_of SERVICE: its settings of .env.example, NAME=VALUE a line. An empty one means "not set", so that the
# default of the service holds.
settings_of() {
    local line name
    while IFS= read -r line; do
        name=${line%%=*}
        [[ -z ${!name} ]] || printf '%s=%s\n' "$name" "${!name}"
        [[ $line != REACT_CONNECT_ORIGINS= || -n ${!name} || ! $VITE_API_URL =~ ^https?://[^/]+ ]] ||
            printf '%s\n' "$line${BASH_REMATCH[0]}"
        [[ $line != DRAIN_DELAY_SECONDS= || -n ${!name} ]] || printf '%s\n' "$line$(_drain_delay)"
    done < <(sections_of "$REPO/.env.example" "$1")
}

# Traefik finds out in time which container is going. Natively, and with hot reload, there is no second one to wait for.
_drain_delay() { if [[ ${MODE:-native} == docker ]] && ! reloads; then echo 3; else echo 0; fi; }

# write_settings SERVICE: the env file of SERVICE, for run-service and Compose. Compose expands nothing between single
# quotes. No secret is in it: `docker inspect` shows what an env file holds.
write_settings() {
    local text
    text=$(settings_of "$1")
    [[ $text != *\'* ]] || die "a setting of $1 contains a single quote" "remove it in $(settings_file)"
    mkdir -p "$RUN_DIR/env"
    sed -E "/./s/=(.*)/='\1'/; /^$/d" <<<"$text" >"$RUN_DIR/env/$1.env"
}

# native_env SERVICE: what SERVICE is told in native mode on top of its env file, NAME=VALUE a line, with secrets.
native_env() {
    # Not the PATH of whoever calls: another terminal must not look like other settings.
    local line name path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
    if [[ $1 == react ]] && reloads; then path=$(dirname "$(command -v node)"):$path; fi
    name=$(port_variable "$1")
    printf '%s\n' "PATH=$path" "HOME=${HOME:-/}" "LANG=C.UTF-8" "MLP_SUPERVISED=$RUN_DIR" "$name=${!name}"
    local -x OTLP_ENDPOINT REACT_PROGRAM=''
    OTLP_ENDPOINT=$(otlp_endpoint)
    reloads || REACT_PROGRAM=$BUILD_DIR/services/react-app/server/react-app
    while IFS= read -r line; do
        expand "${line#*=}"
        [[ -z $EXPANDED ]] || printf '%s=%s\n' "${line%%=*}" "$EXPANDED"
    done < <(sections_of "$REPO/infrastructure/native/settings.env" "$1")
    # A program of the monitoring is wherever it was installed; it listens on its port of .env.
    [[ " ${MONITORING[*]} " != *" $1 "* ]] ||
        printf '%s\n' "MLP_PROGRAM=$(find_program "$1")" "MLP_ADDRESS=127.0.0.1:$(port_of "$1")"
}

# service_env SERVICE: everything that SERVICE is told in native mode; nothing else reaches it.
service_env() {
    settings_of "$1"
    native_env "$1"
}

# otlp_endpoint: where spans go: to the collector of .env, else to our Jaeger while it runs, else
# nowhere.
otlp_endpoint() {
    if [[ -n ${OTEL_EXPORTER_OTLP_ENDPOINT:-} ]]; then
        printf '%s' "$OTEL_EXPORTER_OTLP_ENDPOINT"
    elif monitoring_parts | grep --quiet --line-regexp jaeger; then
        printf 'http://127.0.0.1:%s' "$(port_of jaeger-otlp)"
    fi
}
