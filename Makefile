# sockeye's build. `make help` lists the targets; tests/README.md tells how the tests are run.
#
#   make                  ./sockeye, the plain build (objects in build/release/)
#   make SAN=asan         build/asan/sockeye, with address and undefined-behaviour sanitizers
#   make SAN=tsan         build/tsan/sockeye, with the thread sanitizer
#   make BUILD=DIR        DIR/sockeye: any other build apart (make BUILD=build/clang CC=clang)
#   WERROR=1              warnings are errors (as in CI)          V=1   show the commands
#
# CC, CPPFLAGS, CFLAGS, LDFLAGS and LDLIBS are yours: what the program itself needs is kept apart.

PACKAGES := ncursesw libpcap libmnl libcares zlib libzstd libseccomp libcrypto

PREFIX     ?= /usr/local
DESTDIR    ?=
PKG_CONFIG ?= pkg-config
SECONDS    ?= 30
SAN        ?=
BUILD      ?= build/$(or $(SAN),release)
BIN        := $(if $(filter build/release,$(BUILD)),sockeye,$(BUILD)/sockeye)
DEPS       := sh assets/build/deps

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules --no-print-directory
Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-5s %s\n' $(1) $(2))

# --- flags -----------------------------------------------------------------------------------------------------

ifneq ($(filter $(SAN),asan tsan fuzz),$(SAN))
$(error SAN=$(SAN) is unknown: asan, tsan or nothing)
endif
ifeq ($(SAN),fuzz)
override CC := clang
endif

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wvla -Wconversion -Wno-sign-conversion -Wmissing-prototypes \
        -Wstrict-prototypes $(if $(WERROR),-Werror)

SAN_asan := -fsanitize=address,undefined -fno-sanitize-recover=all
SAN_tsan := -fsanitize=thread
SAN_fuzz := -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all

