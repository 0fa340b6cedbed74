# kdaudit. `make help` lists what it can do.
# One file, no recursion. Objects in build/KIND/; sources are found by wildcard.

KIND     ?= release
ifeq ($(origin CC),default)
CC       := gcc
endif
CCACHE   := $(shell command -v ccache 2>/dev/null)
V        ?= 0
Q        := $(if $(filter 1,$(V)),,@)
CSTD     := -std=c17 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64
WARN     := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wwrite-strings -Wvla
PKGS     := libcjson libxml-2.0 libcmark libdeflate libpcre2-8 libcrypto
PKG_CFLAGS = $(shell pkg-config --cflags $(PKGS))
PKG_LIBS   = $(shell pkg-config --libs $(PKGS))
CHECK_LIBS = $(shell pkg-config --libs check)

OPT_release  := -O2 -g
OPT_debug    := -O0 -g3
OPT_asan     := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
OPT_coverage := -O0 -g --coverage
OPT_fuzz     := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
CFLAGS   ?=
ALL_CFLAGS = $(CSTD) $(WARN) $(OPT_$(KIND)) -Igen -pthread $(PKG_CFLAGS) $(CFLAGS)
ALL_LIBS   = $(PKG_LIBS) -pthread -lm $(LDFLAGS)

B        := build/$(KIND)
SRC      := $(sort $(wildcard gen/*/*.c))
OBJ      := $(SRC:%.c=$(B)/%.o)
LIB_OBJ  := $(filter-out $(B)/gen/cli/main.o,$(OBJ))
UNIT     := $(sort $(wildcard tests/unit/test_*.c))
SUITE    := $(sort $(wildcard tests/suites/suite_*.c))
TESTS    := $(UNIT:%.c=$(B)/%) $(SUITE:%.c=$(B)/%)

all: $(B)/kdaudit

$(B)/kdaudit: $(OBJ)
	@echo "  LINK $@"
	$(Q)$(CC) $(ALL_CFLAGS) -o $@ $(OBJ) $(ALL_LIBS)

$(B)/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC   $<"
	$(Q)$(CCACHE) $(CC) $(ALL_CFLAGS) -MMD -MP -c $< -o $@

$(B)/libkdaudit.a: $(LIB_OBJ)
	@rm -f $@
	$(Q)ar rcs $@ $(LIB_OBJ)

$(B)/tests/%: $(B)/tests/%.o $(B)/tests/unit/unit.o $(B)/libkdaudit.a
	@echo "  LINK $@"
	$(Q)$(CC) $(ALL_CFLAGS) -o $@ $< $(B)/tests/unit/unit.o $(B)/libkdaudit.a $(CHECK_LIBS) $(ALL_LIBS)

-include $(shell find build -name '*.d' 2>/dev/null)

check: $(TESTS)
	@tests/run $(TESTS)

layers:
	@tests/layers

clean:
	rm -rf build out

.PHONY: all check layers clean
.SECONDARY:
