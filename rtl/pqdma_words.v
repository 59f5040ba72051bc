// SPDX-License-Identifier: MIT
// pqdma_words - the next word of 8 bytes that is to be written: a status word, else a completion word
//
// Wires only. A status word stands at the end of its descriptor, or at the begin of a compact one; a completion word where the channel
// wants it. Of several channels the lowest is served first.
`default_nettype none
`include "pqdma_regs.vh"
`include "pqdma_bundles.vh"

module pqdma_words #(
	parameter CHANNELS = 4
) (
	input  wire [`BC_W-1:0]       sts,
	input  wire                   is_status,
	input  wire [CHANNELS-1:0]    cmpl_want,
	input  wire [CHANNELS*64-1:0] cmpl_addr,
	input  wire [CHANNELS*35-1:0] cmpl_word,
	output wire [CHANNELS-1:0]    cmpl_choice,
	output wire [3:0]             cmpl_chan,
	output wire [63:0]            word,
	output wire [63:0]            addr
);

wire [63:0] sts_word = {1'b1, 5'd0, sts[`BC_BAD], sts[`BC_CODE], sts[`BC_TAG], sts[`BC_BYTES]};
wire [63:0] sts_addr = sts[`BC_DESC] + (sts[`BC_SMALL] ? 64'd0 : `PQDMA_DESC_STATUS_OFFSET);

reg [CHANNELS-1:0] choice;
reg [3:0]          chan;
reg [63:0]         at;
reg [34:0]         data;
integer            m;

always @(*) begin
	choice = {CHANNELS{1'b0}};
	chan = 4'd0;
	at = 64'd0;
	data = 35'd0;
	for (m = CHANNELS - 1; m >= 0; m = m - 1)
		if (cmpl_want[m]) begin
			choice = {CHANNELS{1'b0}};
			choice[m] = 1'b1;
			chan = m[3:0];
			at = cmpl_addr[m*64 +: 64];
			data = cmpl_word[m*35 +: 35];
		end
end

assign cmpl_choice = choice;
assign cmpl_chan   = chan;
assign word        = is_status ? sts_word : {29'd0, data};
assign addr        = is_status ? sts_addr : at;

wire unused = &{1'b0, sts};

endmodule