ifeq ($(SAN),)
# Looked at as a whole (gcc) the decoders are a twentieth quicker.
CFLAGS   ?= -O2 -g $(if $(findstring Free Software Foundation,$(shell $(CC) --version 2>/dev/null)),-flto=auto)
# Fortifying needs an optimiser; a distribution's own choice of it stands.
FORTIFY  := $(if $(findstring _FORTIFY_SOURCE,$(CPPFLAGS) $(CFLAGS))$(filter -O0,$(CFLAGS)),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
HARDEN   := $(FORTIFY) -fstack-protector-strong
HARDEN_LD := -Wl,-z,relro,-z,now
else
CFLAGS   ?= -O1 -g
HARDEN   := -fno-omit-frame-pointer $(SAN_$(SAN))
HARDEN_LD := $(SAN_$(SAN))
endif

# $(call pkg,--cflags|--libs,MODULES); the libraries' headers are the system's: no warnings about them
pkg = $(patsubst -I%,-isystem %,$(shell $(PKG_CONFIG) $(1) $(2) 2>/dev/null))

PKG_CFLAGS := $(call pkg,--cflags,$(PACKAGES))
PKG_LIBS   := $(call pkg,--libs,libmnl) # the others are opened when they are needed: util/library.h
COMPILE = $(CC) -std=c11 -D_GNU_SOURCE -Iinclude $(PKG_CFLAGS) -pthread -fPIE $(WARN) $(HARDEN) $(CPPFLAGS) $(CFLAGS)
LINK    = $(CC) -pthread -pie -Wl,--as-needed $(HARDEN_LD) $(CFLAGS) $(LDFLAGS)
LIBS    = $(PKG_LIBS) -lm $(LDLIBS)

# The owners of sockets by a BPF iterator: built where its tools are there, else /proc alone is used.
BPFTOOL  := $(firstword $(shell command -v bpftool 2>/dev/null) $(wildcard /usr/sbin/bpftool))
BPFCLANG := $(shell command -v clang 2>/dev/null)
HAVE_BPF := $(and $(BPFTOOL),$(BPFCLANG),$(wildcard /usr/include/bpf/skel_internal.h))
SKELETONS := $(if $(HAVE_BPF),build/bpf/owners.skel.h build/bpf/tcp.skel.h)

$(BUILD)/src/kernel/owners_bpf.o: $(SKELETONS)
$(BUILD)/src/kernel/owners_bpf.o: private COMPILE += $(if $(HAVE_BPF),-DHAVE_BPF_OWNERS -isystem build/bpf)

build/bpf/%.skel.h: assets/bpf/%.bpf.c assets/bpf/kernel.h
	$(call say,BPF,$<)
	@mkdir -p $(@D)
	$(Q)$(BPFCLANG) -g -O2 -target bpf -I/usr/include/$(shell $(CC) -dumpmachine) -c -o build/bpf/$*.bpf.o $<
	$(Q)$(BPFTOOL) gen skeleton -L build/bpf/$*.bpf.o name $* >$@

# --- the program -----------------------------------------------------------------------------------------------

SRC := $(sort $(wildcard src/*/*.c)) src/main.c
OBJ := $(SRC:%.c=$(BUILD)/%.o)

all: $(BIN) ## build ./sockeye (the default)

$(BIN): $(OBJ) $(BUILD)/stamp-sources
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $(OBJ) $(LIBS)

$(BUILD)/%.o: %.c $(BUILD)/stamp-flags
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(COMPILE) $(TEST_FLAGS) -MMD -MP -c -o $@ $<

# Two stamps, written anew only when they differ: other flags compile everything again, and a source that has come or
# gone links again (its object alone would not be noticed).
$(BUILD)/stamp-flags: private NOW = $(COMPILE) | $(LINK) | $(LIBS)
$(BUILD)/stamp-sources: private NOW = $(SRC)
$(BUILD)/stamp-tests: private NOW = $(HARNESS_SRC) $(UNIT_SRC)
$(BUILD)/stamp-flags $(BUILD)/stamp-sources $(BUILD)/stamp-tests: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(subst ','\'',$(NOW))' >$@.new
	@cmp -s $@.new $@ && rm -f $@.new || mv -f $@.new $@
$(BUILD)/stamp-flags: | packages

# Nothing is installed behind anyone's back: what is missing is named.
packages:
	@$(PKG_CONFIG) --exists $(PACKAGES) 2>/dev/null || { $(DEPS) --missing build; exit 1; }

FORCE:
.PHONY: FORCE packages

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

run: ## install what building needs, build, and start the demonstration
	@$(DEPS) build
	@$(MAKE) $(JOBS_FLAG) all
	@if [ -t 0 ] && [ -t 1 ]; then ./sockeye --demo; else ./sockeye run assets/scripts/demo.sock; fi

deps: ## install what building and testing need
	@$(DEPS) build test

# A build started by another target uses all processors unless -j said otherwise.
JOBS_FLAG = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc 2>/dev/null || echo 1))

# --- tests -----------------------------------------------------------------------------------------------------

HARNESS_SRC := $(sort $(wildcard tests/harness/*.c))
UNIT_SRC    := $(sort $(wildcard tests/unit/*.c))
STRESS      := $(patsubst tests/stress/%.c,%,$(sort $(wildcard tests/stress/*.c)))
FUZZ        := $(filter-out replay,$(patsubst tests/fuzz/%.c,%,$(sort $(wildcard tests/fuzz/*.c))))
HARNESS_OBJ := $(HARNESS_SRC:%.c=$(BUILD)/%.o)
LIB_OBJ     := $(filter-out $(BUILD)/src/main.o,$(OBJ)) $(HARNESS_OBJ)
UNIT_OBJ    := $(UNIT_SRC:%.c=$(BUILD)/%.o)

$(BUILD)/tests/%.o: TEST_FLAGS = -Itests -Wno-missing-prototypes
$(UNIT_OBJ): TEST_FLAGS = -Itests -Wno-missing-prototypes -Wno-pedantic $(call pkg,--cflags,criterion)

# All of the program but main(), and the tests' helpers: a test takes from it what it uses.
$(BUILD)/lib.a: $(LIB_OBJ) $(BUILD)/stamp-sources $(BUILD)/stamp-tests
	$(Q)rm -f $@ && ar rcs $@ $(LIB_OBJ)

$(BUILD)/unit: $(UNIT_OBJ) $(HARNESS_OBJ) $(BUILD)/lib.a $(BUILD)/stamp-tests
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $(UNIT_OBJ) $(HARNESS_OBJ) $(BUILD)/lib.a $(LIBS) $(call pkg,--libs,criterion)

$(BUILD)/stress/%: $(BUILD)/tests/stress/%.o $(BUILD)/lib.a
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(LINK) -o $@ $^ $(LIBS)

$(BUILD)/replay/%: $(BUILD)/tests/fuzz/%.o $(BUILD)/tests/fuzz/replay.o $(BUILD)/lib.a
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(LINK) -o $@ $^ $(LIBS)

build/fuzz/%: build/fuzz/tests/fuzz/%.o build/fuzz/lib.a
	$(call say,LINK,$@)
	$(Q)$(LINK) -fsanitize=fuzzer -o $@ $^ $(LIBS)

.PRECIOUS: $(BUILD)/%.o
.PHONY: all deb manual run deps test test-programs test-asan test-tsan test-fuzz layers lint format fuzz fuzz-run interop \
        bench bench-quick install uninstall setcap clean help

test: ## install what is needed, build and run every test (ONLY=PATTERN, KINDS="unit tui …", JOBS=N)
	@$(DEPS) build test
	@$(MAKE) $(JOBS_FLAG) test-programs
	@bash tests/run $(KINDS)

test-programs: all
	@$(MAKE) SAN=asan test-asan
	@$(MAKE) SAN=tsan test-tsan
test-asan: $(BIN) $(if $(UNIT_SRC),$(BUILD)/unit) $(FUZZ:%=$(BUILD)/replay/%)
	@:
test-tsan: $(STRESS:%=$(BUILD)/stress/%)
	@:

interop: ## run the tests against other programs (tests/interop/*.sh)
	@$(MAKE) test KINDS=interop

fuzz: ## build each tests/fuzz/NAME.c as build/fuzz/NAME (clang, libFuzzer)
	@$(MAKE) SAN=fuzz test-fuzz
test-fuzz: $(FUZZ:%=build/fuzz/%)
	@:

fuzz-run: fuzz ## fuzz each target for SECONDS=30, starting from its seeds
	@bash tests/harness/fuzz $(SECONDS) $(if $(ONLY),$(filter $(ONLY),$(FUZZ)),$(FUZZ))

bench bench-quick: all ## measure (tests/bench/run), thoroughly or quickly
	@tests/bench/run $(if $(filter %-quick,$@),--quick)

# --- care ------------------------------------------------------------------------------------------------------

C_FILES = $(wildcard src/*.c src/*/*.c include/*/*.h tests/*/*.[ch])

layers: ## check that every #include keeps to the layers
	@sh assets/build/layers

lint: ## cppcheck, codespell, clang-format and line lengths (those that are there)
	@sh assets/build/lint $(C_FILES)

format: ## let clang-format rewrite the sources
	clang-format -i $(C_FILES)

# --- installing ------------------------------------------------------------------------------------------------

SHARE := $(DESTDIR)$(PREFIX)/share
COMPLETIONS := $(SHARE)/bash-completion/completions

install: all ## copy to DESTDIR/PREFIX (/usr/local)
	install -d $(DESTDIR)$(PREFIX)/bin $(SHARE)/sockeye/scripts $(SHARE)/man/man1 $(COMPLETIONS)
	install -m 755 sockeye $(DESTDIR)$(PREFIX)/bin/sockeye
	for f in $(wildcard assets/scripts/*); do install -m 644 $$f $(SHARE)/sockeye/scripts/ || exit 1; done
	./sockeye help manual >$(SHARE)/man/man1/sockeye.1
	chmod 644 $(SHARE)/man/man1/sockeye.1
	install -m 644 assets/packaging/completion.bash $(COMPLETIONS)/sockeye

uninstall: ## remove what install copied
	rm -f $(DESTDIR)$(PREFIX)/bin/sockeye $(SHARE)/man/man1/sockeye.1 $(COMPLETIONS)/sockeye
	rm -rf $(SHARE)/sockeye

setcap: all ## give TARGET=./sockeye the capabilities that it uses (CAPS=…), so that it need not run as root
	$(if $(filter 0,$(shell id -u)),,sudo )setcap "$(or $(CAPS),$$(./sockeye --privileges | \
		sed -n 's/^make setcap: sudo setcap \([^ ]*\) .*/\1/p'))" $(or $(TARGET),./sockeye)

deb: all ## make build/sockeye_VERSION_ARCH.deb (assets/packaging)
	@sh assets/packaging/deb "$(MAKE)"

manual: all ## write assets/manual/sockeye.1 anew from the program's own tables
	@mkdir -p assets/manual
	./sockeye help manual >assets/manual/sockeye.1

clean: ## remove everything that was built
	rm -rf build sockeye

help: ## this list
	@awk -F ':.*## ' '/^[a-z][a-z -]*:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' Makefile
	@sed -n 's/^#   \(make.*\|WERROR.*\)/    \1/p' Makefile
