// SPDX-License-Identifier: MIT
// The verilated controller alone: replays recorded input pins and checks nothing. The yardstick of `make bench`.
//
// usage: replay FILE     FILE comes from a run with +record=FILE
#include <cstdio>
#include <cstring>
#include <ctime>
#include <memory>
#include <vector>
#include "Vtb_top.h"
#include "Vtb_top___024root.h"
#include "verilated.h"
extern "C" {
#include "pins.h"
}

namespace {

bool load(const char *path, std::vector<uint32_t> &words)
{
	std::FILE *f = std::fopen(path, "rb");
	uint32_t clock[PIN_IN_WORDS];

	if (!f)
		return false;
	while (std::fread(clock, sizeof(clock), 1, f) == 1)
		words.insert(words.end(), clock, clock + PIN_IN_WORDS);
	std::fclose(f);
	return !words.empty();
}

/* Returns something that depends on every output word, so that no work can be left out. */
uint32_t replay(Vtb_top &top, const std::vector<uint32_t> &words)
{
	Vtb_top___024root *root = top.rootp;
	uint32_t mixed = 0;

	for (std::size_t at = 0; at < words.size(); at += PIN_IN_WORDS) {
		std::memcpy(root->tb_top__DOT__in.data(), &words[at], PIN_IN_WORDS * sizeof(uint32_t));
		root->tb_top__DOT__clk = 0;
		top.eval();
		root->tb_top__DOT__clk = 1;
		top.eval();
		for (unsigned int i = 0; i < PIN_OUT_WORDS; i++)
			mixed = mixed * 31 + root->tb_top__DOT__out[i];
	}
	return mixed;
}

} // namespace

int main(int argc, char **argv)
{
	std::vector<uint32_t> words;

	if (argc != 2 || !load(argv[1], words)) {
		std::fprintf(stderr, "usage: replay FILE, a file of recorded pins that is not empty\n");
		return 2;
	}
	auto context = std::make_unique<VerilatedContext>();
	auto top = std::make_unique<Vtb_top>(context.get(), "");
	const std::clock_t begin = std::clock();
	const uint32_t mixed = replay(*top, words);
	const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
	const double clocks = static_cast<double>(words.size()) / PIN_IN_WORDS;

	std::printf("replay: %.0f clocks, %.0f clocks/s, outputs %08x\n", clocks, clocks / seconds, static_cast<unsigned int>(mixed));
	return 0;
}
