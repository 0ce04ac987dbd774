# SPDX-License-Identifier: Apache-2.0
# make demo   builds nudged and shows it at work on a simulated CRM
# make test   builds it with sanitizers and runs every test
# Both install what is missing from Debian's packages first (with sudo when not root).
# make adversary SEEDS=5000   tries that many seeds of adversity on each simulated CRM: edits, faults,
#             kills, clocks; FIRST=n begins at seed n, CRM=name takes one alone
# make bench  measures what docs/performance.md promises; BENCH=--full at the sizes it is promised for
# make faults   cuts the power and fails the disk at every single point, kills the daemon 1,000 times and a sync of
#             every CRM (`make test` those of three), and compares the sums of 5,000 random histories with a recount
# make soak   runs the daemon through WEEKS=24 simulated weeks with all that can fail in them, in minutes
# make fuzz   sends VALUES=100000 hostile values through every channel's renderer, read by other people's parsers
# make fuzzers   throws hostile bytes at all that reads what others wrote, each target for SECONDS=3600 (clang's libFuzzer);
#             TARGETS="csv pages" runs these alone
# make kills  kills what drains an outbox between every two of its steps, OUTBOX_SEEDS=2800 times
# make drain  1,000 messages to a webhook that lets one a second pass: 17 minutes
# make package   the Debian package, in build/package: the same bytes from the same commit, in whatever folder
# make reproducible   makes it twice, in two folders, and compares them byte by byte: two builds' time
# make beside nudged and Debian's Alertmanager on the same receivers: four minutes, the table of docs/alerts.md

PACKAGES := build-essential cmake ninja-build pkg-config ccache \
    libboost1.81-dev libcurl4-openssl-dev libsqlite3-dev rapidjson-dev libspdlog-dev libfmt-dev \
    libkainjow-mustache-dev catch2 libtomlplusplus-dev libcli11-dev libhowardhinnant-date-dev libssl-dev libsystemd-dev \
    ca-certificates tzdata sqlite3 curl file
CHECK_PACKAGES := lld clang-format-14 clang-tidy-14 debootstrap util-linux zsh fish man=man-db python3 python3-aiosmtpd openssl node=nodejs npm=npm
JOBS ?= $(shell nproc)

.PHONY: build demo test adversary faults soak fuzz kills drain beside deps check-deps format lint package bench clean

build: deps
	cmake --preset release -DNUDGED_TESTS=ON
	cmake --build --preset release -j $(JOBS)

demo: deps
	cmake --preset release -DNUDGED_TESTS=ON
	cmake --build --preset release -j $(JOBS) --target nudged crmsim slack_receiver
	@tests/demo/run build/release/bin

test: check-deps
	cmake --preset dev
	cmake --build --preset dev -j $(JOBS)
	ctest --preset dev -j $(JOBS)

SEEDS ?= 1000
FIRST ?= 1
adversary: deps
	cmake --preset release -DNUDGED_TESTS=ON
	cmake --build --preset release -j $(JOBS) --target test_adversary
	NUDGED_SEEDS=$(SEEDS) NUDGED_FIRST_SEED=$(FIRST) $(if $(CRM),NUDGED_CRM=$(CRM)) build/release/bin/test_adversary

KILLS ?= 1000
SCRIPTS ?= 5000
faults: deps
	cmake --preset release -DNUDGED_TESTS=ON
	cmake --build --preset release -j $(JOBS) --target test_faults test_daemon_faults test_warehouse test_cli
	NUDGED_FAULT_STRIDE=1 build/release/bin/test_faults
	NUDGED_KILL_SEEDS=$(KILLS) build/release/bin/test_daemon_faults
	NUDGED_ALL_CRMS=1 build/release/bin/test_cli "a sync of any other CRM*"
	NUDGED_ROLLUP_SCRIPTS=$(SCRIPTS) build/release/bin/test_warehouse

WEEKS ?= 24
soak: check-deps
	cmake --preset release -DNUDGED_TESTS=ON
	cmake --build --preset release -j $(JOBS) --target soak
	build/release/bin/soak --weeks $(WEEKS)

VALUES ?= 100000
fuzz: check-deps
	cmake --preset release -DNUDGED_TESTS=ON
	cmake --build --preset release -j $(JOBS) --target write_messages
	NUDGED_VALUES=$(VALUES) tests/peers/run build/release/bin hostile

SECONDS ?= 3600
.PHONY: fuzzers
fuzzers: check-deps
	@tests/deps clang-14 libclang-rt-14-dev
	cmake --preset fuzz
	cmake --build --preset fuzz -j $(JOBS) --target fuzzers
	tests/fuzz/run build/fuzz $(SECONDS) $(TARGETS)

OUTBOX_SEEDS ?= 2800
.PHONY: outbox_programs
outbox_programs: check-deps
	cmake --preset release -DNUDGED_TESTS=ON
	cmake --build --preset release -j $(JOBS) --target nudged outbox_victim
kills: outbox_programs
	NUDGED_OUTBOX_SEEDS=$(OUTBOX_SEEDS) NUDGED_FIRST_SEED=$(FIRST) tests/outbox/kills build/release/bin
drain: outbox_programs
	tests/outbox/drain build/release/bin
beside: outbox_programs
	tests/outbox/side_by_side build/release/bin

deps:
	@tests/deps $(PACKAGES)

check-deps:
	@tests/deps $(PACKAGES) $(CHECK_PACKAGES)

# What would differ from machine to machine is said here: the time of every file is the commit's, or without git the
# changelog's; modes of folders do not follow whoever builds; and no cache of other folders' objects is asked.
package: export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || stat -c %Y CHANGELOG.md)
package: deps
	cmake --preset release -DNUDGED_TESTS=OFF -DNUDGED_CCACHE=OFF -B build/package
	cmake --build build/package -j $(JOBS) --target all package_documents
	umask 022 && cd build/package && rm -f nudged_*.deb && cpack -G DEB

.PHONY: reproducible
reproducible: deps
	tests/systemd/reproducible

format: check-deps
	git ls-files '*.cpp' '*.hpp' | xargs clang-format-14 -i

lint: check-deps
	git ls-files '*.cpp' '*.hpp' | xargs clang-format-14 --dry-run --Werror
	tests/lint build/dev

bench: deps
	@tests/deps python3
	cmake --preset release -DNUDGED_TESTS=ON
	cmake --build --preset release -j $(JOBS) --target tests/bench/all nudged crmsim
	tests/bench/run build/release/bin $(BENCH)

clean:
	rm -rf build
