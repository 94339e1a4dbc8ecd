# One Makefile, no recursion: every variant's rules are made from the same template, so
# `make -j test` builds them all in parallel. `make help` lists what can be asked for.

.DEFAULT_GOAL := all
SHELL := /bin/bash
MAKEFLAGS += --no-builtin-rules
.SUFFIXES:
.DELETE_ON_ERROR:

VERSION := 0.1.0
PREFIX ?= /usr/local
DESTDIR ?=

# ---- what there is --------------------------------------------------------------------------
# Modules from the top down: each may use those to its right only (checked by test/tidy/check).
MODULES := session medium role cipher topic packet base
CORE := role cipher topic packet base
PROGRAMS := $(basename $(notdir $(wildcard app/*.c)))
PACKAGES := libuv libsodium libedit jansson

# ---- variants -------------------------------------------------------------------------------
VARIANTS := release debug asan tsan coverage fuzz
GCC ?= gcc
CLANG ?= clang
cc_release := $(GCC)
cc_debug := $(GCC)
cc_coverage := $(GCC)
cc_asan := $(CLANG)
cc_tsan := $(CLANG)
cc_fuzz := $(CLANG)
flags_release := -O2 -g
flags_debug := -O0 -g3
flags_coverage := -O0 -g --coverage -fprofile-update=atomic
flags_asan := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
flags_tsan := -O1 -g -fsanitize=thread -fno-omit-frame-pointer
flags_fuzz := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all

WARNINGS := -Wall -Wextra -Wconversion -Wshadow -Wswitch-enum -Wstrict-prototypes \
            -Wmissing-prototypes -Wpointer-arith -Wwrite-strings -Werror
CPPFLAGS_ALL := -D_GNU_SOURCE -DMQTTSIM_VERSION='"$(VERSION)"' -Isrc \
                $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
CFLAGS_ALL := -std=c17 $(WARNINGS) -fstack-protector-strong
LDLIBS_ALL := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -pthread -lm

sources_of = $(wildcard src/$(1)/*.c)
tests_in = $(basename $(wildcard test/$(1)/*_test.c))
UNIT_TESTS := $(foreach m,$(MODULES),$(call tests_in,$(m)))
PROCESS_TESTS := $(call tests_in,process)
BENCHES := $(basename $(wildcard bench/*_bench.c))
FUZZERS := $(basename $(wildcard test/fuzz/*_fuzz.c))

# $(1) variant
define variant_rules
archives_$(1) := $$(foreach m,$$(MODULES),build/$(1)/$$(m).a)
programs_$(1) := $$(PROGRAMS:%=build/$(1)/app/%)
unit_$(1) := $$(UNIT_TESTS:%=build/$(1)/%)
process_$(1) := $$(PROCESS_TESTS:%=build/$(1)/%)
bench_$(1) := $$(BENCHES:%=build/$(1)/%)

build/$(1)/%.o: %.c Makefile
	@mkdir -p $$(@D)
	$$(Q)$$(cc_$(1)) $$(CPPFLAGS_ALL) $$(CFLAGS_ALL) $$(flags_$(1)) $$(CFLAGS) -MMD -MP -c $$< -o $$@

$$(foreach m,$$(MODULES),$$(eval build/$(1)/$$(m).a: $$(patsubst %.c,build/$(1)/%.o,$$(call sources_of,$$(m)))))
$$(archives_$(1)):
	@mkdir -p $$(@D)
	$$(Q)rm -f $$@ && ar rcs $$@ $$^

build/$(1)/app/%: build/$(1)/app/%.o $$(archives_$(1))
	$$(Q)$$(cc_$(1)) $$(flags_$(1)) $$(LDFLAGS) $$^ $$(LDLIBS_ALL) -o $$@

build/$(1)/test/%_test: build/$(1)/test/%_test.o build/$(1)/test/support.o $$(archives_$(1))
	$$(Q)$$(cc_$(1)) $$(flags_$(1)) $$(LDFLAGS) $$^ $$(LDLIBS_ALL) -lcmocka -o $$@

build/$(1)/bench/%_bench: build/$(1)/bench/%_bench.o build/$(1)/bench/support.o $$(archives_$(1))
	$$(Q)$$(cc_$(1)) $$(flags_$(1)) $$(LDFLAGS) $$^ $$(LDLIBS_ALL) -o $$@
endef
$(foreach v,$(VARIANTS),$(eval $(call variant_rules,$(v))))

build/fuzz/test/fuzz/%_fuzz: build/fuzz/test/fuzz/%_fuzz.o $(archives_fuzz)
	$(Q)$(cc_fuzz) $(flags_fuzz) -fsanitize=fuzzer $(LDFLAGS) $^ $(LDLIBS_ALL) -o $@

# `make Q=` shows the commands.
Q ?= @

.SECONDARY:
-include $(shell find build -name '*.d' 2>/dev/null)

# ---- targets for people ---------------------------------------------------------------------
.PHONY: all
all: $(PROGRAMS:%=exe/%) ## build the programs into exe/

exe/%: build/release/app/%
	@mkdir -p exe
	$(Q)cp $< $@.new && mv $@.new $@

.PHONY: test
test: ## every test: unit and process tests, sanitizers, fuzzing in short, tidy checks
	$(Q)$(MAKE) --no-print-directory $(TEST_BINARIES) $(FUZZ_BINARIES) all man compile_commands.json
	$(Q)test/run $(TEST_BINARIES) $(FUZZ_BINARIES) $(CHECKS)

# Everything runs in release (gcc) and under ASan+UBSan (clang); what has threads or processes also
# under TSan. Process tests find their programs beside themselves, in build/<variant>/app.
TEST_BINARIES := $(unit_release) $(unit_asan) \
                 $(filter %/session/% %/medium/%,$(subst ,,$(UNIT_TESTS:%=build/tsan/%))) \
                 $(process_release) $(process_asan) $(process_tsan)
TEST_PROGRAMS := $(programs_release) $(programs_asan) $(programs_tsan)
FUZZ_BINARIES := $(FUZZERS:%=build/fuzz/%)
CHECKS := $(wildcard test/tidy/*_check)
$(process_release): | $(programs_release)
$(process_asan): | $(programs_asan)
$(process_tsan): | $(programs_tsan)

.PHONY: quick
quick: $(unit_asan) ## the unit tests under ASan+UBSan only
	$(Q)test/run $(unit_asan)

.PHONY: check
check: all compile_commands.json ## the style, layer and purity checks only
	$(Q)test/run $(CHECKS)

.PHONY: bench
bench: $(bench_release) $(programs_release) ## measure speed and size, each beside a baseline
	$(Q)bench/run $(bench_release)

FUZZ_SECONDS ?= 60
.PHONY: fuzz
fuzz: $(FUZZ_BINARIES) ## fuzz each target for FUZZ_SECONDS (60)
	$(Q)FUZZ_SECONDS=$(FUZZ_SECONDS) test/run $(FUZZ_BINARIES)

.PHONY: coverage
coverage: $(unit_coverage) $(process_coverage) $(programs_coverage) ## line coverage of the tests
	$(Q)find build/coverage -name '*.gcda' -delete
	$(Q)test/run $(unit_coverage) $(process_coverage)
	$(Q)test/coverage build/coverage

.PHONY: run
run: all ## a living network to look at and take part in (a tour when there is no terminal)
	$(Q)app/living-network

MANUALS := $(PROGRAMS:%=build/man/mqttsim-%.1)
.PHONY: man
man: $(MANUALS) ## the manual pages, into build/man

build/man/mqttsim-%.1: build/release/app/%
	@mkdir -p $(@D)
	$(Q)$< --man > $@.new && mv $@.new $@

.PHONY: install
install: all man ## install programs and manual pages under DESTDIR PREFIX (/usr/local)
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1
	$(Q)for p in $(PROGRAMS); do \
	    install -m 755 exe/$$p $(DESTDIR)$(PREFIX)/bin/mqttsim-$$p; \
	    install -m 644 build/man/mqttsim-$$p.1 $(DESTDIR)$(PREFIX)/share/man/man1/; done

.PHONY: uninstall
uninstall: ## remove what install put there
	rm -f $(PROGRAMS:%=$(DESTDIR)$(PREFIX)/bin/mqttsim-%) \
	      $(PROGRAMS:%=$(DESTDIR)$(PREFIX)/share/man/man1/mqttsim-%.1)

.PHONY: format
format: ## lay out all sources with clang-format
	clang-format -i $$(git ls-files '*.c' '*.h')

compile_commands.json: Makefile $(wildcard app/*.c src/*/*.c test/*.c test/*/*.c bench/*.c)
	$(Q)for f in $(wildcard app/*.c src/*/*.c test/*.c test/*/*.c bench/*.c); do \
	    printf '{"directory":"%s","file":"%s","command":"clang %s -c %s"}\n' '$(CURDIR)' "$$f" \
	        '$(subst ",\",$(CPPFLAGS_ALL) $(CFLAGS_ALL))' "$$f"; done \
	    | sed '1s/^/[/; $$!s/$$/,/; $$s/$$/]/' > $@

.PHONY: clean
clean: ## remove everything that was built
	rm -rf build exe compile_commands.json

.PHONY: help
help: ## this list
	@echo 'usage: make [TARGET]    (on a new machine: ./setup TARGET)'; echo
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1|\2/p' Makefile | column -t -s '|'
