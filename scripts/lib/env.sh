# The one place that knows settings, ports and what each service is told. Sourced, never run.
# shellcheck shell=bash

# Start order; stopping goes the other way round (see infrastructure/native/supervisord.conf).
SERVICES=(postgres api dash react traefik)
# What `make monitoring-up` adds, as far as it is installed; in start order too.
MONITORING=(node-exporter postgres-exporter prometheus alertmanager jaeger loki alloy grafana)
# Everything that has a port: the above, and second ports of theirs.
LISTENERS=("${SERVICES[@]}" traefik-dashboard "${MONITORING[@]}" jaeger-otlp loki-grpc)

# port_variable SERVICE: the name of the setting that holds its port. The one list of ports.
port_variable() {
    case $1 in
        postgres) echo POSTGRES_PORT ;;
        api) echo API_PORT ;;
        dash) echo DASH_PORT ;;
        react) echo REACT_PORT ;;
        traefik) echo GATEWAY_PORT ;;
        traefik-dashboard) echo TRAEFIK_DASHBOARD_PORT ;;
        node-exporter) echo NODE_EXPORTER_PORT ;;
        postgres-exporter) echo POSTGRES_EXPORTER_PORT ;;
        prometheus) echo PROMETHEUS_PORT ;;
        alertmanager) echo ALERTMANAGER_PORT ;;
        jaeger) echo JAEGER_PORT ;;
        jaeger-otlp) echo OTLP_HTTP_PORT ;;
        loki) echo LOKI_PORT ;;
        loki-grpc) echo LOKI_GRPC_PORT ;;
        alloy) echo ALLOY_PORT ;;
        grafana) echo GRAFANA_PORT ;;
        *) die "unknown service: $1" "services: ${LISTENERS[*]}" ;;
    esac
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

# settings_file: .env, unless ENV_FILE replaces it (`make test` uses the defaults).
settings_file() { printf '%s' "${ENV_FILE:-$REPO/.env}"; }

