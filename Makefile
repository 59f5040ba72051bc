# SPDX-License-Identifier: MIT
# The only makefile. `make help` explains the targets; everything that is made goes to build/.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

Q := $(if $(filter 1,$(V)),,@)
say = $(if $(filter 1,$(V)),,@printf '  %-8s %s\n' '$(1)' '$(2)')

# Switches: 0 is as good as nothing, but for WAVES, where nothing means waves of failures
$(foreach s,COVERAGE FAILED LINUX SANITIZE STOP TIMELINE V WAVES,$(if $(filter-out 0 1,$($(s))),$(error $(s)=$($(s)): 0 or 1)))
$(foreach s,COVERAGE LINUX SANITIZE,$(if $(filter 0,$($(s))),$(eval override $(s) :=)))

# What to run
SIM    ?= verilator
T      ?= *
SEED   ?= 1
SEEDS  ?= 1
J      ?=
RUNNER := $(foreach o,STOP FAILED,$(if $(filter-out 0,$($(o))),--$(shell echo $(o) | tr A-Z a-z))) \
	$(foreach o,LIMIT ENGINE,$(if $($(o)),--$(shell echo $(o) | tr A-Z a-z) '$($(o))'))

# The configuration: parameters of rtl/pqdma.v. Each one has its own folder in build/.
CHANNELS    ?= 4
DATA_W      ?= 128
STRIP_BYTES ?= 1024
BUF_BYTES   ?= 4096
STRIPS      ?= 32
READS       ?= 16
DESCS       ?= 32
SOURCES     ?= 16
LINES       ?= 4
WITH_PQ     ?= 1
WITH_DESC_PORT ?= 0
PARAMETERS  := CHANNELS DATA_W STRIP_BYTES BUF_BYTES STRIPS READS DESCS SOURCES LINES WITH_PQ WITH_DESC_PORT
CONFIG      := $(foreach p,$(PARAMETERS),$(p)=$($(p)))
CHANGED     := $(foreach p,$(PARAMETERS),$(if $(filter command line environment,$(origin $(p))),$(p)=$($(p))))

SHAPE := c$(CHANNELS)w$(DATA_W)s$(STRIP_BYTES)b$(BUF_BYTES)n$(STRIPS)r$(READS)d$(DESCS)k$(SOURCES)l$(LINES)q$(WITH_PQ)p$(WITH_DESC_PORT)
B     := build/$(SHAPE)$(if $(COVERAGE),-coverage)$(if $(SANITIZE),-san)

# Tools and flags
CC        ?= gcc
CXX       ?= g++
VERILATOR ?= verilator
IVERILOG  ?= iverilog
ifeq ($(origin CC),default)
CC := gcc
endif
ifeq ($(origin CXX),default)
CXX := g++
endif

VERILATOR_ROOT := $(shell $(VERILATOR) --getenv VERILATOR_ROOT 2>/dev/null)
VERILATOR_INC  := $(VERILATOR_ROOT)/include

WARN     := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Werror
INCLUDE  := -Imodel -Iregs/gen -Itb -Itb/dut -Itb/env -Itb/check -Isw/kernel
CFLAGS   := -std=gnu11 -O2 -g -fPIC -MMD -MP $(WARN) $(INCLUDE) $(foreach p,$(CONFIG),-DPQDMA_$(p))
CXXFLAGS := -std=gnu++17 -O2 -g -fPIC -MMD -MP -Wall -Wextra -Werror
SW_INC   := -Isw/include -Isw -Isw/drivers/pqdma
SAN      := -fsanitize=address,undefined -fno-sanitize-recover=undefined
CFLAGS   += $(if $(SANITIZE),$(SAN) -O1)
ifneq ($(SANITIZE)$(filter-out model,$(SIM)),$(SANITIZE))
$(if $(SANITIZE),$(error SANITIZE=1 is for SIM=model; simulators are not built with sanitizers))
endif
LIBS     := -lboost_context -lz -lcrypto -lisal

