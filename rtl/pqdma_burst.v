// SPDX-License-Identifier: MIT
// pqdma_burst - the next write burst of a strip
//
// Wires only. A strip writes P, then Q. A peripheral piece writes its one destination in as many bursts as edges and address mode ask for;
// `done` bytes of it are written.
`default_nettype none
`include "pqdma_bundles.vh"

module pqdma_burst #(
	parameter DATA_W = 128
) (
	input  wire [`BS_W-1:0] strip,
	input  wire             phase,      // P is written, Q is next
	input  wire [12:0]      done,
	input  wire [8:0]       beat,
	output wire             dest_q,     // the destination is Q, else P
	output wire [63:0]      addr,       // of the first byte
	output wire [8:0]       beats,
	output wire             more,       // another burst follows
	output wire [12:0]      next_done,
	output wire [5:0]       first_lane,
	output wire [5:0]       last_lane,
	output wire [15:0]      row,        // of the beat, counted from the row that is left last
	output wire             narrow,
	output wire [2:0]       size,
	output wire             fixed
);

localparam BYTES = DATA_W / 8;
localparam LB    = $clog2(BYTES);

localparam [31:0] LB_32 = LB;
localparam [14:0] ROUND = {{15-LB{1'b0}}, {LB{1'b1}}};
localparam [1:0]  INCR  = 2'd0;
localparam [1:0]  FIXED = 2'd1;

// A peripheral piece: m bytes at t

wire [63:0] pd      = strip[`BS_PD];
wire [12:0] n       = strip[`BS_N];
wire [12:0] limit   = strip[`BS_LIMIT];
wire [1:0]  mode    = strip[`BS_NARROW] ? strip[`BS_DMODE] : INCR;
wire [63:0] done_64 = {51'd0, done};
wire [63:0] t       = mode == INCR ? pd + done_64 : mode == FIXED ? pd : pd - done_64;
wire [12:0] rest    = n - done;
wire [12:0] to_edge = limit - (t[12:0] & (limit - 13'd1));
wire [12:0] up      = rest < to_edge ? rest : to_edge;
wire [12:0] m       = mode == INCR ? up : mode == FIXED ? rest : 13'd1 << strip[`BS_DW];

wire [LB-1:0] t_lane   = t[LB-1:0];
wire [LB-1:0] end_lane = t_lane + m[LB-1:0] - {{LB-1{1'b0}}, 1'b1};
wire [14:0]   span     = {{15-LB{1'b0}}, t_lane} + {2'd0, m} + ROUND;
wire [12:0]   moves    = m >> strip[`BS_DW];
wire [12:0]   place    = {7'd0, strip[`BS_DO]} + done;
wire [26:0]   rows     = {14'd0, place} >> LB;

// Rows: those of a piece are left all together, those of a strip one by one with its last destination
wire [12:0]   in_rows  = (done + ({4'd0, beat} << strip[`BS_DW])) >> LB;

// Any other strip

wire peri = strip[`BS_PERI];
wire q    = phase || !strip[`BS_USE_P];

reg [5:0] first_d;
reg [5:0] last_d;

always @(*) begin
	first_d = q ? strip[`BS_QDO] : strip[`BS_DO];
	last_d  = q ? strip[`BS_QEO] : strip[`BS_EO];
	if (peri) begin
		first_d = 6'd0;
		last_d = 6'd0;
		first_d[LB-1:0] = t_lane;
		last_d[LB-1:0] = end_lane;
	end
end

assign dest_q     = !peri && q;
assign addr       = peri ? t : q ? strip[`BS_QD] : pd;
assign beats      = !peri ? (q ? strip[`BS_QROWS] : strip[`BS_PROWS]) : strip[`BS_NARROW] ? moves[8:0] : span[LB +: 9];
assign more       = peri ? m != rest : strip[`BS_USE_P] && strip[`BS_USE_Q] && !phase && !strip[`BS_CHECK];
assign next_done  = done + m;
assign first_lane = first_d;
assign last_lane  = last_d;
assign row        = peri ? (strip[`BS_NARROW] ? {3'd0, in_rows} : {7'd0, rows[8:0] + beat}) : more ? {7'd0, beat} : 16'd0;
assign narrow     = strip[`BS_NARROW];
assign size       = strip[`BS_NARROW] ? strip[`BS_DW] : LB_32[2:0];
assign fixed      = peri && mode == FIXED;

wire unused = &{1'b0, strip, span, moves, rows, LB_32};

endmodule
