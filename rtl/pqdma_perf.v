// SPDX-License-Identifier: MIT
// pqdma_perf - global counters of what the bus does
//
// Each counts the clocks in which its event is high. They wrap, and become 0 together.
`default_nettype none
`include "pqdma_regs.vh"

module pqdma_perf (
	input  wire        clk,
	input  wire        rst_n,
	input  wire        clear,

	// Read port: offset in the global page, 0 if there is no counter
	input  wire [7:0]  offset,
	output wire [31:0] data,

	// Pins and state of this clock
	input  wire        arvalid,
	input  wire        arready,
	input  wire        ar_is_fetch,
	input  wire        rvalid,
	input  wire        d_arvalid,      // descriptor port
	input  wire        d_arready,
	input  wire        d_rvalid,
	input  wire        awvalid,
	input  wire        awready,
	input  wire        wvalid,
	input  wire        wready,
	input  wire        reads_idle,     // no read of any kind is in flight
	input  wire        no_room
);

localparam COUNTERS = 9;

// State

reg [COUNTERS*32-1:0] count_q;

// One event a counter, in the order of their registers from PERF_AR on; AR and R may happen on both ports at once

wire       d_ar  = d_arvalid && d_arready;
wire       d_any = (arvalid && !arready) || (d_arvalid && !d_arready);
wire [COUNTERS-1:0] twice = {7'd0, d_rvalid, d_ar};
wire [COUNTERS-1:0] event_now = {no_room, !reads_idle && !rvalid, wvalid && !wready, d_any,
				 (arvalid && arready && ar_is_fetch) || d_ar, wvalid && wready, awvalid && awready, rvalid,
				 arvalid && arready};

integer i;

always @(posedge clk) begin
	for (i = 0; i < COUNTERS; i = i + 1)
		if (!rst_n || clear)
			count_q[i*32 +: 32] <= 32'd0;
		else
			count_q[i*32 +: 32] <= count_q[i*32 +: 32] + {31'd0, event_now[i]} + {31'd0, twice[i]};
end

// Outputs

reg [31:0] data_d;
integer    r;

always @(*) begin
	data_d = 32'd0;
	for (r = 0; r < COUNTERS; r = r + 1)
		if ({5'd0, offset} == `PQDMA_REG_PERF_AR + {7'd0, r[3:0], 2'd0})
			data_d = count_q[r*32 +: 32];
end

assign data = data_d;

endmodule
