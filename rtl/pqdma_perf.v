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

// One event a counter, in the order of their registers from PERF_AR on

wire [COUNTERS-1:0] event_now = {no_room, !reads_idle && !rvalid, wvalid && !wready, arvalid && !arready,
				 arvalid && arready && ar_is_fetch, wvalid && wready, awvalid && awready, rvalid,
				 arvalid && arready};

integer i;

always @(posedge clk) begin
	for (i = 0; i < COUNTERS; i = i + 1)
		if (!rst_n || clear)
			count_q[i*32 +: 32] <= 32'd0;
		else
			count_q[i*32 +: 32] <= count_q[i*32 +: 32] + {31'd0, event_now[i]};
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