# Sources
RTL        := $(shell cat rtl/pqdma.f)
RTL_HDR    := $(wildcard rtl/*.vh) regs/gen/pqdma_regs.vh
MODEL_SRC  := $(wildcard model/*.c)
SW_SRC     := $(wildcard $(addprefix sw/,$(addsuffix /*.c,kernel mapping dmaengine async_tx drivers/pqdma kmod)))
TB_SRC     := $(wildcard tb/*.c tb/guest/*.c tb/env/*.c tb/check/*.c tb/cover/*.c tb/tests/*.c) \
	$(filter-out tb/dut/main_model.c,$(wildcard tb/dut/*.c))
C_SRC      := $(MODEL_SRC) $(SW_SRC) $(TB_SRC)
C_OBJ      := $(C_SRC:%.c=$(B)/obj/%.o)
FST_OBJ    := $(patsubst %,$(B)/fst/%.o,fstapi fastlz lz4)

BENCHES := $(B)/bench-direct $(B)/bench-verilator $(B)/bench-systemc $(B)/icarus/tb_top.vvp $(B)/bench-model

# Two at a time in one folder would spoil what they build: the second one waits.
BUILD = $(Q)mkdir -p $(B) && flock $(B)/lock $(MAKE) --no-print-directory

##@ Everyday

help: ## this text
	@awk -f scripts/help.awk $(MAKEFILE_LIST)

sim: ## run tests: T='copy*' SIM=verilator|icarus|...|all SEED=1 SEEDS=1 WAVES=0|1 FILE= MEM= J= STOP=1 FAILED=1 LIMIT= ENGINE=
	+$(BUILD) $(B)/sims
	$(Q)scripts/run $(RUN) --cover $(B)/cover

test: ## everything that must pass: unit tests, checks, every test on every simulator, and in six other configurations (15 minutes)
	+$(BUILD) $(B)/all $(UNIT_EXE) $(TLM_EXE) $(B)/systemc/example
	$(Q)scripts/configs --standard $(B) --test '$(T)' --seed '$(SEED)' --seeds '$(SEEDS)' -- \
		--config '$(CONFIG)' --make-options '$(CHANGED)' --sim all --quick --jobs '$(J)' $(RUNNER) $(TEST_ALSO)

UNIT_SOME = $(patsubst tb/unit/%.c,build/unit/%,$(wildcard tb/unit/test_$(or $(U),*).c))

unit: ## unit tests of model and software, under the sanitizers: U='sw_map*'
	$(if $(UNIT_SOME),,$(error no unit test matches U=$(U); they are tb/unit/test_*.c))
	+$(BUILD) $(UNIT_SOME)
	$(Q)scripts/unit $(UNIT_SOME)

configs: ## the tests in six other configurations: narrow, shallow, wide, 16 channels, no P+Q, descriptor port (T= SEED= SEEDS= SIM=)
	$(Q)scripts/configs --test '$(T)' --sim '$(if $(filter command line,$(origin SIM)),$(SIM),direct)' --seed '$(SEED)' \
		--seeds '$(SEEDS)' -- --jobs '$(J)' $(RUNNER)

lint: ## what tools can say about the sources without running them
	$(Q)scripts/lint

waves: ## open the waves of one run in GTKWave: T=copy_file SEED=1 SIM=direct
	$(Q)scripts/waves --bench $(B) --make-options '$(CHANGED)' \
		--sim '$(if $(filter command line,$(origin SIM)),$(SIM),direct)' --test '$(T)' --seed '$(SEED)'

bench: ## measure the controller's speed and size, and the simulations' speed, and write docs/performance.md: ONLY='size launch' ROUNDS=5
	$(if $(strip $(CHANGED)),$(error make bench measures configurations of its own; leave out $(CHANGED)))
	$(Q)scripts/bench --only $(ONLY) $(if $(ROUNDS),--rounds '$(ROUNDS)')

# Only all tests in the standard configuration are worth a place in a document
WHOLE = $(if $(strip $(CHANGED)$(filter-out *,$(T))),,--testplan docs/testplan.md)

coverage: ## line and toggle coverage of the RTL, and functional coverage, over all tests: tables, annotated sources in build/coverage/
	$(Q)rm -rf build/coverage
	$(Q)mkdir -p build/coverage/data
	$(Q)$(MAKE) --no-print-directory COVERAGE=1 SIM=direct $(B)-coverage/sims
	$(Q)scripts/run --bench $(B)-coverage --sim direct --test '$(T)' --seed '$(SEED)' --seeds '$(SEEDS)' --jobs '$(J)' \
		--coverage build/coverage/data --cover build/coverage/cover --make-options '$(CHANGED)'
	$(Q)scripts/cover --bench $(B)-coverage/bench-model --data build/coverage/cover --out build/coverage/functional.txt $(WHOLE)
	$(Q)scripts/coverage --data build/coverage/data --out build/coverage \
		$(if $(strip $(CHANGED)),,--exclude docs/coverage_exclusions.txt) $(WHOLE)

DRILLED = bench-model bench-direct icarus/tb_top.vvp icarus/tb_vpi.vpi systemc/test_lists

drills: $(addprefix $(B)/,$(DRILLED)) ## plant faults, and see that each is found: D=
	$(Q)scripts/drills --bench $(B) --only '$(or $(D),*)'

report: ## one HTML page about the last run, with coverage if make coverage has measured it: build/report.html
	$(Q)scripts/report

systemc-example: $(B)/systemc/example ## build and run a SystemC platform with the C stack and pqdma_tlm in each body: docs/systemc.md
	$(Q)for body in fast model rtl; do SYSTEMC_DISABLE_COPYRIGHT_MESSAGE=1 \
		$(B)/systemc/example $$body build/systemc-example-$$body.vcd || exit 1; done

kmod: $(B)/sims ## run a kernel client from its unmodified source: SRC=client.c PARAMS="name=value ..." SIM= SEED= MEM=
	$(Q)scripts/kmod --bench $(B) --sim '$(SIM:all=direct,verilator,icarus,model)' --seed '$(SEED)' $(if $(MEM),--mem '$(MEM)') \
		$(if $(LINUX),--linux) $(SRC) $(PARAMS)

linux: ## run Linux 6.1 itself, as a process that has the controller on PCI: SCRIPT='my.sh ...' SIM=direct SEED= MEM= WAVES=1
	+$(BUILD) SIM='$(LINUX_SIM)' $(B)/sims
	$(Q)scripts/linux --bench $(B) --sim '$(LINUX_SIM)' --seed '$(SEED)' $(if $(MEM),--mem '$(MEM)') \
		$(if $(filter 1,$(WAVES)),--waves $(B)/waves) $(SCRIPT)

module: ## build the driver as a Linux module against Debian's kernel headers (sh scripts/setup module)
	$(Q)scripts/module

regs: ## generate headers and pages from regs/pqdma.rdl again, after it has changed
	$(Q)scripts/gen_regs

clean: ## throw build/ away
	$(Q)rm -rf build

build:
	+$(BUILD) $(B)/sims

folder:
	@echo $(B)

.PHONY: build folder help sim test unit configs lint waves bench coverage report drills kmod linux module regs clean systemc-example

# What scripts/run needs to know
PLUS := FILE MEM FLIP MAX_CLOCKS PROGRAM
LINUX_SIM = $(if $(filter command line,$(origin SIM)),$(SIM),direct)

RUN := --bench $(B) --config '$(CONFIG)' --sim '$(SIM)' --test '$(T)' --seed '$(SEED)' --seeds '$(SEEDS)' --jobs '$(J)' $(RUNNER) \
	$(if $(filter 1,$(TIMELINE)),--timeline) $(if $(filter 1,$(WAVES)),--waves) $(if $(filter 0,$(WAVES)),--no-waves) \
	$(foreach o,$(PLUS) SAVE,$(if $($(o)),--plus '$(shell echo $(o) | tr A-Z a-z)=$($(o))')) \
	--make-options "$(CHANGED) $(foreach o,$(PLUS) WAVES TIMELINE SANITIZE,$(if $($(o)),$(o)='$($(o))'))"

# Which benches SIM needs; the model is always there, since it knows the list of tests
SIM_BENCH_direct    := $(B)/bench-direct
SIM_BENCH_verilator := $(B)/bench-verilator
SIM_BENCH_icarus    := $(B)/icarus/tb_top.vvp $(B)/icarus/tb_vpi.vpi
SIM_BENCH_systemc   := $(B)/bench-systemc
SIM_BENCH_all       := $(SIM_BENCH_direct) $(SIM_BENCH_verilator) $(SIM_BENCH_systemc) $(SIM_BENCH_icarus)
comma := ,

.PHONY: $(B)/sims $(B)/all
.SECONDARY:
$(B)/sims: $(B)/bench-model $(foreach s,$(subst $(comma), ,$(SIM)),$(SIM_BENCH_$(s)))
	@:
$(B)/all: $(B)/bench-model $(SIM_BENCH_all)

# C, the same objects for every simulator

$(B)/obj/sw/%.o: sw/%.c
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(SW_INC) -c $< -o $@

$(B)/obj/tb/tests/%.o: tb/tests/%.c
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(SW_INC) -c $< -o $@

$(B)/obj/tb/guest/guest.o: CFLAGS += $(SW_INC)

$(B)/obj/tb/dut/pin_waves.o: CFLAGS += -I$(VERILATOR_INC)/gtkwave

$(B)/obj/%.o: %.c
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) -c $< -o $@

$(B)/fst/%.o: $(VERILATOR_INC)/gtkwave/%.c
	$(call say,CC,$(<F))
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -O2 -fPIC -DFST_CONFIG_INCLUDE='"fst_config.h"' -I$(VERILATOR_INC)/gtkwave -c $< -o $@

# SIM=model

$(B)/bench-model: $(B)/obj/tb/dut/main_model.o $(C_OBJ) $(FST_OBJ)
	$(call say,LINK,$@)
	$(Q)$(CC) -rdynamic $(if $(SANITIZE),$(SAN)) $^ $(LIBS) -o $@

# The verilated controller, one library for SIM=direct and SIM=verilator

$(B)/tb_top.v: scripts/gen_tb_top model/pqdma_pins.h
	$(call say,GEN,$@)
	$(Q)mkdir -p $(@D)
	$(Q)scripts/gen_tb_top -o $@ $(CONFIG)

VERILATED := $(B)/rtl/Vtb_top__ALL.a
RUNTIME   := verilated verilated_vpi verilated_threads verilated_fst_c $(if $(COVERAGE),verilated_cov)
RUNTIME_O := $(RUNTIME:%=$(B)/rtl/%.o)

$(VERILATED): $(B)/tb_top.v $(RTL) $(RTL_HDR) $(if $(COVERAGE),scripts/coverage.vlt)
	$(call say,VERILATE,$@)
	$(Q)$(VERILATOR) --cc --vpi --no-timing -O3 --x-assign unique --x-initial unique -Irtl -Iregs/gen \
		--trace-fst $(if $(COVERAGE),--coverage-line --coverage-toggle scripts/coverage.vlt) \
		--top-module tb_top -Mdir $(@D) $(B)/tb_top.v $(RTL)
	$(Q)$(MAKE) -s -C $(@D) -f Vtb_top.mk OPT_FAST=-O1 OPT_GLOBAL=-O2 Vtb_top__ALL.a $(RUNTIME:%=%.o) >$(@D)/make.log

$(RUNTIME_O): $(VERILATED) ;

CXX_INC = -Itb/dut -Itb/vpi -Imodel -Isw/kernel -isystem $(B)/rtl -isystem $(VERILATOR_INC) \
	-isystem $(VERILATOR_INC)/vltstd $(foreach p,$(CONFIG),-DPQDMA_$(p)) -DVM_COVERAGE=$(if $(COVERAGE),1,0)

$(B)/obj/%.o: %.cpp $(VERILATED)
	$(call say,CXX,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CXX) $(CXXFLAGS) $(CXX_INC) -c $< -o $@

# Verilator's own FST writer brings its copy of fstapi along.
$(B)/bench-direct: $(B)/obj/tb/direct/direct.o $(C_OBJ) $(VERILATED) $(RUNTIME_O)
	$(call say,LINK,$@)
	$(Q)$(CXX) -rdynamic $(filter %.o %.a,$^) $(LIBS) -lpthread -o $@

$(B)/replay: $(B)/obj/tb/direct/replay.o $(VERILATED) $(RUNTIME_O)
	$(call say,LINK,$@)
	$(Q)$(CXX) $(filter %.o %.a,$^) $(LIBS) -lpthread -o $@

# VPI, on Verilator and on Icarus: the same source, each with its own simulator's vpi_user.h

$(B)/obj/verilator/tb_vpi.o: tb/vpi/tb_vpi.c
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) -isystem $(VERILATOR_INC)/vltstd -c $< -o $@

$(B)/obj/icarus/tb_vpi.o: tb/vpi/tb_vpi.c
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) -isystem /usr/include/iverilog -c $< -o $@

$(B)/bench-verilator: $(B)/obj/tb/vpi/verilator.o $(B)/obj/verilator/tb_vpi.o $(C_OBJ) $(VERILATED) $(RUNTIME_O)
	$(call say,LINK,$@)
	$(Q)$(CXX) -rdynamic $(filter %.o %.a,$^) $(LIBS) -lpthread -o $@

# SystemC: the controller itself as a module with a port a pin, by verilator --sc; its runtime is built for SystemC, too

SC_VERILATED := $(B)/systemc/Vpqdma__ALL.a
SC_RUNTIME   := verilated verilated_threads verilated_fst_c
SC_RUNTIME_O := $(SC_RUNTIME:%=$(B)/systemc/%.o)
SC_INC       := -Itb/systemc -Isw/kernel -Itb -Iregs/gen -Itb/dut -Imodel -isystem $(B)/systemc -isystem $(VERILATOR_INC) \
	-isystem $(VERILATOR_INC)/vltstd $(foreach p,$(CONFIG),-DPQDMA_$(p))

build/has_systemc:
	$(Q)mkdir -p build
	$(Q)printf '#include <systemc>\nint sc_main(int, char **) { return 0; }\n' >$@.cpp
	$(Q)$(CXX) $(CXXFLAGS) $@.cpp -lsystemc -o $@ 2>/dev/null || \
		{ echo 'SIM=systemc needs SystemC 2.3.4: run sh scripts/setup, or choose another SIM' >&2; exit 1; }

$(SC_VERILATED): tb/systemc/peek.vlt $(RTL) $(RTL_HDR) | build/has_systemc
	$(call say,VERILATE,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(VERILATOR) --sc --no-timing -O3 --x-assign unique --x-initial unique -Irtl -Iregs/gen \
		--trace-fst $(CONFIG:%=-G%) \
		--top-module pqdma --prefix Vpqdma -Mdir $(@D) tb/systemc/peek.vlt $(RTL)
	$(Q)$(MAKE) -s -C $(@D) -f Vpqdma.mk OPT_FAST=-O1 OPT_GLOBAL=-O2 Vpqdma__ALL.a $(SC_RUNTIME:%=%.o) >$(@D)/make.log

$(SC_RUNTIME_O): $(SC_VERILATED) ;

$(B)/obj/tb/systemc/%.o: tb/systemc/%.cpp $(SC_VERILATED)
	$(call say,CXX,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CXX) $(CXXFLAGS) $(SC_INC) -c $< -o $@

# pqdma_tlm in its three bodies, and its tests

TLM_SRC := $(filter-out tb/systemc/systemc.cpp tb/systemc/speed.cpp $(wildcard tb/systemc/test_*.cpp),$(wildcard tb/systemc/*.cpp))
TLM_OBJ := $(TLM_SRC:%.cpp=$(B)/obj/%.o) $(MODEL_SRC:%.c=$(B)/obj/%.o) $(SC_VERILATED) $(SC_RUNTIME_O)
TLM_EXE := $(patsubst tb/systemc/%.cpp,$(B)/systemc/%,$(wildcard tb/systemc/test_*.cpp))

$(TLM_EXE) $(B)/systemc/speed: $(B)/systemc/%: $(B)/obj/tb/systemc/%.o $(TLM_OBJ)
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CXX) $(filter %.o %.a,$^) -lsystemc -lisal -lz -lpthread -o $@

# The example platform: CPU with the C stack, bus, memory, another initiator, serial port

EXAMPLE_SRC := $(filter-out %/minimal.cpp,$(wildcard tb/systemc/example/*.c tb/systemc/example/*.cpp))
EXAMPLE_OBJ := $(addprefix $(B)/obj/,$(addsuffix .o,$(basename $(EXAMPLE_SRC))))

$(B)/obj/tb/systemc/example/%.o: tb/systemc/example/%.c
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(SW_INC) -c $< -o $@

$(B)/systemc/example: $(EXAMPLE_OBJ) $(SW_SRC:%.c=$(B)/obj/%.o) $(TLM_OBJ)
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CXX) -rdynamic $(filter %.o %.a,$^) $(LIBS) -lsystemc -lpthread -o $@

$(B)/bench-systemc: $(B)/obj/tb/systemc/systemc.o $(C_OBJ) $(SC_VERILATED) $(SC_RUNTIME_O)
	$(call say,LINK,$@)
	$(Q)$(CXX) -rdynamic $(filter %.o %.a,$^) $(LIBS) -lsystemc -lpthread -o $@

$(B)/icarus/tb_vpi.vpi: $(B)/obj/icarus/tb_vpi.o $(C_OBJ) $(FST_OBJ)
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -shared $^ $(LIBS) -o $@

$(B)/icarus/tb_top.vvp: $(B)/tb_top.v $(RTL) $(RTL_HDR)
	$(call say,IVERILOG,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(IVERILOG) -g2005 -Irtl -Iregs/gen -s tb_top -o $@ $(B)/tb_top.v $(RTL)

# Unit tests: cmocka, without a simulator, under the address and undefined-behaviour sanitizers

UNIT_SRC := $(wildcard tb/unit/test_*.c)
UNIT_EXE := $(UNIT_SRC:tb/unit/%.c=build/unit/%)
UNIT_OBJ := $(patsubst %.c,build/unit/obj/%.o,$(MODEL_SRC) $(SW_SRC) $(filter-out $(UNIT_SRC),$(wildcard tb/unit/*.c)))

build/unit/obj/%.o: %.c
	$(call say,CC,$< (sanitized))
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(SAN) -O1 -Itb/unit $(if $(filter sw/%,$<),$(SW_INC)) -c $< -o $@

build/unit/test_%: tb/unit/test_%.c $(UNIT_OBJ)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(SAN) -O1 -Itb/unit $(if $(filter sw_%,$*),$(SW_INC)) $< $(UNIT_OBJ) $(LIBS) -lcmocka -o $@

# The same once more with channels that may be switched, which changes the layout of descriptors

SWITCH_OBJ := $(SW_SRC:%.c=build/unit/switch/%.o) $(filter-out build/unit/obj/sw/%,$(UNIT_OBJ))

build/unit/switch/%.o: %.c
	$(call say,CC,$< (sanitized, switch))
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(SAN) -O1 -DCONFIG_ASYNC_TX_ENABLE_CHANNEL_SWITCH -Itb/unit $(if $(filter sw/%,$<),$(SW_INC)) -c $< -o $@

build/unit/test_sw_async_switch: tb/unit/test_sw_async_switch.c $(SWITCH_OBJ)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(SAN) -O1 -DCONFIG_ASYNC_TX_ENABLE_CHANNEL_SWITCH -Itb/unit $(SW_INC) $< $(SWITCH_OBJ) $(LIBS) -lcmocka -o $@

# Linux's own test of DMA engines. The order counts: what is given before run=1 is used.
THREADS = threads_per_chan=4 iterations=3 timeout=60000 wait=1 run=1
DMATEST = scripts/kmod --bench $(B) --seed '$(SEED)' --linux --sim

STRIPE = $(DMATEST) model,direct --needs xor$(comma)pq$(comma)pq_val
LINUX_ASYNC_TX = $(addprefix crypto/async_tx/async_,$(addsuffix .c,tx memcpy xor pq raid6_recov))

LINUX_LISTS = lib/scatterlist.c lib/sg_split.c
VIRTUAL = tb/kmod/virtual_dma.c drivers/dma/dmatest.c threads_per_chan=3 iterations=5 timeout=60000 wait=1 channel=dma1chan0 run=1

KMOD_ALSO = --also 'kmod dmatest memcpy' \
	'$(DMATEST) model,direct,verilator --needs copy,xor$(if $(filter 1,$(WITH_PQ)),$(comma)pq) drivers/dma/dmatest.c $(THREADS)' \
	--also 'kmod dmatest memset' \
	'$(DMATEST) model,direct --needs fill drivers/dma/dmatest.c dmatest=1 $(THREADS)' \
	--also 'kmod dmatest icarus' \
	'$(DMATEST) icarus --needs copy drivers/dma/dmatest.c test_buf_size=1024 iterations=1 timeout=60000 wait=1 run=1' \
	--also 'kmod lists' '$(subst --linux,,$(DMATEST)) model$(comma)direct --needs copy tb/kmod/lists.c' \
	--also 'kmod lists on the scatterlist.c of Linux' '$(DMATEST) model$(comma)direct --needs copy $(LINUX_LISTS) tb/kmod/lists.c' \
	--also 'kmod virtual channel' '$(DMATEST) model$(comma)direct --needs copy $(VIRTUAL)' \
	--also 'kmod virtual channel on the virt-dma.c of Linux' \
	'$(DMATEST) model$(comma)direct --needs copy drivers/dma/virt-dma.c $(VIRTUAL)' \
	$(if $(filter 1,$(WITH_PQ)),--also 'kmod raid6test' \
	'$(DMATEST) model --needs xor$(comma)pq$(comma)pq_val crypto/async_tx/raid6test.c' \
	--also 'kmod stripe' '$(STRIPE:--linux=) tb/kmod/stripe.c length=700' \
	--also 'kmod stripe on the async_tx of Linux' '$(STRIPE) $(LINUX_ASYNC_TX) tb/kmod/stripe.c')

# raid6test takes minutes
LINUX_RUNS = tb/guest/run/dmatest.sh tb/guest/run/unplug.sh $(if $(filter 1,$(WITH_PQ)),tb/guest/run/raid6.sh)

# Every test once more on the model, with everything that is C under the sanitizers
SANITIZED = env -u MAKEFLAGS -u MFLAGS -u MAKEOVERRIDES make --no-print-directory sim SANITIZE=1 SIM=model T="$(T)" SEED="$(SEED)"

TEST_ALSO = $(KMOD_ALSO) --also 'bad arguments' 'tb/unit/bad_arguments.sh $(B)' \
	--also 'programs of random tests' 'tb/unit/programs.sh $(B)' \
	--also 'documents name tests' 'tb/unit/lint_docs.sh' \
	--also 'generated registers are fresh' 'scripts/gen_regs --check' --also lint 'scripts/lint' \
	--also 'driver as a Linux module' scripts/module --also 'Linux itself' 'scripts/linux --bench $(B) --sim direct $(LINUX_RUNS)' \
	--also 'wave files are fresh' 'scripts/waves --check' --also 'waves of failures' 'tb/unit/failure_waves.sh $(B)' \
	--also 'timeline' 'tb/unit/timeline.sh $(B)' --also 'drills' 'scripts/drills --bench $(B)' \
	--also 'address and undefined-behaviour sanitizers' '$(SANITIZED)' \
	$(foreach t,$(TLM_EXE),--also 'systemc $(patsubst test_%,%,$(notdir $(t)))' '$(t)') \
	--also 'systemc descriptor port' 'env -u MAKEFLAGS -u MFLAGS -u MAKEOVERRIDES $(MAKE) -s $(CHANGED) WITH_DESC_PORT=1 \
		$(B:p0=p1)/systemc/test_lists && $(B:p0=p1)/systemc/test_lists' \
	--also 'systemc take away' tb/systemc/take_away.sh \
	$(foreach b,rtl model fast,--also 'systemc example $(b)' '$(B)/systemc/example $(b)') \
	--also 'runner seeds' 'tb/runner/seeds.py $(B)' \
	$(foreach t,$(wildcard tb/runner/test_*.py),--also 'runner $(basename $(notdir $(t)))' '$(t)') \
	$(foreach u,$(UNIT_EXE),--also 'unit $(notdir $(u))' '$(u)')

-include $(C_OBJ:.o=.d) $(UNIT_OBJ:.o=.d) $(SWITCH_OBJ:.o=.d) \
	$(wildcard $(B)/obj/*/*.d $(B)/obj/tb/*/*.d $(B)/obj/tb/*/*/*.d build/unit/*.d)
