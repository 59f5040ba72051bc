/* SPDX-License-Identifier: MIT */
/* The verilated controller with exactly the pins of the pin list: a descriptor port that is not built is tied to 0. */
#ifndef PQDMA_RTL_PINS_H
#define PQDMA_RTL_PINS_H

#include "Vpqdma.h"
#include "pqdma_signals.h"

/** struct pqdma_rtl_pins - Vpqdma of verilator --sc; clk and the pins of the list are to be bound */
struct pqdma_rtl_pins : Vpqdma {
	explicit pqdma_rtl_pins(const sc_core::sc_module_name &module) : Vpqdma(module)
	{
#if !PQDMA_WITH_DESC_PORT
#define PQDMA_BIND(pin, width) this->pin(idle_##pin);
		PQDMA_PINS_DESC_IN(PQDMA_BIND, PQDMA_BIND)
		PQDMA_PINS_DESC_OUT(PQDMA_BIND, PQDMA_BIND)
#undef PQDMA_BIND
#endif
	}

#if !PQDMA_WITH_DESC_PORT
private:
#define PQDMA_IDLE(pin, width) sc_core::sc_signal<pqdma_pin<width>> idle_##pin { "idle_" #pin };
	PQDMA_PINS_DESC_IN(PQDMA_IDLE, PQDMA_IDLE)
	PQDMA_PINS_DESC_OUT(PQDMA_IDLE, PQDMA_IDLE)
#undef PQDMA_IDLE
#endif
};

#endif
