// SPDX-License-Identifier: MIT
// pqdma_fifo - a first-in first-out queue
//
// DEPTH words, DEPTH a power of two. A word pushed at an edge is at the head from the next clock on. Push and pop in one
// clock are both done. Whoever pushes has made sure that there is room: there is no full flag, only the count.
`default_nettype none

module pqdma_fifo #(
	parameter WIDTH = 8,
	parameter DEPTH = 4
) (
	input  wire                     clk,
	input  wire                     rst_n,
	input  wire                     clear,      // forget all words

	input  wire                     push,
	input  wire [WIDTH-1:0]         push_data,

	input  wire                     pop,        // only while not empty
	output wire [WIDTH-1:0]         head,       // meaningful while not empty

	output wire                     empty,
	output wire [$clog2(DEPTH):0]   count
);

localparam PTR_W = $clog2(DEPTH);

// State

reg [WIDTH-1:0] mem [0:DEPTH-1];
reg [PTR_W:0]   wptr_q;      // one bit more than an address, so that full and empty differ
reg [PTR_W:0]   rptr_q;

// Registers

always @(posedge clk) begin
	if (!rst_n || clear) begin
		wptr_q <= {PTR_W+1{1'b0}};
		rptr_q <= {PTR_W+1{1'b0}};
	end else begin
		wptr_q <= wptr_q + {{PTR_W{1'b0}}, push};
		rptr_q <= rptr_q + {{PTR_W{1'b0}}, pop};
	end
end

always @(posedge clk) begin
	if (push)
		mem[wptr_q[PTR_W-1:0]] <= push_data;
end

// Outputs

assign head  = mem[rptr_q[PTR_W-1:0]];
assign count = wptr_q - rptr_q;
assign empty = wptr_q == rptr_q;

endmodule
