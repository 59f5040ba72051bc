// SPDX-License-Identifier: MIT
// pqdma_slots - what the reads of each strip in flight came to
//
// Strips have slots in the order in which they are taken. A slot is ready when all bytes of its strip are in the buffer; the first read
// that fails leaves its response and address.
`default_nettype none

module pqdma_slots #(
	parameter STRIPS = 32
) (
	input  wire                      clk,
	input  wire                      rst_n,

	input  wire                      taken,          // a strip takes the slot `slot`
	input  wire                      taken_ready,    // and has nothing to read
	output wire [$clog2(STRIPS)-1:0] slot,
	input  wire                      pop,            // the oldest strip is gone

	input  wire [$clog2(STRIPS)-1:0] done_slot,
	input  wire                      done,           // its last read has ended
	input  wire                      failed,         // a beat of it failed
	input  wire                      failed_dec,     // with DECERR
	input  wire [63:0]               failed_addr,

	output wire                      ready,          // of the oldest strip
	output wire                      error,
	output wire                      error_dec,
	output wire [63:0]               error_addr
);

localparam SLOT_W = $clog2(STRIPS);

localparam [SLOT_W-1:0] SLOT_ONE = 1;

// State

reg [SLOT_W-1:0] head_q;
reg [SLOT_W-1:0] tail_q;
reg [STRIPS-1:0] ready_q;
reg [STRIPS-1:0] error_q;
reg [STRIPS-1:0] dec_q;
reg [63:0]       addr_mem [0:STRIPS-1];

// Registers

always @(posedge clk) begin
	if (!rst_n) begin
		head_q <= {SLOT_W{1'b0}};
		tail_q <= {SLOT_W{1'b0}};
	end else begin
		if (pop)
			head_q <= head_q + SLOT_ONE;
		if (taken)
			tail_q <= tail_q + SLOT_ONE;
	end
end

always @(posedge clk) begin
	if (!rst_n) begin
		ready_q <= {STRIPS{1'b0}};
		error_q <= {STRIPS{1'b0}};
		dec_q   <= {STRIPS{1'b0}};
	end else begin
		if (done)
			ready_q[done_slot] <= 1'b1;
		if (failed && !error_q[done_slot]) begin
			error_q[done_slot] <= 1'b1;
			dec_q[done_slot]   <= failed_dec;
		end
		if (taken) begin
			ready_q[tail_q] <= taken_ready;
			error_q[tail_q] <= 1'b0;
		end
	end
end

always @(posedge clk) begin
	if (failed && !error_q[done_slot])
		addr_mem[done_slot] <= failed_addr;
end

// Outputs

assign slot       = tail_q;
assign ready      = ready_q[head_q];
assign error      = error_q[head_q];
assign error_dec  = dec_q[head_q];
assign error_addr = addr_mem[head_q];

endmodule
