# The one place that knows settings, ports and what each service is told. Sourced, never run.
# shellcheck shell=bash

# Start order; stopping goes the other way round (see infrastructure/native/supervisord.conf).
SERVICES=(postgres api dash react traefik)

# port_variable SERVICE: the name of the setting that holds its port. The one list of ports.
port_variable() {
    case $1 in
        postgres) echo POSTGRES_PORT ;;
        api) echo API_PORT ;;
        dash) echo DASH_PORT ;;
        react) echo REACT_PORT ;;
        traefik) echo GATEWAY_PORT ;;
        traefik-dashboard) echo TRAEFIK_DASHBOARD_PORT ;;
        *) die "unknown service: $1" "services: ${SERVICES[*]}" ;;
    esac
}

port_of() {
    local name
    name=$(port_variable "$1")
    printf '%s' "${!name}"
}

# read_env_file FILE: exports each NAME=VALUE of FILE that the environment does not have yet.
# Only ${NAME} is expanded and nothing is executed, as Compose does it; quotes around a value go.
read_env_file() {
    local line name value rest
    while IFS= read -r line || [[ -n $line ]]; do
        [[ $line =~ ^[[:space:]]*([A-Za-z_][A-Za-z0-9_]*)=(.*)$ ]] || continue
        name=${BASH_REMATCH[1]} rest=${BASH_REMATCH[2]%$'\r'}
        [[ -z ${!name+set} ]] || continue
        [[ $rest =~ ^\"(.*)\"$ || $rest =~ ^\'(.*)\'$ ]] && rest=${BASH_REMATCH[1]}
        value=''
        while [[ $rest =~ ^([^$]*)\$\{([A-Za-z_][A-Za-z0-9_]*)\}(.*)$ ]]; do
            value+=${BASH_REMATCH[1]}
            rest=${BASH_REMATCH[3]}
            local -n referenced=${BASH_REMATCH[2]}
            value+=${referenced:-}
            unset -n referenced
        done
        export "$name=$value$rest"
    done <"$1"
}

# may_bind_port_80: asks the kernel; a port that is merely taken counts as bindable, since
# `check_ports` then names who has it.
may_bind_port_80() {
    ((EUID == 0)) && return 0
    (($(cat /proc/sys/net/ipv4/ip_unprivileged_port_start 2>/dev/null || echo 1024) <= 80))
}

# load_env: settings from the shell, then .env, then the defaults of .env.example, with the host
# names of native mode. ENV_FILE replaces .env (`make test` uses the defaults).
load_env() {
    local file=${ENV_FILE:-$REPO/.env}
    export POSTGRES_HOST=127.0.0.1
    unset API_URL
    [[ ! -r $file ]] || read_env_file "$file"
    read_env_file "$REPO/.env.example"
    export API_URL=http://127.0.0.1:$API_PORT
    if [[ -z $GATEWAY_PORT ]]; then
        if may_bind_port_80; then GATEWAY_PORT=80; else GATEWAY_PORT=8088; fi
    fi
    local service name
    local -A taken=()
    for service in "${SERVICES[@]}" traefik-dashboard; do
        name=$(port_variable "$service")
        [[ ${!name} =~ ^[1-9][0-9]{0,4}$ && ${!name} -le 65535 ]] ||
            die "$name must be a port from 1 to 65535, not '${!name}'" \
                "set it in $file; a variable of the shell wins over that"
        [[ -z ${taken[${!name}]:-} ]] || die "${taken[${!name}]} and $name are both ${!name}" \
            "give one of them another port in $file; a variable of the shell wins over that"
        taken[${!name}]=$name
    done
    BASE_URL=http://localhost
    ((GATEWAY_PORT == 80)) || BASE_URL=http://localhost:$GATEWAY_PORT
    export GATEWAY_PORT BASE_URL
    # 107 bytes is the kernel's limit for the path of a Unix socket.
    SUPERVISOR_SOCKET=$RUN_DIR/supervisor.sock
    ((${#SUPERVISOR_SOCKET} < 90)) ||
        SUPERVISOR_SOCKET=/tmp/mlp-$UID-$(printf '%s' "$RUN_DIR" | cksum | cut -d ' ' -f 1).sock
    export SUPERVISOR_SOCKET
}

# service_env SERVICE: everything that SERVICE is told, NAME=VALUE a line; nothing else reaches it.
service_env() {
    # Not the PATH of whoever calls: another terminal must not look like other settings.
    local path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
    [[ $1 != react ]] || path=$(dirname "$(command -v node)"):$path
    printf '%s\n' "PATH=$path" "HOME=${HOME:-/}" "LANG=C.UTF-8" "MLP_SUPERVISED=$RUN_DIR"
    case $1 in
        api | dash) _pass LOG_LEVEL LOG_FORMAT ENVIRONMENT DRAIN_DELAY_SECONDS DRAIN_TIMEOUT_SECONDS \
            OTEL_TRACES_SAMPLER_ARG OTEL_EXPORTER_OTLP_ENDPOINT ;;
    esac
    case $1:${API_DEBUG:-}:${DASH_DEBUG:-} in
        api:true:* | dash:*:true) printf '%s\n' LOG_LEVEL=debug ;;
    esac
    case $1 in
        postgres) _pass POSTGRES_PORT PG_BIN PG_DATA PG_USER ;;
        api)
            _pass API_PORT API_THREADS DATABASE_URL CORS_ORIGINS ROOT_PATH
            printf '%s\n' API_HOST=127.0.0.1 "MIGRATIONS_DIR=$REPO/services/api/migrations" \
                "SWAGGER_UI_DIR=$REPO/node_modules/swagger-ui-dist" \
                "MLP_PROGRAM=$BUILD_DIR/services/api/api"
            ;;
        dash)
            _pass DASH_PORT API_URL DASH_PREFIX
            printf '%s\n' DASH_HOST=127.0.0.1 "DASH_SUITES_DIR=$REPO/node_modules" \
                "DASH_ASSETS_DIR=$REPO/services/dash-app/assets" \
                "MLP_PROGRAM=$BUILD_DIR/services/dash-app/dash-app"
            ;;
        react)
            _pass REACT_PORT VITE_API_URL
            # Traefik's dashboard listens on the loopback address alone.
            printf '%s\n' "VITE_TRAEFIK_URL=http://localhost:$TRAEFIK_DASHBOARD_PORT/dashboard/"
            ;;
        traefik)
            _pass API_PORT DASH_PORT REACT_PORT
            printf '%s\n' "MLP_PROGRAM=$TRAEFIK"
            ;;
    esac
}

# An empty setting means "not set", so that the service's own default holds.
_pass() {
    local name
    for name in "$@"; do
        [[ -z ${!name:-} ]] || printf '%s=%s\n' "$name" "${!name}"
    done
}
