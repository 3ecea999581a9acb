# Every command of the platform. What is longer than a line is a script, which explains itself with --help.
.DEFAULT_GOAL := help
.PHONY: help dev-up dev-down dev-logs dev-status build build-api generate test rolling bench lint lint-fix \
        monitoring-up monitoring-down db-shell db-seed deploy-staging deploy-prod clean urls check-deps \
        image image-scan image-push smoke e2e slo-watch cloud-check cloud-up cloud-down \
        k8s-local-up k8s-local-down k8s-lint k8s-check \
        check-all check-tsan check-release check-tidy check-bench check-kubernetes check-containers

help: ## Show this list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z0-9-]+:.*## / { printf "  %-16s %s\n", $$1, $$2 } \
	      /^##@ / { printf "\n%s\n", substr($$0, 5) }' $(MAKEFILE_LIST)

##@ Development
dev-up: ## Set up, build and start everything, then print the URLs (MODE=docker|native, RELOAD=true)
	@scripts/dev-up.sh
dev-down: ## Stop everything; keeps the data
	@scripts/dev-down.sh
dev-logs: ## Follow the logs of all services (SERVICE=api for one, TRACE=id for one request, FORMAT=json)
	@scripts/dev-logs.sh
dev-status: ## Show each service: state, port, health, uptime, memory
	@scripts/dev-status.sh
urls: ## Print the addresses of the platform
	@scripts/urls.sh

##@ Build
build: ## Build all services: images, or programs in native mode
	@scripts/build.sh
build-api: ## Build only the API
	@scripts/build.sh api
generate: ## Write the OpenAPI document and the TypeScript types generated from it
	@scripts/generate.sh

image: ## Build one image as the pipeline does (SERVICE=api)
	@scripts/image.sh build
image-scan: ## Scan an image for known vulnerabilities (SERVICE=api)
	@scripts/image.sh scan
image-push: ## Push an image by digest, with SBOM and provenance (SERVICE=api REPOSITORY=HOST/NAME)
	@scripts/image.sh push

##@ Tests
test: ## Build and run every test: C++, TypeScript, end to end (SUITES="unit integration" selects some)
	@scripts/test.sh $(SUITES)
rolling: ## Replace the API under load, with a migration: no request may fail (RATE=200)
	@tests/rolling/run.sh
bench: ## Measure the API beside FastAPI, nginx and pgbench; writes docs/benchmarks.md (ARGS=--help)
	@benchmarks/run.sh $(ARGS)
lint: ## Check style and common mistakes; clang-tidy of what changed (TIDY=all for all)
	@scripts/lint.sh
lint-fix: ## Correct what a tool can correct
	@scripts/lint.sh --fix

smoke: ## Send a request to every part of a platform (BASE_URL=https://..., default: this machine's)
	@scripts/smoke.sh
e2e: ## Use a deployed platform as a person does (BASE_URL=https://...)
	@tests/e2e/run.sh
slo-watch: ## Watch the service level objective of a platform for some minutes (BASE_URL=https://...)
	@scripts/slo-watch.py

##@ Slow checks, which rarely fail and take hours on two cores: the pipeline runs them every week
PARTS ?= tsan release tidy bench kubernetes containers
check-all: ## All of the following, one after the other, also after a failure (PARTS="tsan tidy" for some)
	@$(MAKE) --no-print-directory --jobs=1 --keep-going $(PARTS:%=check-%)
check-tsan: ## The C++ unit and integration tests under ThreadSanitizer, in a random order
	@PRESET=tsan GTEST_SHUFFLE=1 scripts/test.sh unit integration
check-release: ## Every test, with the release build in place of the one with sanitizers
	@PRESET=release scripts/test.sh
check-tidy: ## Every check of make lint, with clang-tidy over the whole tree
	@TIDY=all scripts/lint.sh
check-bench: ## A short run of the benchmark: every program of it starts, and their answers agree
	@benchmarks/run.sh --quick
check-kubernetes: ## The manifests and deployments on a real control plane (make k8s-check)
	@tests/kubernetes/check.sh
check-containers: ## The container path with all its checks; as root
	@FULL=1 tests/containers/run.sh

##@ Database
db-shell: ## Open psql on the platform's database
	@scripts/db-shell.sh
db-seed: ## Load 10,000 plausible items; a second run adds only missing ones
	@scripts/db-shell.sh --no-psqlrc --quiet --set=ON_ERROR_STOP=1 <services/api/seeds/items.sql

##@ Monitoring
monitoring-up: ## Start Prometheus, Alertmanager, Grafana, Loki, Alloy, Jaeger (native mode: the installed ones)
	@scripts/monitoring-up.sh
monitoring-down: ## Stop the monitoring; keeps its data
	@scripts/monitoring-down.sh

##@ Cloud
deploy-staging: ## Deploy a release to staging (IMAGES_FILE=...; DRY_RUN=1 only shows the steps)
	@scripts/deploy.sh staging
deploy-prod: ## Deploy a release to production (CANARY=1 stops at a tenth of the requests)
	@scripts/deploy.sh production

cloud-check: ## Check the Terraform files against the providers; needs no account
	@infrastructure/terraform/check.sh
cloud-up: ## Create an environment in Google Cloud (ENVIRONMENT=staging|production|all)
	@infrastructure/terraform/up.sh
cloud-down: ## Remove an environment with its data, after a confirmation
	@infrastructure/terraform/down.sh

##@ Kubernetes
k8s-local-up: ## Run the platform in Kubernetes on this machine (kind), with the images of MODE=docker
	@scripts/k8s-local.sh up
k8s-local-down: ## Remove that cluster and its data
	@scripts/k8s-local.sh down
k8s-lint: ## Check the manifests without a cluster: every field, every rule
	@tests/kubernetes/lint.sh
k8s-check: ## Apply and deploy to a real control plane of Kubernetes (the first run builds it)
	@tests/kubernetes/check.sh

##@ Housekeeping
check-deps: ## Show the required tools of each mode, and how to install them
	@scripts/check-deps.sh
clean: ## Stop everything and remove builds, tools and data; keeps .env
	@scripts/clean.sh
