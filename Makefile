# One Makefile, no recursion: every variant's rules are made from the same template, so
# `make -j test` builds them all in parallel. `make help` lists what can be asked for.

.DEFAULT_GOAL := all
SHELL := /bin/bash
MAKEFLAGS += --no-builtin-rules
# As many jobs as this machine has cores; `make -j1` still means one.
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || echo 2)
endif
.SUFFIXES:
.DELETE_ON_ERROR:

# The newest version in the changelog, and its date.
VERSION := $(shell sed -n 's/^\#\# \[\([0-9.]*\)\] - .*/\1/p' CHANGELOG.md | head -n 1)
RELEASED := $(shell sed -n 's/^\#\# \[[0-9.]*\] - //p' CHANGELOG.md | head -n 1)
PREFIX ?= /usr/local
DESTDIR ?=

# ---- what there is --------------------------------------------------------------------------
# Modules from the top down: each may use those to its right only (test/tidy/layers_check). Those in
# CORE are pure: no clock, socket, file, thread or random source (test/tidy/purity_check).
MODULES := session watch web report shell medium sim store scenario role fault check mqtt cipher \
    topic packet base
CORE := sim scenario role fault check mqtt cipher topic packet base
PROGRAMS := $(basename $(notdir $(wildcard app/*.c)))
PACKAGES := libuv openssl libsodium libedit jansson sqlite3 hiredis libmicrohttpd libcurl libpcap \
            libfyaml

# Paho C has no file of pkg-config's; its test does without it where it is missing.
LIBPAHO := $(if $(wildcard /usr/include/MQTTClient.h /usr/local/include/MQTTClient.h),-lpaho-mqtt3c)

# MPI shares what the simulator does among machines. It is optional: MPI=no leaves it out.
MPI ?= $(shell pkg-config --exists ompi-c && echo yes || echo no)
ifeq ($(MPI),yes)
MPI_CFLAGS := -DHAVE_MPI $(shell pkg-config --cflags ompi-c)
MPI_LIBS := $(shell pkg-config --libs ompi-c)
endif

# The library of charts that reports carry (Debian: libjs-dygraphs).
DYGRAPHS ?= /usr/share/javascript/dygraphs

# ---- variants -------------------------------------------------------------------------------
VARIANTS := release fast debug asan tsan coverage fuzz
GCC ?= gcc
CLANG ?= clang
cc_release := $(GCC)
cc_fast := $(GCC)
cc_debug := $(GCC)
cc_coverage := $(GCC)
cc_asan := $(CLANG)
cc_tsan := $(CLANG)
cc_fuzz := $(CLANG)
flags_release := -O2 -g
# The simulator, and nothing else: its time goes into small functions of many files of the core.
# There the stack is guarded where arrays of bytes are on it; all variables would cost 3 %.
flags_fast := -O3 -g -flto=auto -fstack-protector
# Without optimisation gcc cannot tell which texts fit, and warns of those that do.
flags_debug := -O0 -g3 -Wno-format-truncation
flags_coverage := -O0 -g --coverage -fprofile-update=atomic -Wno-format-truncation
flags_asan := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
flags_tsan := -O1 -g -fsanitize=thread -fno-omit-frame-pointer
flags_fuzz := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
# The faster linker, where it is installed.
lld := $(if $(shell command -v ld.lld),-fuse-ld=lld)
link_asan := $(lld)
link_tsan := $(lld)
link_fuzz := $(lld)

WARNINGS := -Wall -Wextra -Wconversion -Wshadow -Wswitch-enum -Wstrict-prototypes \
            -Wmissing-prototypes -Wpointer-arith -Wwrite-strings -Werror
CPPFLAGS_ALL := -D_GNU_SOURCE -DMQTTSIM_VERSION='"$(VERSION)"' \
                -DDYGRAPHS='"$(DYGRAPHS)"' -Isrc -Itest \
                $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
CFLAGS_ALL := -std=c17 $(WARNINGS) -fstack-protector-strong
LDLIBS_ALL := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -lwslay -pthread -lm

# Folders have at most two levels below them.
below = $(wildcard $(1)/$(2) $(1)/*/$(2) $(1)/*/*/$(2))
objects = $(patsubst %.c,build/$(1)/%.o,$(2))
tests_in = $(basename $(call below,test/$(1),*_test.c))
UNIT_TESTS := $(foreach m,$(MODULES),$(call tests_in,$(m)))
THREADED_TESTS := $(foreach m,session watch web shell medium store,$(call tests_in,$(m)))
PROCESS_TESTS := $(call tests_in,process)
BENCHES := $(basename $(wildcard bench/*_bench.c))
FUZZERS := $(basename $(wildcard test/fuzz/*_fuzz.c))

# $(1) variant, $(2) module. Its folders are prerequisites: a source removed leaves the archive.
define archive_rule
build/$(1)/$(2).a: $(call objects,$(1),$(call below,src/$(2),*.c)) \
    $(sort $(dir $(call below,src/$(2),*.c)))
	@mkdir -p $$(@D)
	$$(Q)rm -f $$@.new && ar rcs $$@.new $$(filter %.o,$$^) && mv $$@.new $$@
endef

# Folders with tests, and a folder with those it stands in.
TEST_FOLDERS := $(patsubst test/%/,%,$(sort $(dir $(UNIT_TESTS) $(PROCESS_TESTS))))
sources_of_tests = $(foreach d,$(call with_outer,$(1)),$(wildcard test/$(d)/*.c))
with_outer = $(1) $(if $(findstring /,$(1)),$(call with_outer,$(patsubst %/,%,$(dir $(1)))))

# $(1) variant, $(2) folder of tests. Sources there, and in those it stands in, that are no tests
# are linked with each that is.
define test_rule
build/$(1)/test/$(2)/%_test: build/$(1)/test/$(2)/%_test.o build/$(1)/test/support.o \
    $(filter-out %_test.o,$(call objects,$(1),$(call sources_of_tests,$(2)))) \
    $(archives_$(1))
	$$(Q)$$(cc_$(1)) $$(flags_$(1)) $$(link_$(1)) $$(LDFLAGS) $$^ $$(LDLIBS_ALL) -lcmocka -o $$@
endef

# What is not of the core is that of the release.
archives_fast := $(foreach m,$(MODULES),build/$(if $(filter $(m),$(CORE)),fast,release)/$(m).a)

# $(1) variant
define variant_rules
archives_$(1) ?= $$(MODULES:%=build/$(1)/%.a)
programs_$(1) := $$(PROGRAMS:%=build/$(1)/app/%)
unit_$(1) := $$(UNIT_TESTS:%=build/$(1)/%)
threaded_$(1) := $$(THREADED_TESTS:%=build/$(1)/%)
process_$(1) := $$(PROCESS_TESTS:%=build/$(1)/%)
bench_$(1) := $$(BENCHES:%=build/$(1)/%)

build/$(1)/%.o: %.c Makefile
	@mkdir -p $$(@D)
	$$(Q)$$(cc_$(1)) $$(CPPFLAGS_ALL) $$(CPPFLAGS) $$(CFLAGS_ALL) $$(flags_$(1)) $$(CFLAGS) \
	    -MMD -MP -c $$< -o $$@

$$(foreach m,$$(MODULES),$$(eval $$(call archive_rule,$(1),$$(m))))
$$(foreach d,$$(TEST_FOLDERS),$$(eval $$(call test_rule,$(1),$$(d))))

# What is put into an object as it is.
build/$(1)/src/store/redis_script.o: src/store/redis_script.lua
build/$(1)/src/report/page.o: src/report/palette.css src/report/page.css src/report/page.js
build/$(1)/src/web/web_page.o: $(wildcard src/web/page/*) src/report/palette.css \
    test/conformance/statements.tsv

build/$(1)/src/session/simulate/simulate_ranks.o: CPPFLAGS_ALL += $(MPI_CFLAGS)
build/$(1)/app/simulate: LDLIBS_ALL += $(MPI_LIBS)
build/$(1)/app/%: build/$(1)/app/%.o $$(archives_$(1))
	$$(Q)$$(cc_$(1)) $$(flags_$(1)) $$(link_$(1)) $$(LDFLAGS) $$^ $$(LDLIBS_ALL) -o $$@

# Sources of bench that are no benchmarks are linked with each that is.
build/$(1)/bench/%_bench: build/$(1)/bench/%_bench.o \
    $(filter-out %_bench.o,$(call objects,$(1),$(wildcard bench/*.c))) $$(archives_$(1))
	$$(Q)$$(cc_$(1)) $$(flags_$(1)) $$(link_$(1)) $$(LDFLAGS) $$^ $$(LDLIBS_ALL) -o $$@

# Process tests start the programs that lie beside them, in build/<variant>/app.
$$(process_$(1)): | $$(programs_$(1))
build/$(1)/test/process/internet_test: build/$(1)/test/store/redis_server.o
build/$(1)/test/process/simulate_test: | build/fast/app/simulate
build/$(1)/test/process/mqtt_paho_test: LDLIBS_ALL += $(LIBPAHO)
build/$(1)/test/process/link_test build/$(1)/test/process/store_storm_test: \
    | build/$(1)/test/preload/clock_step.so

build/$(1)/test/preload/%.so: test/preload/%.c Makefile
	@mkdir -p $$(@D)
	$$(Q)$$(GCC) $$(CPPFLAGS_ALL) $$(CFLAGS_ALL) -O2 -fPIC -shared $$< -o $$@
endef
$(foreach v,$(VARIANTS),$(eval $(call variant_rules,$(v))))

FUZZ_BINARIES := $(FUZZERS:%=build/fuzz/%)
build/fuzz/test/fuzz/%_fuzz: build/fuzz/test/fuzz/%_fuzz.o $(archives_fuzz)
	$(Q)$(cc_fuzz) $(flags_fuzz) $(link_fuzz) -fsanitize=fuzzer $(LDFLAGS) $^ $(LDLIBS_ALL) -o $@

# `make Q=` shows the commands.
Q ?= @

.SECONDARY:
-include $(shell find build -path build/deb -prune -o -type f -name '*.d' -print 2>/dev/null)

# ---- targets for people ---------------------------------------------------------------------
.PHONY: all
all: $(PROGRAMS:%=exe/%) ## build the programs into exe/

exe/%: build/release/app/%
	@mkdir -p exe
	$(Q)cp $< $@.new && mv $@.new $@

exe/simulate: build/fast/app/simulate
	@mkdir -p exe
	$(Q)cp $< $@.new && mv $@.new $@

# Everything runs in release (gcc) and under ASan+UBSan (clang); what has threads or processes also
# under TSan. Those that wait for processes stand first: what computes fills the gaps.
# Memory that attacks take is measured without sanitizers, whose own would count.
TESTS := $(process_release) $(filter-out %/memory_test,$(process_asan) $(process_tsan)) \
         $(unit_release) $(unit_asan) $(threaded_tsan) $(FUZZ_BINARIES)
CHECKS := $(wildcard test/tidy/*_check)
CHECKED := all man compile_commands.json $(archives_release)

.PHONY: test
test: $(TESTS) $(CHECKED) ## every test: units, processes, sanitizers, fuzzing in short, checks
	$(Q)test/run $(TESTS) $(CHECKS)

.PHONY: quick
quick: $(unit_asan) ## the unit tests under ASan+UBSan only
	$(Q)test/run $(unit_asan)

.PHONY: check
check: $(CHECKED) ## the checks of style, layers, purity, lint and manual pages only
	$(Q)test/run $(CHECKS)

MEASURED := $(filter-out %/sim_bench,$(bench_release)) build/fast/bench/sim_bench
.PHONY: bench
bench: $(MEASURED) $(programs_release) ## measure speed and size, each beside a baseline
	$(Q)bench/run $(MEASURED)

FUZZ_SECONDS ?= 60
.PHONY: fuzz
fuzz: $(FUZZ_BINARIES) ## fuzz each target for FUZZ_SECONDS (60)
	$(Q)FUZZ_SECONDS=$(FUZZ_SECONDS) test/run $(FUZZ_BINARIES)

SEEDS ?= 100000
POWER_TEST := build/release/test/role/broker/session/door_journal_test
.PHONY: power
power: $(POWER_TEST) ## a broker that loses its power, in virtual time, in SEEDS (100000) stories
	$(Q)JOURNAL_SEEDS=$(SEEDS) $(POWER_TEST)

SOAK_SECONDS ?= 3600
SOAK_TEST := build/release/test/process/soak/soak_test
.PHONY: soak
soak: $(SOAK_TEST) ## everything at once at a broker for SOAK_SECONDS (3600): nothing may grow
	$(Q)SOAK_SECONDS=$(SOAK_SECONDS) $(SOAK_TEST)

.PHONY: debug
debug: $(programs_debug) ## build the programs for a debugger, into build/debug/app

.PHONY: coverage
coverage: $(unit_coverage) $(process_coverage) $(programs_coverage) ## line coverage of the tests
	$(Q)find build/coverage -name '*.gcda' -delete
	$(Q)test/run $(unit_coverage) $(process_coverage); status=$$?; \
	test/coverage build/coverage; exit $$status

.PHONY: run
run: all ## a living network to look at and take part in (a tour when there is no terminal)
	$(Q)app/living-network

MANUALS := $(PROGRAMS:%=build/man/mqttsim-%.1)
.PHONY: man
man: $(MANUALS) ## the manual pages, into build/man

build/man/mqttsim-%.1: build/release/app/%
	@mkdir -p $(@D)
	$(Q)$< --man > $@.new && mv $@.new $@

SHELLS := bash zsh fish
COMPLETIONS := $(foreach s,$(SHELLS),$(PROGRAMS:%=build/completions/$(s)/%))
define completion_rule
build/completions/$(1)/%: build/release/app/%
	@mkdir -p $$(@D)
	$$(Q)$$< --completion $(1) > $$@.new && mv $$@.new $$@
endef
$(foreach s,$(SHELLS),$(eval $(call completion_rule,$(s))))
COMPLETIONS_BASH := $(DESTDIR)$(PREFIX)/share/bash-completion/completions
COMPLETIONS_ZSH := $(DESTDIR)$(PREFIX)/share/zsh/site-functions
COMPLETIONS_FISH := $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d

.PHONY: install
install: all man $(COMPLETIONS) ## install programs, manual pages, completions under DESTDIR PREFIX
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 \
	    $(DESTDIR)$(PREFIX)/share/mqttsim/lessons $(DESTDIR)$(PREFIX)/share/mqttsim/scenarios \
	    $(COMPLETIONS_BASH) $(COMPLETIONS_ZSH) \
	    $(COMPLETIONS_FISH)
	install -m 644 lessons/*.lesson $(DESTDIR)$(PREFIX)/share/mqttsim/lessons
	install -m 644 $(wildcard scenarios/*) $(DESTDIR)$(PREFIX)/share/mqttsim/scenarios
	$(Q)for p in $(PROGRAMS); do \
	    install -m 755 exe/$$p $(DESTDIR)$(PREFIX)/bin/mqttsim-$$p; \
	    install -m 644 build/man/mqttsim-$$p.1 $(DESTDIR)$(PREFIX)/share/man/man1/; \
	    install -m 644 build/completions/bash/$$p $(COMPLETIONS_BASH)/mqttsim-$$p; \
	    install -m 644 build/completions/zsh/$$p $(COMPLETIONS_ZSH)/_mqttsim-$$p; \
	    install -m 644 build/completions/fish/$$p $(COMPLETIONS_FISH)/mqttsim-$$p.fish; done

.PHONY: uninstall
uninstall: ## remove what install put there
	rm -f $(PROGRAMS:%=$(DESTDIR)$(PREFIX)/bin/mqttsim-%) \
	      $(PROGRAMS:%=$(DESTDIR)$(PREFIX)/share/man/man1/mqttsim-%.1) \
	      $(PROGRAMS:%=$(COMPLETIONS_BASH)/mqttsim-%) $(PROGRAMS:%=$(COMPLETIONS_ZSH)/_mqttsim-%) \
	      $(PROGRAMS:%=$(COMPLETIONS_FISH)/mqttsim-%.fish)
	rm -rf $(DESTDIR)$(PREFIX)/share/mqttsim/lessons $(DESTDIR)$(PREFIX)/share/mqttsim/scenarios

# The same files give the same bytes: names in order, one owner, the date of the version.
DIST := build/mqttsim-$(VERSION).tar.xz
.PHONY: dist
dist: $(DIST) ## a tarball of the sources, into build/
$(DIST): FORCE
	@mkdir -p $(@D)
	$(Q)test/tidy/files | LC_ALL=C sort | tar --create --xz --file $@ --no-recursion --files-from - \
	    --transform 's,^,mqttsim-$(VERSION)/,' --mtime '$(RELEASED) 00:00:00Z' --owner 0 --group 0 \
	    --numeric-owner --mode 'u+rw,go=rX,a-s' --format gnu

.PHONY: FORCE
FORCE:

# Built in a folder of its own, from the tarball.
DEB := build/deb
.PHONY: deb
deb: $(DIST) ## Debian packages, into build/deb (needs debhelper)
	rm -rf $(DEB)
	mkdir -p $(DEB)
	tar --extract --file $(DIST) --directory $(DEB)
	cp -r packaging/debian $(DEB)/mqttsim-$(VERSION)/debian
	printf 'mqttsim (%s) stable; urgency=medium\n\n  * See CHANGELOG.md.\n\n -- %s  %s\n' $(VERSION) \
	    "$$(sed -n 's/^Maintainer: //p' packaging/debian/control)" \
	    "$$(LC_ALL=C date -u -R -d '$(RELEASED)')" > $(DEB)/mqttsim-$(VERSION)/debian/changelog
	cd $(DEB)/mqttsim-$(VERSION) && dpkg-buildpackage --build=binary --no-sign

.PHONY: debcheck
debcheck: ## the packages twice, equal; lintian; installed and purged in a fresh root (needs root)
	$(Q)packaging/deb-check

.PHONY: mutants
mutants: ## plant faults, one at a time, and see whether the tests find them
	$(Q)test/mutants/run

.PHONY: conformance
conformance: ## docs/conformance.md: the standards' statements and the tests that name them
	$(Q)test/tidy/conformance_check --write

.PHONY: format
format: ## lay out all sources with clang-format
	clang-format -i $$(test/tidy/files | grep '\.[ch]$$')

# One object per source, for editors and clang-tidy. The shell splits the flags into words and takes
# their quotes away; sed makes JSON strings of them.
SOURCES := $(foreach d,app src test bench,$(call below,$(d),*.c) $(wildcard $(d)/*/*/*/*.c))
compile_commands.json: Makefile $(sort $(dir $(SOURCES)))
	$(Q)quoted() { sed 's/[\\"]/\\&/g; s/.*/"&"/' | paste -sd,; }; \
	words=$$(printf '%s\n' clang $(CPPFLAGS_ALL) $(CFLAGS_ALL) -c | quoted); \
	folder=$$(pwd | quoted); \
	for f in $(SOURCES); do printf '{"directory":%s,"file":"%s","arguments":[%s,"%s"]}\n' \
	    "$$folder" $$f "$$words" $$f; done | paste -sd, | sed 's/^/[/; s/$$/]/' > $@

.PHONY: clean
clean: ## remove everything that was built
	rm -rf build exe compile_commands.json

.PHONY: help
help: ## this list
	@echo 'usage: make [TARGET]    (on a new machine: ./setup TARGET)'; echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' Makefile
	@echo; echo 'make Q= TARGET shows the commands. Variants: $(VARIANTS), in build/.'
