/* SPDX-License-Identifier: MIT */
/*
 * The memory behind the controller's AXI4 master: a slave that works on the device's RAM.
 *
 *	axi_mem_init(&mem, ram, ram_bus, ram_size, seed);
 *	axi_mem_configure(&mem, axi_mem_profile("typical"));
 *	for (;;) {
 *		tick(in, out);				// one rising edge
 *		axi_mem_clock(&mem, &out, &in, edge);	// chooses the pins for the next one
 *	}
 *
 * Latency: an AR accepted at edge t gives its first beat at edge t + read_latency, then one beat a clock, as long as
 * no burst before it is in the way; at most @reads bursts are accepted and not finished. B comes at the earliest
 * write_latency edges after the last W beat. Responses of one ID stay in order; different read IDs may overtake
 * each other by their jitter, and mix beat by beat if @interleave is set. Write responses are in order.
 *
 * RAM is written when a burst is complete, or only when its B is sent (late). It is read beat by beat as data leaves, or
 * for some bursts all at once when AR is accepted (early). Both are legal memories, and find masters that do not wait.
 *
 * AxSIZE and AxBURST are honoured: narrow INCR bursts, and FIXED ones. The lanes beside a narrow read beat are random. Windows outside RAM can be
 * given to devices: each beat in one is handed over in order when it happens, never early or late; one that is answered with an error is not.
 */
#ifndef PQDMA_AXI_MEM_H
#define PQDMA_AXI_MEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "pqdma_model.h"
#include "rng.h"

#define AXI_MEM_BURSTS 64	/* most bursts in flight, each of reads per ID and writes */
#define AXI_MEM_IDS 16
#define AXI_MEM_WBEATS 4096
#define AXI_MEM_FAULTS 8
#define AXI_MEM_DEVICES 32
#define AXI_MEM_BURST_BYTES 4096

/**
 * struct axi_mem_config - how fast, and how nasty
 * @read_latency:  edges from AR to the first beat, at least 1
 * @read_jitter:   up to so many more, drawn for each burst
 * @write_latency: edges from the last W beat to B, at least 1
 * @write_jitter:  up to so many more
 * @reads:         read bursts in flight, 1 to AXI_MEM_BURSTS
 * @writes:        write bursts in flight, 1 to AXI_MEM_BURSTS
 * @ar_ready:      percent of clocks in which ARREADY may be high; likewise @aw_ready and @w_ready
 * @r_valid:       percent of clocks in which a beat that is due begins to be offered
 * @interleave:    beats of different IDs may mix
 * @early:         percent of read bursts whose data is taken at the AR
 * @late:          percent of write bursts that reach RAM only with their B
 * @noise:         payload pins are random while their valid is 0
 */
struct axi_mem_config {
	unsigned int read_latency;
	unsigned int read_jitter;
	unsigned int write_latency;
	unsigned int write_jitter;
	unsigned int reads;
	unsigned int writes;
	unsigned int ar_ready;
	unsigned int aw_ready;
	unsigned int w_ready;
	unsigned int r_valid;
	bool interleave;
	unsigned int early;
	unsigned int late;
	bool noise;
};

/*
 * Kinds of access, as bits. A status write is known by its looks: word 7 of a 64-byte block and nothing else, with DONE 1
 * and bits 62:58 0; so a data write that happens to look just like that counts as one too.
 */
#define AXI_MEM_READ 0x1u
#define AXI_MEM_FETCH 0x2u
#define AXI_MEM_WRITE 0x4u
#define AXI_MEM_STATUS 0x8u
#define AXI_MEM_ANY 0xfu

#define AXI_OKAY 0u
#define AXI_EXOKAY 1u
#define AXI_SLVERR 2u
#define AXI_DECERR 3u

/**
 * struct axi_mem_fault - answer some accesses with an error
 * @kinds: AXI_MEM_* bits: which accesses
 * @first: lowest bus address it concerns
 * @last:  highest
 * @resp:  AXI_SLVERR or AXI_DECERR (or AXI_EXOKAY, which is no error)
 * @skip:  let so many matching accesses pass first; a read beat or a write burst is one access
 * @count: then answer so many with @resp; 0 means all
 *
 * A write that is answered with an error does not change RAM. Outside RAM everything is DECERR anyway.
 */
struct axi_mem_fault {
	unsigned int kinds;
	uint64_t first;
	uint64_t last;
	unsigned int resp;
	unsigned int skip;
	unsigned int count;
};

struct axi_mem_device;

/**
 * struct axi_mem_device_ops - what a device does with the beats of its window
 * @read:  give the @len bytes of a beat at @addr
 * @write: take the @len strobed bytes of a beat, the first of which belongs to @addr
 */
struct axi_mem_device_ops {
	void (*read)(struct axi_mem_device *device, uint64_t addr, unsigned int len, uint8_t *data);
	void (*write)(struct axi_mem_device *device, uint64_t addr, unsigned int len, const uint8_t *data);
};

/** struct axi_mem_device - a device at the bus addresses @bus to @bus + @size - 1; part of the device's own struct */
struct axi_mem_device {
	const struct axi_mem_device_ops *ops;
	uint64_t bus;
	uint64_t size;
};

