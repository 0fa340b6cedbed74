# kdaudit. One file, no recursion; `make help` prints the comments below that name targets.
# Objects in build/KIND/. Sources are found by wildcard, so a new file needs no edit here.

PREFIX   ?= /usr/local
# The kind of build follows from the target: release, debug, asan, coverage or fuzz.
KIND     ?= $(if $(filter fuzz-%,$(MAKECMDGOALS)),fuzz,$(firstword $(filter asan coverage,$(MAKECMDGOALS)) release))
CC_fuzz  := clang
ifeq ($(origin CC),default)
CC       := $(or $(CC_$(KIND)),gcc)
endif
CCACHE   := $(shell command -v ccache)
Q        := $(if $(filter 1,$(V)),,@)
CSTD     := -std=c17 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64
WARN     := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wwrite-strings -Wvla
PKGS     := libcjson libxml-2.0 libcmark libdeflate libpcre2-8 libcrypto libarchive
# Asked once, when first needed: after `setup` has installed what was missing.
PKG_CFLAGS = $(eval PKG_CFLAGS := $(shell pkg-config --cflags --print-errors $(PKGS)))$(PKG_CFLAGS)
PKG_SHARED = $(eval PKG_SHARED := $(shell pkg-config --libs $(PKGS)))$(PKG_SHARED)
PKG_LIBS   = $(eval PKG_LIBS := $(call closed,$(call archived,$(PKG_SHARED)),$(PKG_SHARED)))$(PKG_LIBS)
CHECK_LIBS = $(eval CHECK_LIBS := $(shell pkg-config --libs check))$(CHECK_LIBS)

# Linked in where their archive is at hand: a shared library costs each run 0.1 ms to load, libxml2 and libarchive with
# all that they bring 1.6 ms and 3 MB, OpenSSL 0.8 ms. `make ARCHIVED=` links none in.
ARCHIVED := -larchive -lcmark -lcrypto -ldeflate -lpcre2-8 -lxml2
# What an archive needs in turn: its archive too, else the shared library that stands beside it.
inside_-larchive := -lxml2 -lnettle -lzstd -lbz2 -llzma -lz
inside_-lxml2    := -llzma -lz
archive   = $(filter /%,$(shell $(CC) -print-file-name=$(1:-l%=lib%.a)))
beside    = $(or $(call archive,$2),$(firstword $(wildcard $(patsubst -l%,$(dir $1)lib%.so*,$2))))
whole     = $(if $1,$1 $(foreach l,$2,$(call beside,$1,$l)))
archived  = $(foreach l,$1,$(or $(and $(filter $(ARCHIVED),$l),$(call whole,$(call archive,$l),$(inside_$l))),$l))
# Elsewhere an archive may need what is not named here: a program that links is what tells, else $2, the shared ones.
PROBES   := archive_read_support_format_zip archive_write_set_format_zip archive_write_add_filter_gzip xmlSchemaSAXPlug
closed    = $(if $(shell echo 'int main(void){return 0;}' | $(CC) -xc - gen/render/icu.c -x none -o /dev/null $(PROBES:%=-Wl,-u,%) \
    $1 -pthread -lm >/dev/null 2>&1 || echo no),$2,$1)

OPT_release  := -O2 -g
OPT_debug    := -O0 -g3
OPT_asan     := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
OPT_coverage := -O0 -g --coverage -fprofile-update=atomic
OPT_fuzz     := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
ALL_CFLAGS = $(CSTD) $(WARN) $(OPT_$(KIND)) -Igen -pthread $(PKG_CFLAGS) $(CPPFLAGS) $(CFLAGS)
ALL_LIBS   = -Wl,--as-needed,-z,pack-relative-relocs $(PKG_LIBS) -pthread -lm $(LDFLAGS)

