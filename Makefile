# The verbs. `make up` and `make test` set up whatever they need.
.DEFAULT_GOAL := help
.PHONY: help up new-stack preview preview-diff bootstrap simulate publish doctor test test-faults bench fuzz conformance test-unit status logs bundle kubectl down format lock verify-pins docs

CLUSTER ?= local
LOCAL = python3 -m local.bootstrap --cluster=$(CLUSTER) $(if $(CONTEXT),--context=$(CONTEXT))

help: ## list the verbs
	@echo "usage: make VERB [CLUSTER=name | CONTEXT=name for up, status and down]"
	@awk -F ' *## *' '/^[a-z-]+:.*##/ { sub(/:.*/, "", $$1); printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: ## Kubernetes, model and gateway on this machine, or on CONTEXT=; classifies real images
	@$(LOCAL) up $(if $(GATEWAY_PORT),--gateway-port=$(GATEWAY_PORT)) \
		$(if $(BASE_IMAGE),--base-image=$(BASE_IMAGE)) \
		$(if $(MODEL_SERVER_IMAGE),--model-server-image=$(MODEL_SERVER_IMAGE)) \
		$(if $(IMAGES),--images=$(IMAGES)) $(if $(NAMESPACE),--namespace=$(NAMESPACE)) \
		$(if $(STORAGE_CLASS),--storage-class=$(STORAGE_CLASS))

new-stack: ## a few questions, and a stack file of your own: make new-stack NAME= [ANSWERS=file FORCE=1]
	@$(LOCAL) new-stack '$(NAME)' $(if $(ANSWERS),--answers=$(ANSWERS)) $(if $(FORCE),--force)

preview: ## what a stack would make in AWS, checked without an account: make preview STACK=dev|prod
	@$(LOCAL) preview '$(STACK)'

preview-diff: ## what a change does to the stacks: make preview-diff BASE=main [STACKS=dev,prod] [FORMAT=text|markdown|json] [OUT=file]
	@$(LOCAL) preview-diff --base='$(BASE)' $(if $(STACKS),--stacks='$(STACKS)') \
		$(if $(FORMAT),--format='$(FORMAT)') $(if $(OUT),--out='$(OUT)')

simulate: ## a stack's life on EKS, with AWS pretended and the cluster real: make simulate STACK=dev
	@$(LOCAL) simulate '$(STACK)'

bootstrap: ## what all stacks share, pretended where there is no account [STACK=dev-account YES=1]
	@$(LOCAL) bootstrap '$(or $(STACK),dev-account)' $(if $(YES),--yes)

publish: ## an exported version into the cluster's bucket: make publish MODEL=…/digits/2
	@$(LOCAL) publish '$(MODEL)'

test: ## lint, types and all tests, on a cluster of their own
	@$(LOCAL) test

test-unit: ## the fast part: lint, types and tests that need neither cluster nor training
	@$(LOCAL) test --unit

test-faults: ## the long part: faults injected into every step, about half an hour
	@$(LOCAL) test --faults

bench: ## measure against goals [NAME=gateway_footprint|gateway|edit_loop|sync_throughput|model_server] [ARGS=--help]
	@$(LOCAL) bench $(if $(NAME),--name=$(NAME)) $(if $(ARGS),-- $(ARGS))

fuzz: ## attack the gateway's inputs [NAME=images|urls|api] [SECONDS=300, for each]
	@$(LOCAL) fuzz $(if $(NAME),--name=$(NAME)) $(if $(SECONDS),--seconds=$(SECONDS))

conformance: ## does a server answer as TF Serving does [TARGET=host:port REST= MODEL= BATCH= | WRITE=folder]
	@$(LOCAL) conformance $(if $(WRITE),--write-model=$(WRITE)) $(if $(TARGET),--target=$(TARGET)) \
		$(if $(REST),--rest=$(REST)) $(if $(MODEL),--model=$(MODEL)) $(if $(BATCH),--max-batch-size=$(BATCH))

doctor: ## can `make up` start here, what would it build or fetch, how long [GATEWAY_PORT=]
	@$(LOCAL) doctor $(if $(GATEWAY_PORT),--gateway-port=$(GATEWAY_PORT))

status: ## what runs, its health and its load; live on a terminal [ONCE=1]
	@$(LOCAL) status $(if $(ONCE),--once)

logs: ## last lines of the pods, and where all logs are
	@$(LOCAL) logs

bundle: ## logs and state without secrets in one archive, for a bug report
	@$(LOCAL) bundle

kubectl: ## kubectl on the local cluster: make kubectl ARGS='get pods -A'
	@$(LOCAL) kubectl $(ARGS)

down: ## stop all that `make up` started; PURGE=1 removes state and caches too [YES=1]
	@$(LOCAL) down $(if $(PURGE),--purge) $(if $(YES),--yes)

format: ## format the code
	@$(LOCAL) format

verify-pins: ## ask registries and EKS whether the pinned versions are what they give out
	@$(LOCAL) verify-pins

docs: ## write the pages that are made from the code
	@$(LOCAL) docs

lock: ## pin the dependency sets anew from their .in files
	@$(LOCAL) lock
