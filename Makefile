# Greenlight: `make` alone lists the targets.

SHELL       := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

BINARY    := bin/greenlight
SIZE_MB   := 40
VERSION   := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS   := -s -w -X greenlight/internal/cli.version=$(VERSION)
# Lambda's old RPC mode looks methods up by reflection, which keeps the linker
# from dropping any method of any AWS client: 16 MB that nobody calls.
TAGS      := lambda.norpc
GO_SOURCE := $(shell find . -name '*.go' -not -path './bin/*' 2>/dev/null)

# Linters live in a module file of their own, so that they are pinned and
# checked like everything else without weighing on the product's module graph.
TOOL := go tool -modfile=tools.mod

# The race detector needs a C compiler; the product itself never does.
RACE := $(shell command -v $${CC:-gcc} >/dev/null && echo -race)

# A developer's own AWS settings must not reach a test.
unexport AWS_CA_BUNDLE AWS_PROFILE AWS_DEFAULT_PROFILE AWS_REGION AWS_DEFAULT_REGION \
	AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_ENDPOINT_URL \
	AWS_ENDPOINT_URL_CODEDEPLOY AWS_ENDPOINT_URL_LAMBDA AWS_ENDPOINT_URL_STS \
	AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE AWS_ROLE_ARN AWS_WEB_IDENTITY_TOKEN_FILE

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build
build: $(BINARY) ## build bin/greenlight, one static binary

$(BINARY): $(GO_SOURCE) go.mod go.sum
	@CGO_ENABLED=0 go build -trimpath -tags $(TAGS) -ldflags '$(LDFLAGS)' -o $@ ./cmd/greenlight

.PHONY: demo
demo: build ## watch five releases of a function and a web service in the terminal
	@$(BINARY) demo

.PHONY: test
test: check size ## everything a change must pass: check, size and all tests with the race detector
	@.ci/setup
	@[[ -n "$(RACE)" ]] || echo 'skip: no C compiler, so the tests run without the race detector'
	@go test $(RACE) -shuffle=on -timeout 14m ./...
	@echo 'all tests passed'

# bodyclose, like errcheck, judges the product only: tests read answers off raw
# connections, and close bodies in helpers that it does not follow.
.PHONY: check
check: ## format, vet, linters, generated code, tidy modules, import edges
	@unformatted=$$(gofmt -l .); [[ -z "$$unformatted" ]] || { echo "not gofmt'ed; run make fmt:"; echo "$$unformatted"; exit 1; }
	@go vet ./...
	@$(TOOL) staticcheck ./...
	@$(TOOL) errcheck -ignoretests -exclude .ci/errcheck.txt ./...
	@found=$$(go vet -vettool="$$($(TOOL) -n bodyclose)" ./... 2>&1 | grep -E '\.go:' | grep -v '_test\.go:' || true); [[ -z "$$found" ]] || { echo "$$found"; exit 1; }
	@go mod tidy -diff
	@go mod verify >/dev/null
	@.ci/generated
	@go test -count=1 ./internal/house
	@echo 'checks passed'

.PHONY: size
size: build ## print the binary's size and hold it to its limit
	@bytes=$$(wc -c < $(BINARY)); printf '%s is %d.%d MB of at most $(SIZE_MB) MB\n' $(BINARY) $$((bytes / 1000000)) $$((bytes / 100000 % 10)); \
		(( bytes <= $(SIZE_MB) * 1000000 ))

.PHONY: bench
bench: build ## measure what is promised and print the table
	@go test -run '^$$' -bench . -benchmem -timeout 20m ./...

.PHONY: generate
generate: ## write the generated code anew
	@go generate ./...

.PHONY: fmt
fmt: ## format the code
	@gofmt -w .

.PHONY: clean
clean: ## remove what was built
	@rm -rf bin