B        := build/$(KIND)
SRC      := $(sort $(wildcard gen/*/*.c))
HEADERS  := $(wildcard gen/*/*.h tests/*/*.h)
OBJ      := $(SRC:%.c=$(B)/%.o)
LIB_OBJ  := $(filter-out $(B)/gen/cli/main.o,$(OBJ))
TEST_SRC := $(sort $(wildcard tests/unit/*.c tests/suites/*.c))
FUZZ_SRC := $(sort $(wildcard tests/fuzz/fuzz_*.c))
PROGRAMS := $(patsubst %.c,$(B)/%,$(filter tests/unit/test_% tests/suites/suite_%,$(TEST_SRC)))
# Test scripts; they end with "NAME: N passed, N failed, N skipped" as the programs do. What only looks at the release
# build's output, or at no build, is not run again for the others.
SCRIPTS  := tests/golden/run tests/readme $(if $(filter release,$(KIND)),tests/outputs tests/messages tests/install tests/layers \
    tests/browser/run tests/machine/run tests/wiki/run tests/pipelines)
READY    := $(if $(filter demo test,$(MAKECMDGOALS)),setup-$(firstword $(filter test,$(MAKECMDGOALS)) build))
export KDAUDIT := $(abspath $(B)/kdaudit)
export KIND

## all             build build/release/kdaudit (the default)
all: $(B)/kdaudit

## demo            set up, build, audit samples/quickstart into out/, say where to look
demo: $(B)/kdaudit
	@tests/demo

## test            set up, build, run every test
test: check

## check           the same without the set-up
check: $(PROGRAMS) $(B)/kdaudit
	@tests/run $(PROGRAMS) $(SCRIPTS)

## setup           install what building and testing need (Debian), or list what is missing
setup: setup-test
setup-%:
	@tests/setup $*

## asan            the tests, built with the address and undefined-behaviour sanitizers
asan: check

## coverage        the tests, then line coverage of gen/; fails below 90 %
coverage: check
	@tests/coverage $(B)

## valgrind        the parsers' unit tests under valgrind
VALGRIND := $(wildcard $(addprefix tests/unit/test_,base.c json.c path.c tmpl.c iam_policy.c evidence.c catalog.c))
valgrind: $(VALGRIND:%.c=$(B)/%)
	@CK_FORK=no tests/run --under 'valgrind -q --error-exitcode=99 --leak-check=full' $^

## fuzz-NAME       fuzz one target of tests/fuzz for FUZZ_SECONDS (default 30)
## fuzz-smoke      fuzz all targets, FUZZ_SECONDS in all (default 60)
fuzz-smoke: $(FUZZ_SRC:%.c=$(B)/%)
	@tests/fuzz/run $(or $(FUZZ_SECONDS),60) $^
fuzz-%: $(B)/tests/fuzz/fuzz_%
	@tests/fuzz/run $(or $(FUZZ_SECONDS),30) $<

## golden          rewrite the expected outputs in tests/golden and show what changed
golden: $(B)/kdaudit
	@tests/golden/run --write

## bench           measure speed and memory against peers (BENCH_APPS=N applications)
bench: $(B)/kdaudit $(B)/libkdaudit.a
	@tests/bench/run

## tidy            clang-tidy over gen/, warnings as errors
tidy: $(SRC:%=build/tidy/%.ok)
build/tidy/%.ok: % .clang-tidy $(HEADERS)
	@mkdir -p $(@D)
	@echo "  TIDY $<"
	$(Q)clang-tidy --quiet $< -- $(filter-out -W%,$(ALL_CFLAGS)) 2>$@.log && touch $@ || { cat $@.log; exit 1; }

## cppcheck        cppcheck over gen/, warnings as errors
cppcheck:
	@mkdir -p build/cppcheck
	$(Q)cppcheck -q -j2 --std=c11 --error-exitcode=1 --enable=warning,performance,portability \
	    --cppcheck-build-dir=build/cppcheck --suppressions-list=tests/cppcheck.txt -D_GNU_SOURCE -Igen gen

## layers          check every include against gen/LAYERS
layers:
	@tests/layers

## format          lay out all C files with clang-format
## format-check    say which are not
C_FILES := $(wildcard gen/*/*.[ch] tests/*/*.[ch])
format:
	clang-format -i $(C_FILES)
format-check:
	@clang-format --dry-run -Werror $(C_FILES)

## install         install to PREFIX (default /usr/local), below DESTDIR
SHARE := $(DESTDIR)$(PREFIX)/share
INSTALLED = $(DESTDIR)$(PREFIX)/bin/kdaudit $(SHARE)/kdaudit $(SHARE)/man/man1/kdaudit.1 \
    $(SHARE)/bash-completion/completions/kdaudit $(SHARE)/zsh/site-functions/_kdaudit \
    $(SHARE)/fish/vendor_completions.d/kdaudit.fish
install: $(B)/kdaudit
	install -D -m 755 $< $(word 1,$(INSTALLED))
	find controls templates -type f -exec install -D -m 644 '{}' '$(SHARE)/kdaudit/{}' ';'
	mkdir -p $(dir $(wordlist 3,6,$(INSTALLED)))
	$< man >$(word 3,$(INSTALLED))
	$< completion bash >$(word 4,$(INSTALLED))
	$< completion zsh >$(word 5,$(INSTALLED))
	$< completion fish >$(word 6,$(INSTALLED))

## uninstall       take away what install put there
uninstall:
	rm -rf $(INSTALLED)

## clean           remove build/ and out/
clean:
	rm -rf build out

help:
	@sed -n 's/^## /  make /p' Makefile

$(B)/kdaudit: $(OBJ)
	@echo "  LINK $@"
	$(Q)$(CC) $(ALL_CFLAGS) -o $@ $^ $(ALL_LIBS)

# What depends on these is built again when the compiler, its flags or the prefix change. The flags are asked for in the
# recipe, not before: pkg-config and what it tells of may have to be installed first.
stamp = printf '%s\n' '$(subst ','\'',$1)' | cmp -s - $@ || printf '%s\n' '$(subst ','\'',$1)' >$@
$(B)/flags: always | $(READY)
	@mkdir -p $(@D)
	@$(call stamp,$(CC) $(ALL_CFLAGS))
$(B)/prefix: always
	@mkdir -p $(@D)
	@$(call stamp,$(PREFIX))

$(B)/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	@echo "  CC   $<"
	$(Q)$(CCACHE) $(CC) $(ALL_CFLAGS) -MMD -MP -c $< -o $@
$(B)/gen/cli/run.o: $(B)/prefix
$(B)/gen/cli/run.o: CPPFLAGS += -DKDAUDIT_PREFIX='"$(PREFIX)"'

$(B)/libkdaudit.a: $(LIB_OBJ)
	@rm -f $@
	$(Q)ar rcs $@ $^

$(B)/tests/%: $(B)/tests/%.o $(B)/tests/unit/unit.o $(B)/libkdaudit.a
	@echo "  LINK $@"
	$(Q)$(CC) $(ALL_CFLAGS) -o $@ $^ $(CHECK_LIBS) $(ALL_LIBS) $(filter %.a,$^)

$(B)/tests/fuzz/%: $(B)/tests/fuzz/%.o $(B)/libkdaudit.a
	@echo "  LINK $@"
	$(Q)$(CC) $(ALL_CFLAGS) -fsanitize=fuzzer -o $@ $^ $(ALL_LIBS) $(filter %.a,$^)

-include $(OBJ:.o=.d) $(TEST_SRC:%.c=$(B)/%.d) $(FUZZ_SRC:%.c=$(B)/%.d)

.PHONY: all always demo test check setup asan coverage valgrind fuzz-smoke golden bench tidy cppcheck layers format \
    format-check install uninstall clean help
.SECONDARY:
