# Containers or native: what this machine can do, what runs, and which of the two a script means.
# Sourced, never run.
# shellcheck shell=bash

# What docker-compose.yml uses of them: start_interval of health checks.
ENGINE_MINIMUM=25.0
COMPOSE_MINIMUM=2.24.0

# engine_problem: why containers cannot be used here, then what to do about it, one line each;
# nothing when they can.
engine_problem() {
    local answer version
    command -v docker >/dev/null || {
        printf '%s\n' "Docker is not installed" "https://docs.docker.com/engine/install/"
        return
    }
    answer=$(timeout 10 docker version --format '{{.Server.Version}}' 2>&1) || {
        case $answer in
            *'permission denied'*) printf '%s\n' "you may not use Docker's socket" \
                "sudo usermod -aG docker $(id -un), then log in anew" \
                "members of that group can become root on this machine" ;;
            *) printf '%s\n' "no Docker engine answers: ${answer##*$'\n'}" \
                "start it: sudo systemctl start docker, or Docker Desktop" ;;
        esac
        return
    }
    version_at_least "$answer" "$ENGINE_MINIMUM" || {
        printf '%s\n' "Docker Engine $answer is too old" "$ENGINE_MINIMUM or newer is needed"
        return
    }
    version=$(docker compose version --short 2>/dev/null) || {
        printf '%s\n' "Docker has no 'compose' command (Compose v2)" \
            "apt-get install docker-compose-plugin, or on Debian 13: docker-compose" \
            "https://docs.docker.com/compose/install/"
        return
    }
    version_at_least "${version#v}" "$COMPOSE_MINIMUM" ||
        printf '%s\n' "Docker Compose $version is too old" "$COMPOSE_MINIMUM or newer is needed"
}

# require_engine: dies unless containers can be used.
require_engine() {
    local problem
    mapfile -t problem < <(engine_problem)
    ((${#problem[@]} == 0)) || die "${problem[@]}" "or without containers: MODE=native"
}

# project_name: of the Compose project, before load_env has read the settings.
project_name() (
    [[ ! -r $(settings_file) ]] || read_env_file "$(settings_file)"
    read_env_file "$REPO/.env.example"
    printf '%s' "$COMPOSE_PROJECT_NAME"
)

# containers_run: whether this instance has containers, running or being restarted. Those of another
# clone with the same project name are not ours.
containers_run() {
    command -v docker >/dev/null || return 1
    local found
    found=$(timeout 10 docker ps --quiet \
        --filter "label=com.docker.compose.project=$(project_name)" \
        --filter "label=com.docker.compose.project.working_dir=$REPO/infrastructure/docker" \
        2>/dev/null) || return 1
    [[ -n $found ]]
}

native_runs() { supervisor_pid >/dev/null || [[ -n $(leftovers) ]]; }

# choose_mode: sets MODE to docker or native: as the caller says, else what runs now, else
# containers where they can be used. Call it before load_env.
choose_mode() {
    local problem
    case ${MODE:-auto} in
        native) ;;
        docker) require_engine ;;
        auto)
            MODE=native
            if native_runs; then
                :
            elif containers_run; then
                MODE=docker
            else
                mapfile -t problem < <(engine_problem)
                if ((${#problem[@]} == 0)); then
                    MODE=docker
                elif command -v docker >/dev/null; then
                    info "Without containers: ${problem[0]}"
                fi
            fi
            ;;
        *) die "MODE must be auto, docker or native, not '$MODE'" ;;
    esac
    export MODE
}

# refuse_other_mode: the same ports and the same URLs, so one mode at a time.
refuse_other_mode() {
    if [[ $MODE == docker ]] && native_runs; then
        die "the platform runs in native mode" "stop it first: make dev-down MODE=native"
    elif [[ $MODE == native ]] && containers_run; then
        die "the platform runs in containers" "stop it first: make dev-down MODE=docker"
    fi
}

mode_in_words() { if [[ $MODE == docker ]]; then echo "in containers"; else echo "as processes of this machine"; fi; }
