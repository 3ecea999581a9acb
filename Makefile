# Every command of the platform; each is a script in scripts/ or tests/, which explains itself with --help.
.DEFAULT_GOAL := help
.PHONY: help dev-up dev-down dev-logs dev-status build build-api generate test rolling bench lint lint-fix \
        monitoring-up monitoring-down db-shell db-seed deploy-staging deploy-prod clean urls check-deps \
        image image-scan image-push smoke e2e slo-watch cloud-check cloud-up cloud-down \
        k8s-local-up k8s-local-down k8s-lint k8s-check

help: ## Show this list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z0-9-]+:.*## / { printf "  %-16s %s\n", $$1, $$2 } \
	      /^##@ / { printf "\n%s\n", substr($$0, 5) }' $(MAKEFILE_LIST)

##@ Development
dev-up: ## Set up, build and start everything, then print the URLs (MODE=docker|native, RELOAD=true)
	@scripts/dev-up.sh
dev-down: ## Stop everything; data stays
	@scripts/dev-down.sh
dev-logs: ## Follow the logs of all services (SERVICE=api for one)
	@scripts/dev-logs.sh
dev-status: ## Show each service: state, port, health, uptime, memory
	@scripts/dev-status.sh
urls: ## Print the addresses of the platform
	@scripts/urls.sh

##@ Build
build: ## Build all services: images, or programs in native mode
	@scripts/build.sh
build-api: ## Build the API only
	@scripts/build.sh api
generate: ## Write the OpenAPI document and the TypeScript types made of it
	@scripts/generate.sh

image: ## Build one image as CI does (SERVICE=api)
	@scripts/image.sh build
image-scan: ## Look for known vulnerabilities in it (SERVICE=api)
	@scripts/image.sh scan
image-push: ## Push it by digest, with SBOM and provenance (SERVICE=api REPOSITORY=HOST/NAME)
	@scripts/image.sh push

##@ Tests
test: ## Build and run every test: C++, TypeScript, end to end (SUITES="unit integration" for some)
	@scripts/test.sh $(SUITES)
rolling: ## Replace the API under load, a migration in between: no request may fail (RATE=200)
	@tests/rolling/run.sh
bench: ## Measure the API beside FastAPI, nginx and pgbench; writes docs/benchmarks.md (ARGS=--help)
	@benchmarks/run.sh $(ARGS)
lint: ## Check style and common mistakes
	@scripts/lint.sh
lint-fix: ## Correct what a tool can correct
	@scripts/lint.sh --fix

smoke: ## Ask every part of a platform for something (BASE_URL=https://..., default: this machine's)
	@scripts/smoke.sh
e2e: ## Use a deployed platform as a person does (BASE_URL=https://...)
	@tests/e2e/run.sh
slo-watch: ## Watch a platform's service level objective for some minutes (BASE_URL=https://...)
	@scripts/slo-watch.py

##@ Database
db-shell: ## Open psql on the platform's database
	@scripts/db-shell.sh
db-seed: ## Load 10,000 plausible items; again adds only what is missing
	@scripts/db-seed.sh

##@ Monitoring
monitoring-up: ## Start Prometheus, Alertmanager, Grafana, Loki, Alloy, Jaeger; natively those that are installed
	@scripts/monitoring-up.sh
monitoring-down: ## Stop them; what they stored stays
	@scripts/monitoring-down.sh

##@ Cloud
deploy-staging: ## Deploy a release to staging (IMAGES_FILE=...; DRY_RUN=1 only shows what would happen)
	@scripts/deploy.sh staging
deploy-prod: ## Deploy a release to production (CANARY=1 stops at a tenth of the requests)
	@scripts/deploy.sh production

cloud-check: ## Check the Terraform files against the providers; needs no account
	@scripts/cloud-check.sh
cloud-up: ## Make an environment in Google Cloud (ENVIRONMENT=staging|production|all)
	@scripts/cloud-up.sh
cloud-down: ## Remove all of it, data included, after a confirmation
	@scripts/cloud-down.sh

##@ Kubernetes
k8s-local-up: ## Run the platform in Kubernetes on this machine (kind), with the images of MODE=docker
	@scripts/k8s-local.sh up
k8s-local-down: ## Remove that cluster, and the data in it
	@scripts/k8s-local.sh down
k8s-lint: ## Check the manifests without a cluster: every field, every rule
	@tests/kubernetes/lint.sh
k8s-check: ## Apply and deploy to a real control plane of Kubernetes, which is built the first time
	@tests/kubernetes/check.sh

##@ Housekeeping
check-deps: ## Show every tool that is needed, with containers or without, and how to get it
	@scripts/check-deps.sh
clean: ## Stop everything and remove what was built, installed and stored; keeps .env
	@scripts/clean.sh