/**
 * struct axi_mem_stats - what has been seen; clocks are numbers of rising edges, 0 for never
 * @read_bursts:  AR with ID 0; @fetch_bursts: AR with another ID
 * @write_bursts: all bursts written; @status_bursts: those that look like a status write
 * @read_beats:   R beats with ID 0; @fetch_beats: with another ID; @write_beats: W beats
 * @bytes:        strobed bytes
 * @errors:       responses other than OKAY
 * @narrow_bursts: bursts whose beats are narrower than the bus, reads and writes; @fixed_bursts: FIXED ones
 * @first_ar:     edge of the first AR with ID 0 (its handshake); @first_arvalid: first clock with ARVALID, any ID
 * @first_r:      first and @last_r last R beat with ID 0
 * @first_w:      first and @last_w last W beat
 */
struct axi_mem_stats {
	uint64_t read_bursts;
	uint64_t fetch_bursts;
	uint64_t write_bursts;
	uint64_t status_bursts;
	uint64_t read_beats;
	uint64_t fetch_beats;
	uint64_t write_beats;
	uint64_t bytes;
	uint64_t errors;
	uint64_t narrow_bursts;
	uint64_t fixed_bursts;
	uint64_t first_ar;
	uint64_t first_arvalid;
	uint64_t first_r;
	uint64_t last_r;
	uint64_t first_w;
	uint64_t last_w;
};

/* What an address channel asks for: @beats of @size bytes, aligned */
struct axi_mem_burst {
	uint64_t addr;
	unsigned int beats;
	unsigned int size;
	bool fixed;
};

struct axi_mem_read {
	struct axi_mem_burst burst;
	uint64_t due;
	uint64_t order;
	unsigned int done;
	uint8_t *early;			/* data taken at the AR, NULL if it is taken beat by beat */
};

struct axi_mem_queue {
	struct axi_mem_read bursts[AXI_MEM_BURSTS];
	unsigned int head;
	unsigned int count;
	uint64_t last_due;
};

struct axi_mem_wbeat {
	uint64_t strb;
	bool last;
	uint8_t data[PQDMA_BYTES];
};

struct axi_mem_write {
	struct axi_mem_burst burst;
	uint64_t due;
	unsigned int id;
	unsigned int first;
	unsigned int got;
	unsigned int resp;
	bool complete;
	bool late;
};

/** struct axi_mem - the memory; its members are private, apart from @stats and @config */
struct axi_mem {
	struct axi_mem_stats stats;
	struct axi_mem_config config;
	uint8_t *ram;
	uint64_t bus;
	uint64_t size;
	struct rng rng;
	struct axi_mem_fault faults[AXI_MEM_FAULTS];
	unsigned int fault_hits[AXI_MEM_FAULTS];
	unsigned int nr_faults;
	struct axi_mem_device *devices[AXI_MEM_DEVICES];
	unsigned int nr_devices;
	uint32_t active;		/* IDs with reads in flight, one bit each */
	unsigned int reads;
	uint64_t order;
	unsigned int current;		/* ID whose burst has begun */
	bool burst_open;
	bool r_held;			/* offered and not yet taken */
	bool b_held;
	uint64_t early_used;		/* rows of @early, one bit each */
	uint8_t early[AXI_MEM_BURSTS][AXI_MEM_BURST_BYTES];
	struct axi_mem_queue queues[AXI_MEM_IDS];
	struct axi_mem_write writes[AXI_MEM_BURSTS];
	unsigned int write_head;
	unsigned int write_count;
	unsigned int write_fill;	/* bursts at the head that have all their beats */
	struct axi_mem_wbeat wbeats[AXI_MEM_WBEATS];
	unsigned int wbeat_head;
	unsigned int wbeat_count;
	unsigned int wbeat_free;	/* beats at the head that belong to a burst already */
};

/** axi_mem_init() - a memory over @ram[@size] whose first byte has the bus address @bus; profile "ideal" */
void axi_mem_init(struct axi_mem *mem, uint8_t *ram, uint64_t bus, size_t size, uint64_t seed);

/** axi_mem_configure() - change speed and manners from now on */
void axi_mem_configure(struct axi_mem *mem, const struct axi_mem_config *config);

/** axi_mem_fault() - add a fault; false if there are AXI_MEM_FAULTS already */
bool axi_mem_fault(struct axi_mem *mem, const struct axi_mem_fault *fault);

/** axi_mem_clear_faults() - no more faults */
void axi_mem_clear_faults(struct axi_mem *mem);

/** axi_mem_attach() - accesses to @device's window go to it from now on; false if there are AXI_MEM_DEVICES already */
bool axi_mem_attach(struct axi_mem *mem, struct axi_mem_device *device);

/**
 * axi_mem_clock() - one clock: drive the pins for the coming edge, take the transfers that happen at it
 * @out:  output pins of the controller now
 * @in:   input pins for the edge; the m_axi ones are written here; rst_n must be valid already
 * @edge: number of the coming edge
 */
void axi_mem_clock(struct axi_mem *mem, const struct pqdma_out *out, struct pqdma_in *in, uint64_t edge);

/** axi_mem_idle() - is nothing outstanding? */
bool axi_mem_idle(const struct axi_mem *mem);

/** axi_mem_response() - what an access to [@addr, @addr + @len) of one AXI_MEM_ kind would be answered now; counts as no access */
unsigned int axi_mem_response(const struct axi_mem *mem, unsigned int kind, uint64_t addr, uint64_t len);

/** axi_mem_profile() - a configuration by name: ideal, typical, slow, torture; NULL if there is none */
const struct axi_mem_config *axi_mem_profile(const char *name);

/** axi_mem_profile_name() - name of profile @index, NULL behind the last */
const char *axi_mem_profile_name(unsigned int index);

#endif
