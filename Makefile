# What everybody runs: make help
SHELL := /bin/bash
export CGO_ENABLED ?= 0
export BOOTRIG_CACHE ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/bootrig

GOLANGCI_VERSION := v2.15.0
GOLANGCI := $(BOOTRIG_CACHE)/bin/golangci-lint-$(GOLANGCI_VERSION)
FUZZTIME ?= 20s
DURATION ?= 1h
CLIENTS ?= 100000
RUNS ?= 20
SEEDS ?= 3
FIRMWARE := $(addprefix scenarios/,$(addsuffix .txtar,embedded uefi uefi-ipxe uefi-http uefi-secure media/debian-secure media/debian-arm64 firmware/ia32 firmware/arm))

# What may not be skipped: a machine that cannot test one of them is red, not green. Who is no root, and
# need not be, is told what only root could test.
MUST := BOOTRIG_MUST=sim,tap,qemu,peers,content$$([ "$$(id -u)" != 0 ] && [ -w /dev/net/tun ] || echo ,root)

# Tests start hundreds of processes, and one under the race detector sleeps for a second before it ends, to see races of
# goroutines that nobody waits for: 10 ms here.
RACE := CGO_ENABLED=1 GORACE=atexit_sleep_ms=10

# Root is asked for only where a user namespace may not open the TAP device, and the reason is said.
define as_needed
if [ "$$(id -u)" != 0 ] && [ ! -w /dev/net/tun ]; then \
	echo "make: /dev/net/tun is $$(stat -c %a /dev/net/tun 2>/dev/null || echo missing), so only root can make the lab's wire: using sudo" >&2; \
	echo "make: (sudo chmod 666 /dev/net/tun, and root is not needed any more)" >&2; \
	exec sudo env PATH="$$PATH" HOME="$$HOME" BOOTRIG_CACHE="$$BOOTRIG_CACHE" CGO_ENABLED="$$CGO_ENABLED" $(1); \
else exec env $(1); fi
endef

as_root = $(if $(filter 0,$(shell id -u)),$(1),sudo env PATH="$$PATH" HOME="$$HOME" BOOTRIG_CACHE="$$BOOTRIG_CACHE" $(1))

.PHONY: help
help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

.PHONY: build
build: ## the binary, ./bootrig
	go build -o bootrig ./cmd/bootrig

.PHONY: demo
demo: ## boot both founding chains in real QEMU guests, and say how it went
	@.ci/deps demo
	@go build -o bootrig ./cmd/bootrig
	@$(call as_needed,./bootrig test --as qemu scenarios/ubuntu.txtar scenarios/xenserver.txtar)

.PHONY: test
test: ## everything: every world, real guests, the race detector
	@.ci/deps test
	go vet ./...
	@$(call as_needed,$(MUST) $(RACE) go test -race -timeout 20m -p 1 $$(go list ./... | grep -v /scenarios$$))
	@cd scenarios && $(call as_needed,$(MUST) $(RACE) go test -race -timeout 45m)
	@cd testdata/outside && go vet . && $(call as_needed,$(MUST) $(RACE) go test -race -timeout 10m)
	@$(call as_needed,$(MUST) go test -timeout 10m -count 1 -run '^(TestSeeds|TestPerfdhcp.*)$$' ./scenarios/runner ./server/dhcpd)
	@$(call as_needed,.ci/bare)

