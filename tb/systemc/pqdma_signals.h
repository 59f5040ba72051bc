/* SPDX-License-Identifier: MIT */
/*
 * The pins of the controller as SystemC signals, made from the one pin list.
 *
 *	pqdma_signals pins("pins");
 *	Vpqdma rtl("rtl");
 *	pins.bind(rtl);			// or the model: pqdma_model_pins
 *	pins.put(in);			// struct pqdma_in to the signals
 *	pins.get(out);			// signals to struct pqdma_out
 *
 * Types are those that verilator --sc gives its ports: bool, uint32_t, uint64_t, sc_bv. clk is not among the pins.
 */
#ifndef PQDMA_SIGNALS_H
#define PQDMA_SIGNALS_H

#include <cstdint>
#include <systemc>
#include <type_traits>
extern "C" {
#include "pqdma_model.h"
}

template <unsigned int WIDTH>
using pqdma_pin = std::conditional_t<WIDTH == 1, bool, std::conditional_t<WIDTH <= 32, std::uint32_t,
		  std::conditional_t<WIDTH <= 64, std::uint64_t, sc_dt::sc_bv<WIDTH>>>>;

/* Between a pin's signal type and its member in struct pqdma_in or pqdma_out */

template <typename T>
inline void pqdma_pin_get(std::uint64_t &to, const T &from)
{
	to = from;
}

template <std::size_t WORDS, int WIDTH>
inline void pqdma_pin_get(std::uint32_t (&to)[WORDS], const sc_dt::sc_bv<WIDTH> &from)
{
	for (std::size_t i = 0; i < WORDS; i++)
		to[i] = from.get_word(static_cast<int>(i));
}

template <typename T>
inline void pqdma_pin_get(std::uint32_t (&to)[1], const T &from)
{
	to[0] = from;
}

inline void pqdma_pin_get(std::uint32_t (&to)[2], const std::uint64_t &from)
{
	to[0] = static_cast<std::uint32_t>(from);
	to[1] = static_cast<std::uint32_t>(from >> 32);
}

template <typename T>
inline void pqdma_pin_put(sc_core::sc_signal_inout_if<T> &to, std::uint64_t from)
{
	to.write(static_cast<T>(from));
}

template <int WIDTH, std::size_t WORDS>
inline void pqdma_pin_put(sc_core::sc_signal_inout_if<sc_dt::sc_bv<WIDTH>> &to, const std::uint32_t (&from)[WORDS])
{
	sc_dt::sc_bv<WIDTH> value;

	for (std::size_t i = 0; i < WORDS; i++)
		value.set_word(static_cast<int>(i), from[i]);
	to.write(value);
}

inline void pqdma_pin_put(sc_core::sc_signal_inout_if<std::uint32_t> &to, const std::uint32_t (&from)[1])
{
	to.write(from[0]);
}

inline void pqdma_pin_put(sc_core::sc_signal_inout_if<std::uint64_t> &to, const std::uint32_t (&from)[2])
{
	to.write(static_cast<std::uint64_t>(from[1]) << 32 | from[0]);
}

/** struct pqdma_signals - a signal for each pin, and what a body and a transactor do with all of them */
struct pqdma_signals : sc_core::sc_module {
#define PQDMA_SIGNAL(name, width) sc_core::sc_signal<pqdma_pin<width>> name { #name };
	PQDMA_PINS_IN(PQDMA_SIGNAL, PQDMA_SIGNAL)
	PQDMA_PINS_OUT(PQDMA_SIGNAL, PQDMA_SIGNAL)
#undef PQDMA_SIGNAL

	explicit pqdma_signals(const sc_core::sc_module_name &name) : sc_core::sc_module(name)
	{
	}

	/** bind() - connect the ports of a body; they have the names of the pins */
	template <typename BODY>
	void bind(BODY &body)
	{
#define PQDMA_BIND(name, width) body.name(name);
		PQDMA_PINS_IN(PQDMA_BIND, PQDMA_BIND)
		PQDMA_PINS_OUT(PQDMA_BIND, PQDMA_BIND)
#undef PQDMA_BIND
	}

	/** put() - drive all input pins of the controller */
	void put(const struct pqdma_in &in)
	{
#define PQDMA_PUT(name, width) pqdma_pin_put(name, in.name);
		PQDMA_PINS_IN(PQDMA_PUT, PQDMA_PUT)
#undef PQDMA_PUT
	}

	/** get() - sample all output pins of the controller */
	void get(struct pqdma_out &out) const
	{
#define PQDMA_GET(name, width) pqdma_pin_get(out.name, name.read());
		PQDMA_PINS_OUT(PQDMA_GET, PQDMA_GET)
#undef PQDMA_GET
	}
};

#endif