# load_env: settings from the shell, then .env, then the defaults of .env.example. In native mode
# the host names are those of this machine; choose_mode says which mode it is.
load_env() {
    local file
    file=$(settings_file)
    unset API_URL
    [[ ${MODE:-native} == docker ]] || export POSTGRES_HOST=127.0.0.1
    [[ ! -r $file ]] || read_env_file "$file"
    read_env_file "$REPO/.env.example"
    if [[ ${MODE:-native} == docker ]]; then
        # What _DEBUG means for the log, as docker-compose.yml can read it; service_env does it in native mode.
        [[ $API_DEBUG != true ]] || export API_LOG_LEVEL=debug
        [[ $DASH_DEBUG != true ]] || export DASH_LOG_LEVEL=debug
    else
        export API_URL=http://127.0.0.1:$API_PORT
    fi
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
    local endpoint
    # Not the PATH of whoever calls: another terminal must not look like other settings.
    local path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
    [[ $1 != react ]] || path=$(dirname "$(command -v node)"):$path
    printf '%s\n' "PATH=$path" "HOME=${HOME:-/}" "LANG=C.UTF-8" "MLP_SUPERVISED=$RUN_DIR"
    case $1 in
        api | dash) _pass LOG_LEVEL LOG_FORMAT ENVIRONMENT DRAIN_DELAY_SECONDS DRAIN_TIMEOUT_SECONDS \
            OTEL_TRACES_SAMPLER_ARG
            endpoint=$(otlp_endpoint)
            [[ -z $endpoint ]] || printf '%s\n' "OTEL_EXPORTER_OTLP_ENDPOINT=$endpoint"
            ;;
    esac
    case $1:${API_DEBUG:-}:${DASH_DEBUG:-} in
        api:true:* | dash:*:true) printf '%s\n' LOG_LEVEL=debug ;;
    esac
    case $1 in
        postgres) _pass POSTGRES_PORT PG_BIN PG_DATA PG_USER ;;
        api)
            _pass API_PORT API_THREADS DATABASE_URL CORS_ORIGINS ROOT_PATH REQUEST_TIMEOUT_SECONDS \
                RATE_LIMIT_PER_SECOND TRUSTED_PROXIES FAULTS_ENABLED
            printf '%s\n' API_HOST=127.0.0.1 "MIGRATIONS_DIR=$REPO/services/api/migrations" \
                "SWAGGER_UI_DIR=$REPO/node_modules/swagger-ui-dist" \
                "MLP_PROGRAM=$BUILD_DIR/services/api/api"
            ;;
        dash)
            _pass DASH_PORT API_URL DASH_PREFIX DASH_DEBUG
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
            printf '%s\n' "API_SERVER=127.0.0.1:$API_PORT" "DASH_SERVER=127.0.0.1:$DASH_PORT" \
                "REACT_SERVER=127.0.0.1:$REACT_PORT" "MLP_PROGRAM=$TRAEFIK"
            ;;
        postgres-exporter)
            printf '%s\n' "DATA_SOURCE_USER=$POSTGRES_EXPORTER_USER" \
                "DATA_SOURCE_PASS=$POSTGRES_EXPORTER_PASSWORD" \
                "DATA_SOURCE_URI=127.0.0.1:$(port_of postgres)/$POSTGRES_DB?sslmode=disable"
            ;;
        prometheus) _pass ENVIRONMENT PROMETHEUS_RETENTION_TIME PROMETHEUS_RETENTION_SIZE ;;
        jaeger)
            _pass OTLP_HTTP_PORT
            printf '%s\n' JAEGER_HOST=127.0.0.1 JAEGER_METRICS_LEVEL=none
            ;;
        loki)
            _pass LOKI_GRPC_PORT
            printf '%s\n' LOKI_HOST=127.0.0.1 "LOKI_DATA=$RUN_DIR/loki"
            ;;
        alloy)
            _pass ENVIRONMENT LOG_DIR
            printf '%s\n' "LOKI_URL=http://127.0.0.1:$LOKI_PORT" \
                "ALLOY_PIPELINE=$REPO/infrastructure/alloy/pipeline.alloy"
            ;;
        grafana)
            printf '%s\n' "PROMETHEUS_URL=http://127.0.0.1:$PROMETHEUS_PORT" \
                "ALERTMANAGER_URL=http://127.0.0.1:$ALERTMANAGER_PORT" \
                "LOKI_URL=http://127.0.0.1:$LOKI_PORT" "JAEGER_URL=http://127.0.0.1:$JAEGER_PORT" \
                "SCRAPE_INTERVAL=$(scrape_interval)" \
                "GRAFANA_DASHBOARDS=$REPO/infrastructure/grafana/dashboards" \
                "GF_SERVER_HTTP_ADDR=127.0.0.1" "GF_SERVER_HTTP_PORT=$GRAFANA_PORT" \
                "GF_PATHS_DATA=$RUN_DIR/grafana" "GF_PATHS_LOGS=$RUN_DIR/grafana" \
                "GF_PATHS_PLUGINS=$RUN_DIR/grafana/plugins" \
                "GF_PATHS_PROVISIONING=$REPO/infrastructure/grafana/provisioning" \
                "GF_SECURITY_ADMIN_USER=$GRAFANA_ADMIN_USER" \
                "GF_SECURITY_ADMIN_PASSWORD=$GRAFANA_ADMIN_PASSWORD"
            ;;
    esac
    # A program of the monitoring is wherever it was installed; it listens on its port of .env.
    if [[ " ${MONITORING[*]} " == *" $1 "* ]]; then
        printf '%s\n' "MLP_PROGRAM=$(find_program "$1")" "MLP_ADDRESS=127.0.0.1:$(port_of "$1")"
        _pass "$(port_variable "$1")"
    fi
}

# An empty setting means "not set", so that the service's own default holds.
_pass() {
    local name
    for name in "$@"; do
        [[ -z ${!name:-} ]] || printf '%s=%s\n' "$name" "${!name}"
    done
}

# otlp_endpoint: where spans go: to the collector of .env, else to our Jaeger while it runs, else
# nowhere.
otlp_endpoint() {
    if [[ -n ${OTEL_EXPORTER_OTLP_ENDPOINT:-} ]]; then
        printf '%s' "$OTEL_EXPORTER_OTLP_ENDPOINT"
    elif monitoring_parts | grep --quiet --line-regexp jaeger; then
        printf 'http://127.0.0.1:%s' "$OTLP_HTTP_PORT"
    fi
}

# scrape_interval: how often Prometheus asks; its configuration says so.
scrape_interval() { sed -n 's/^  scrape_interval: //p' "$REPO/infrastructure/prometheus/prometheus.yml"; }
