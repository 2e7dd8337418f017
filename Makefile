# What one does with Waxwing. Every target sets up what it needs; `make help` lists them.

# The lock file is the law for whoever only runs the project; a developer's change of a manifest may update it.
LOCKED := $(if $(CI),--locked)

.PHONY: help run test check format clippy doc bench torture package clean
.DEFAULT_GOAL := help

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Open Waxwing on an embedded gateway with a simulated WhatsApp; without a display: the guided tour, pictures in target/tour/
	@scripts/system-packages.sh build run
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then \
		exec cargo run --release $(LOCKED) -- --demo; \
	else \
		exec scripts/tour.sh; \
	fi

test: ## Run all tests, those with a real window on a virtual display included
	@scripts/system-packages.sh build run window test
	cargo test --workspace --no-fail-fast $(LOCKED)

check: format clippy doc ## Formatting, lints and documentation, warnings refused

format:
	cargo fmt --all --check

clippy:
	cargo clippy --workspace --all-targets $(LOCKED) -- --deny warnings

doc:
	RUSTDOCFLAGS='--deny warnings' cargo doc --workspace --no-deps $(LOCKED)

bench: ## Measure speeds beside their baselines: target/bench.json
	@scripts/system-packages.sh build run window
	cargo bench --bench bench $(LOCKED)

torture: ## Kill, cut and flood the programs, and count what got lost: target/torture.json
	@scripts/system-packages.sh build run
	cargo bench --bench torture $(LOCKED)

package: ## Make what people install: target/package/
	@scripts/system-packages.sh build package
	scripts/package.sh

clean: ## Remove everything that was built
	cargo clean
