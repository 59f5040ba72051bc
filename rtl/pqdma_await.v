// SPDX-License-Identifier: MIT
// pqdma_await - what the acknowledge queue must know of a burst, a strip without one, or a word that is written now
//
// Wires only.
`default_nettype none
`include "pqdma_bundles.vh"

module pqdma_await (
	// A strip: its burst, or that it passes without one
	input  wire             is_strip,
	input  wire [`BS_W-1:0] strip,
	input  wire             passes,
	input  wire             nob,
	input  wire             more,
	input  wire [1:0]       bad,
	input  wire             drop,
	input  wire [7:0]       code,
	input  wire [63:0]      addr,

	// Else a completion word of a channel, else the head of the status queue; where it is written
	input  wire             is_cmpl,
	input  wire [3:0]       chan,
	input  wire [`BC_W-1:0] sts,
	input  wire [63:0]      word_at,

	output wire [`BA_W-1:0] ack
);

reg [`BA_W-1:0] ack_d;

always @(*) begin
	ack_d = {`BA_W{1'b0}};
	if (is_strip) begin
		ack_d[`BA_CHAN]  = strip[`BS_CHAN];
		ack_d[`BA_NOB]   = nob;
		ack_d[`BA_MORE]  = more;
		ack_d[`BA_BAD]   = bad;
		ack_d[`BA_DROP]  = drop;
		ack_d[`BA_CODE]  = passes ? code : 8'd0;
		ack_d[`BA_N]     = strip[`BS_N];
		ack_d[`BA_LAST]  = strip[`BS_LAST];
		ack_d[`BA_WB]    = strip[`BS_WB];
		ack_d[`BA_IRQ]   = strip[`BS_IRQ];
		ack_d[`BA_TAG]   = strip[`BS_TAG];
		ack_d[`BA_DESC]  = strip[`BS_DESC];
		ack_d[`BA_SMALL] = strip[`BS_SMALL];
		ack_d[`BA_PACED] = strip[`BS_PACED];
		ack_d[`BA_LINE]  = strip[`BS_LINE];
		ack_d[`BA_ADDR]  = addr;
	end else if (is_cmpl) begin
		ack_d[`BA_CMPL]  = 1'b1;
		ack_d[`BA_CHAN]  = chan;
		ack_d[`BA_ADDR]  = word_at;
	end else begin
		ack_d[`BA_STS]   = 1'b1;
		ack_d[`BA_CHAN]  = sts[`BC_CHAN];
		ack_d[`BA_NOB]   = !sts[`BC_WB];
		ack_d[`BA_CODE]  = sts[`BC_CODE];
		ack_d[`BA_IRQ]   = sts[`BC_IRQ];
		ack_d[`BA_DESC]  = sts[`BC_DESC];
		ack_d[`BA_ADDR]  = word_at;
	end
end

assign ack = ack_d;

wire unused = &{1'b0, strip, sts};

endmodule
