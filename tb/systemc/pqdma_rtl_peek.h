/* SPDX-License-Identifier: MIT */
/* Registers of the verilated controller without a clock: from the variables that peek.vlt makes public. */
#ifndef PQDMA_RTL_PEEK_H
#define PQDMA_RTL_PEEK_H

#include <cstdint>
#include <string>

/**
 * pqdma_rtl_peek() - look at a register
 * @name:    SystemC name of the verilated module
 * @irq:     its interrupt pins
 * @addr:    byte address, a multiple of 4
 * @value:   set to what a read would give
 *
 * Return: false if there is no such register, or if the RTL was verilated without peek.vlt.
 */
bool pqdma_rtl_peek(const std::string &name, std::uint32_t irq, std::uint32_t addr, std::uint32_t &value);

#endif
