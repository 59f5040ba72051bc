/* SPDX-License-Identifier: MIT */
/* Private to tb/timeline*.c: writing events, and what is open. */
#ifndef PQDMA_TIMELINE_PRIV_H
#define PQDMA_TIMELINE_PRIV_H

#include <stdio.h>
#include "pqdma_params.h"
#include "timeline.h"

#define TIMELINE_LANES 64
#define TIMELINE_DESCS 128	/* open ones of a channel */
#define TIMELINE_TAGS 1024
#define TIMELINE_CALLS 256
#define TIMELINE_NAME 160

/* Tracks are numbered by group (a "process" of the format) and row; a row that is full of overlaps takes more lanes. */
enum timeline_group { GROUP_SOFTWARE = 1, GROUP_REGISTERS, GROUP_CHANNELS, GROUP_READS, GROUP_WRITES, GROUP_NUMBERS, GROUP_STRIPS };
enum timeline_software { ROW_CALLS = 1, ROW_CPU, ROW_LOCKS };

/* A descriptor that has begun and is not complete; @prep is the number of its transaction, 0 if that is not known. */
struct timeline_desc {
	double begin;
	uint64_t addr;
	uint64_t head;
	uint64_t src;
	uint64_t dst;
	uint64_t prep;
	unsigned int lane;
};

struct timeline_chan {
	struct timeline_desc descs[TIMELINE_DESCS];
	unsigned int head;
	unsigned int count;
	uint32_t done;
	uint32_t state;
	double state_begin;
	bool busy;
	uint64_t current;
	uint64_t prep_of_tag[TIMELINE_TAGS];
	uint64_t lanes;
};

struct timeline_burst {
	double begin;
	uint64_t addr;
	uint64_t prep;
	unsigned int beats;
	unsigned int id;
	unsigned int lane;
};

/* Bursts in flight, oldest first */
struct timeline_queue {
	struct timeline_burst bursts[TIMELINE_LANES];
	unsigned int head;
	unsigned int count;
	uint64_t lanes;
};

/* A strip from its cutting to its last beat, or its comparison */
struct timeline_strip {
	double begin;
	unsigned int channel;
	unsigned int bytes;
	unsigned int lane;
};

/* A register access under way; @begin 0 for none */
struct timeline_access {
	double begin;
	uint64_t addr;
	uint64_t data;
};

struct timeline_call {
	const void *object;
	int channel;
	uint64_t cookie;
};

struct timeline {
	FILE *f;
	const struct pqdma *model;
	const struct axi_mem *mem;
	bool any;
	double clock;
	double now;
	struct timeline_chan chan[PQDMA_CHANNELS];
	struct timeline_queue reads[AXI_MEM_IDS];
	struct timeline_queue writes;
	uint64_t read_lanes;
	struct timeline_strip strips[PQDMA_STRIPS];
	unsigned int strip_head;
	unsigned int strip_count;
	uint64_t strip_lanes;
	struct timeline_access write;
	struct timeline_access read;
	uint64_t irq;
	double irq_begin[PQDMA_CHANNELS];
	struct pqdma_glance last;
	struct timeline_call calls[TIMELINE_CALLS];
	unsigned int nr_calls;
};

/** timeline_slice() - something that lasted from @begin to now; @detail is shown with it, and may be empty */
void timeline_slice(struct timeline *t, int group, int row, double begin, const char *name, const char *detail);

/** timeline_edge() - begin ('B') or end ('E') of something on a row where things nest */
void timeline_edge(struct timeline *t, char phase, int group, int row, const char *name);

/** timeline_flow() - an arrow of transaction @prep begins ('s'), passes ('t') or ends ('f') at @at, which lies in a slice of that row */
void timeline_flow(struct timeline *t, char phase, int group, int row, double at, uint64_t prep);

/** timeline_number() - a number has a new value now */
void timeline_number(struct timeline *t, const char *name, uint64_t value);

/** timeline_row() - name a row */
void timeline_row(struct timeline *t, int group, int row, const char *name);

/** timeline_lane() - the lowest free lane; *@lanes has a bit for each that is taken */
unsigned int timeline_lane(uint64_t *lanes);

/** timeline_listen() - listen to software until NULL is given */
void timeline_listen(struct timeline *t);

/** timeline_name_hardware() - names of the rows below */
void timeline_name_hardware(struct timeline *t);

/** timeline_bursts() - AXI transfers of this clock */
void timeline_bursts(struct timeline *t, const struct pqdma_out *out, const struct pqdma_in *in);

/** timeline_registers() - register accesses and interrupt lines of this clock */
void timeline_registers(struct timeline *t, const struct pqdma_out *out, const struct pqdma_in *in);

/** timeline_channels() - states, descriptors and strips of this clock */
void timeline_channels(struct timeline *t, const struct pqdma_in *in);

/** timeline_prep_of() - the transaction behind an access, by the open descriptors; 0 if that is not known */
uint64_t timeline_prep_of(const struct timeline *t, uint64_t addr, bool write);

#endif
