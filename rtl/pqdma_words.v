// SPDX-License-Identifier: MIT
// pqdma_words - the next word of 8 bytes that is to be written: a status word, else a completion word
//
// Wires only. A status word stands at the end of its descriptor, or at the begin of a compact one; a completion word where the channel
// wants it. Of several channels the lowest is served first.
`default_nettype none
`include "pqdma_regs.vh"
`include "pqdma_bundles.vh"

module pqdma_words #(
	parameter CHANNELS = 4,
	parameter DATA_W   = 128
) (
	input  wire [`BC_W-1:0]       sts,
	input  wire                   is_status,
	input  wire [CHANNELS-1:0]    cmpl_want,
	input  wire [CHANNELS*64-1:0] cmpl_addr,
	input  wire [CHANNELS*35-1:0] cmpl_word,
	output wire [CHANNELS-1:0]    cmpl_choice,
	output wire [3:0]             cmpl_chan,
	output wire [31:0]            later,      // its upper half, for a second beat
	output wire [63:0]            addr,

	// On the bus, at its place; a 32-bit bus takes two beats, `high` in the second one
	input  wire                   second,
	input  wire [31:0]            high,
	output wire [DATA_W-1:0]      data,
	output wire [DATA_W/8-1:0]    strobes
);

localparam BYTES = DATA_W / 8;

localparam [5:0] LANE_MASK = BYTES == 64 ? 6'h38 : BYTES == 32 ? 6'h18 : BYTES == 16 ? 6'h08 : 6'h00;

wire [63:0] sts_word = {1'b1, 5'd0, sts[`BC_BAD], sts[`BC_CODE], sts[`BC_TAG], sts[`BC_BYTES]};
wire [63:0] sts_addr = sts[`BC_DESC] + (sts[`BC_SMALL] ? 64'd0 : `PQDMA_DESC_STATUS_OFFSET);

wire [63:0]        word;
reg [CHANNELS-1:0] choice;
reg [3:0]          chan;
reg [63:0]         at;
reg [34:0]         state;
integer            m;

always @(*) begin
	choice = {CHANNELS{1'b0}};
	chan = 4'd0;
	at = 64'd0;
	state = 35'd0;
	for (m = CHANNELS - 1; m >= 0; m = m - 1)
		if (cmpl_want[m]) begin
			choice = {CHANNELS{1'b0}};
			choice[m] = 1'b1;
			chan = m[3:0];
			at = cmpl_addr[m*64 +: 64];
			state = cmpl_word[m*35 +: 35];
		end
end

assign cmpl_choice = choice;
assign cmpl_chan   = chan;
assign later       = word[63:32];

assign word        = is_status ? sts_word : {29'd0, state};
assign addr        = is_status ? sts_addr : at;

// Lanes

wire [5:0] lane = addr[5:0] & LANE_MASK;

reg [DATA_W-1:0]   data_d;
reg [DATA_W/8-1:0] strobes_d;
integer            b;

always @(*) begin
	data_d = {DATA_W{1'b0}};
	strobes_d = {BYTES{1'b0}};
	for (b = 0; b < BYTES; b = b + 1)
		if (DATA_W == 32 || {b[5:3], 3'd0} == lane) begin
			strobes_d[b] = 1'b1;
			data_d[b*8 +: 8] = second ? high[b%4*8 +: 8] : word[b%8*8 +: 8];
		end
end

assign data    = data_d;
assign strobes = strobes_d;

wire unused = &{1'b0, sts};

endmodule