.PHONY: media
media: ## what people download, booted by real guests as it is: an ISO or a tarball, BIOS, UEFI, Secure Boot, ARM64
	@.ci/deps test
	@go build -o bootrig ./cmd/bootrig
	@$(call as_needed,./bootrig test --as qemu scenarios/media/*.txtar)

.PHONY: firmware
firmware: ## real machines with every version of their firmware that Debian 12, 13 and sid have, fetched and booted
	@.ci/deps test
	@go build -o bootrig ./cmd/bootrig
	@$(call as_needed,./bootrig test --firmware all $(FIRMWARE))

.PHONY: matrix
matrix: ## every firmware, card and way to boot, from our server and two real dnsmasqs; RESUME=1 goes on with out/matrix.jsonl
	@.ci/deps test
	@go build -o bootrig ./cmd/bootrig
	@$(call as_needed,./bootrig matrix --results out/matrix.jsonl $(if $(RESUME),--resume) --into README.md)

.PHONY: flakes
flakes: ## each firmware that make test boots, RUNS (20) times over: a run that fails once is a fault, and leaves out/flakes
	@.ci/deps test
	@mkdir -p out/flakes; set -o pipefail; $(call as_needed,BOOTRIG_KEEP=$(CURDIR)/out/flakes go test -count $(RUNS) -timeout 4h -v -run '^TestEachFirmwareInQEMU$$' ./scenarios) | tee out/flakes.log | grep -vE '^ *(===|--- PASS.*tshark)'

.PHONY: bare
bare: ## what a machine with Go alone can test: go test, seeing nothing that make deps installs
	@$(call as_needed,.ci/bare)

.PHONY: conformance
conformance: ## our proxy and TFTP server beside the real dnsmasqs, 2.90 and 2.93: every exchange compared and counted
	@.ci/deps conformance
	@$(call as_needed,go test -count=1 -v ./scenarios/conformance)

.PHONY: confusion
confusion: ## every chain broken in every way there is, in virtual time (WORLD=tap, WORLD=qemu: part of them in real time): which cause is told first, and the table; and as many healthy boots, from SEEDS (3) seeds
	@set -o pipefail; $(if $(filter tap qemu,$(WORLD)),$(call as_needed,BOOTRIG_CONFUSION=$(WORLD) go test -count=1 -v -timeout 2h -run '^TestConfusionInRealTime$$' ./scenarios),BOOTRIG_SEEDS=$(SEEDS) go test -count=1 -v -timeout 4h -run '^(TestConfusion|TestHealthyBoots)$$' ./scenarios) | grep -vE '^ *(===|---) '

.PHONY: families
families: ## a real machine for each family of causes: what serve by itself says of it, in its log
	@.ci/deps test
	@$(call as_needed,BOOTRIG_FAMILIES=1 go test -count=1 -v -timeout 1h -run '^TestServeNamesEachFamily$$' ./scenarios)

.PHONY: mutants
mutants: ## deliberate defects in the server, each of which a scenario has to catch: which one does, as a table
	BOOTRIG_MUTANTS=1 go test -count=1 -timeout 20m -v -run '^TestEveryMutantIsCaught$$' ./scenarios/mutants

.PHONY: storm
storm: ## 100,000 (CLIENTS=100000) machines boot each founding chain in full, over a bad wire, in virtual time: who is lost, and why
	@go build -o bootrig ./cmd/bootrig
	@for chain in ubuntu-small xenserver-small; do \
		echo "$$chain"; \
		time ./bootrig storm -n $(CLIENTS) scenarios/$$chain.txtar --key ret --fault 'wire loss=1%' || test $$? = 1 || exit; \
	done

.PHONY: soak
soak: ## an hour (DURATION=1h) of boots, storms, scans and rubbish: machines boot, and nothing grows
	@$(call as_needed,BOOTRIG_SOAK=$(DURATION) go test -count=1 -v -timeout 0 ./scenarios/soak)

.PHONY: kills
kills: ## a server killed a thousand times while machines are marked and boot: no mark is lost
	@$(call as_needed,BOOTRIG_KILLS=1000 go test -count=1 -v -timeout 0 -run '^TestEveryMarkOutlivesTheKilledServer$$' ./cmd/bootrig)

.PHONY: accidents
accidents: ## a real machine killed, stopped, cut off in the middle of its boot, beside a full disk: what is told, and that nothing is left
	@$(call as_needed,BOOTRIG_ACCIDENTS=1 go test -count=1 -v -timeout 10m -run '^TestAccidentsOfARealMachine$$' ./scenarios/runner)

.PHONY: browser
browser: ## the page of `bootrig test --report` in Chromium, on a desktop and a phone: out/report, with screenshots
	@command -v chromium >/dev/null || { echo "make: there is no Chromium: apt-get install --no-install-recommends chromium" >&2; exit 1; }
	@go build -o bootrig ./cmd/bootrig
	@rm -rf out/report
	@./bootrig test --as sim --report out/report $(addprefix scenarios/,embedded.txtar ubuntu-small.txtar lossy.txtar late-link.txtar broken) testdata/browser/fails.txtar >/dev/null; test $$? = 1
	@cd testdata/browser && go vet . && REPORT=../../out/report go test -count=1 .

.PHONY: lint
lint: $(GOLANGCI) ## gofmt and the chosen linters, go vet's among them
	@test -z "$$(gofmt -l .)" || { gofmt -d . | head -40; exit 1; }
	$(GOLANGCI) run ./...
	go mod tidy -diff && cd testdata/outside && go mod tidy -diff

$(GOLANGCI):
	@echo "make: building golangci-lint $(GOLANGCI_VERSION): minutes, once"
	GOBIN=$@.new go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_VERSION)
	mv $@.new/golangci-lint $@ && rmdir $@.new

.PHONY: fuzz
fuzz: ## every fuzz target for FUZZTIME (20s)
	@for package in $$(go list ./...); do \
		for target in $$(go test -list '^Fuzz' $$package | grep '^Fuzz'); do \
			echo "$$package $$target"; \
			out=$$(go test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x $$package) && echo "$$out" | tail -1 && continue; \
			echo "$$out"; \
			if grep -q 'context deadline exceeded' <<<"$$out" && ! grep -q 'Failing input' <<<"$$out"; then \
				echo "(the time was up in the middle of an input, which go test takes for a failure: no input failed)"; \
			else exit 1; fi; \
		done; \
	done

.PHONY: deb
deb: ## a Debian package of this revision, out/bootrig_VERSION_ARCH.deb: program, unit, manual, completions
	@.ci/deb out

.PHONY: image
image: ## a container image from scratch, out/bootrig-ARCH.oci.tar, made without a docker daemon
	@.ci/image out

.PHONY: installed
installed: ## both as people get them: installed in a clean Debian root, under systemd, and booted from by real machines
	@.ci/deps installed
	@.ci/installed

.PHONY: bench
bench: ## our server beside dnsmasq, tftp-hpa, atftpd, pin/tftp and nginx, hours of it: out/bench.md, out/bench.svg (POINT=REGEX, ROUNDS=9: less)
	@.ci/deps bench
	@go build -o bootrig ./cmd/bootrig
	@mkdir -p out
	@set -o pipefail; $(call as_root,./bootrig bench --point '$(POINT)' --rounds $(or $(ROUNDS),9) --svg out/bench.svg) | tee out/bench.md

.PHONY: benchmarks
benchmarks: ## Go's own: pieces of ours by themselves
	go test -run '^$$' -bench . -benchmem ./...

.PHONY: deps
deps: ## install what the tests need (Debian 12) and fetch the boot content
	@.ci/deps test
