// SPDX-License-Identifier: MIT
// pqdma_wdata - data and strobes of one beat of a strip, and the comparison of one row of a check
//
// Wires only. Lanes outside the strip are not strobed, and their data is 0.
`default_nettype none
`include "pqdma_bundles.vh"

module pqdma_wdata #(
	parameter DATA_W = 128
) (
	input  wire [`BS_W-1:0]    strip,
	input  wire                dest_q,     // the destination is Q, else P
	input  wire [63:0]         addr,       // the burst, see pqdma_burst
	input  wire [8:0]          beats,
	input  wire [5:0]          first,
	input  wire [5:0]          last,
	input  wire                narrow,
	input  wire                fixed,
	input  wire [12:0]         done,
	input  wire [8:0]          beat,       // of the burst, or row of the check
	input  wire [DATA_W-1:0]   p_data,     // the row in both halves of the buffer
	input  wire [DATA_W-1:0]   q_data,
	input  wire                need,       // there is a beat or a row in this clock
	input  wire                check,      // compare
	output wire                ends,       // last beat of the burst
	output wire [DATA_W-1:0]   data,
	output wire [DATA_W/8-1:0] strobes,
	output wire [1:0]          bad         // Q, P have bytes that are not 0
);

localparam BYTES = DATA_W / 8;
localparam LB    = $clog2(BYTES);

wire [8:0]  p_rows = strip[`BS_PROWS];
wire [8:0]  q_rows = strip[`BS_QROWS];
wire        p_last = beat + 9'd1 == p_rows;
wire        q_last = beat + 9'd1 == q_rows;
wire        begins = beat == 9'd0;

// A fill's byte at address A is pattern byte A mod 8

wire [DATA_W-1:0] pattern;

generate if (DATA_W == 32) begin : g_pattern_half
	wire [63:0] whole = strip[`BS_PAT];

	assign pattern = addr[2] ^ beat[0] ? whole[63:32] : whole[31:0];
end else begin : g_pattern_full
	assign pattern = {(DATA_W / 64){strip[`BS_PAT]}};
end endgenerate

// Lanes that belong to P and to Q in this row

reg [BYTES-1:0] p_lanes;
reg [BYTES-1:0] q_lanes;
integer         l;

always @(*) begin
	for (l = 0; l < BYTES; l = l + 1) begin
		p_lanes[l] = (!begins || l[5:0] >= strip[`BS_DO]) && (!p_last || l[5:0] <= strip[`BS_EO]);
		q_lanes[l] = (!begins || l[5:0] >= strip[`BS_QDO]) && (!q_last || l[5:0] <= strip[`BS_QEO]);
	end
end

// Lanes of the burst: all between its first and its last, or those of one transfer of a narrow burst

wire [2:0]       size   = strip[`BS_DW];
wire [14:0]      gone   = {6'd0, beat} << size;
wire [LB-1:0]    at     = addr[LB-1:0] + (fixed ? {LB{1'b0}} : gone[LB-1:0]);
wire [6:0]       wide   = 7'd1 << size;
reg  [BYTES-1:0] lanes;
integer          k;

always @(*) begin
	for (k = 0; k < BYTES; k = k + 1)
		if (narrow)
			lanes[k] = k[LB-1:0] >= at && {1'b0, k[5:0]} < {{7-LB{1'b0}}, at} + wide;
		else
			lanes[k] = (!begins || k[5:0] >= first) && (!ends || k[5:0] <= last);
end

// Bytes of a narrow burst: the next transfer of the packed row, moved to its lanes

wire [14:0]         packed_at = {2'd0, done} + gone;
wire [LB-1:0]       turn      = at - packed_at[LB-1:0];
wire [2*DATA_W-1:0] turned    = {p_data, p_data} << {turn, 3'd0};
wire [DATA_W-1:0]   p_moved   = narrow ? turned[2*DATA_W-1:DATA_W] : p_data;

reg [DATA_W-1:0] data_d;
reg [1:0]        bad_d;
integer          b;

always @(*) begin
	data_d = {DATA_W{1'b0}};
	bad_d = 2'd0;
	if (need) for (b = 0; b < BYTES; b = b + 1) begin
		if (lanes[b])
			data_d[b*8 +: 8] = strip[`BS_KIND] != `BS_DATA ? pattern[b*8 +: 8] :
					   dest_q ? q_data[b*8 +: 8] : p_moved[b*8 +: 8];
		if (check && strip[`BS_USE_P] && beat < p_rows && p_lanes[b] && p_data[b*8 +: 8] != 8'd0)
			bad_d[0] = 1'b1;
		if (check && strip[`BS_USE_Q] && beat < q_rows && q_lanes[b] && q_data[b*8 +: 8] != 8'd0)
			bad_d[1] = 1'b1;
	end
end

assign ends    = beat + 9'd1 == beats;
assign data    = data_d;
assign strobes = lanes;
assign bad     = bad_d;

wire unused = &{1'b0, strip, addr, gone, packed_at, turned};

endmodule
