// SPDX-License-Identifier: MIT
// pqdma_seq - makes the reads of a strip, one after the other
//
// The sources of a strip are, in this order: the one source of a copy, or the entries of the source table; then the old P and the old Q,
// where they take part. Each source is one read, or more if it crosses edges or is a peripheral that counts down. The first read of a
// strip is offered in the clock in which the strip is taken, the others from registers.
`default_nettype none
`include "pqdma_bundles.vh"

module pqdma_seq #(
	parameter DATA_W = 128,
	parameter ROW_W  = 8,
	parameter SLOT_W = 5
) (
	input  wire                        clk,
	input  wire                        rst_n,

	// A strip with reads is taken
	input  wire                        start,
	input  wire [`BX_W-1:0]            job,
	input  wire [ROW_W-1:0]            first_row,
	input  wire [SLOT_W-1:0]           slot,
	output wire                        busy,           // reads are left from an earlier clock
	output wire [3:0]                  busy_chan,
	output wire                        busy_set,

	// The source table
	output wire [3:0]                  table_chan,
	output wire                        table_set,
	output wire [4:0]                  table_entry,
	input  wire [63:0]                 table_addr,
	input  wire [7:0]                  table_a,
	input  wire [7:0]                  table_b,

	// The read that is offered; it is made in a clock with `ready` (or `start`, which implies it)
	input  wire                        ready,
	output wire                        offer,
	output wire [63:0]                 read_addr,
	output wire [8:0]                  read_beats,
	output wire                        read_narrow,    // beats of 1 << read_size bytes
	output wire                        read_fixed,     // at one address
	output wire [2:0]                  read_size,
	output wire [SLOT_W-1:0]           read_slot,
	output wire [$clog2(DATA_W/8)-1:0] read_first_lane,
	output wire [$clog2(DATA_W/8)-1:0] read_last_lane,
	output wire                        read_final,     // the strip's last read
	output wire                        read_fresh,     // of the strip's first source
	output wire [7:0]                  read_a,
	output wire [7:0]                  read_b,
	output wire [ROW_W-1:0]            read_row,       // where its first byte goes: P, Q
	output wire [$clog2(DATA_W/8)-1:0] read_lane,
	output wire [ROW_W-1:0]            read_qrow,
	output wire [$clog2(DATA_W/8)-1:0] read_qlane
);

localparam BYTES = DATA_W / 8;
localparam LB    = $clog2(BYTES);

localparam [31:0] LB_32  = LB;
localparam [14:0] ROUND  = {{15-LB{1'b0}}, {LB{1'b1}}};
localparam [1:0]  INCR   = 2'd0;
localparam [1:0]  FIXED  = 2'd1;

// State

reg              busy_q;
reg [`BX_W-1:0]  job_q;
reg [ROW_W-1:0]  first_row_q;
reg [SLOT_W-1:0] slot_q;
reg [5:0]        index_q;       // source
reg [12:0]       done_q;        // bytes of it that are requested

// The strip and the place in it

wire [`BX_W-1:0] x     = busy_q ? job_q : job;
wire [ROW_W-1:0] row   = busy_q ? first_row_q : first_row;
wire [5:0]       index = busy_q ? index_q : 6'd0;
wire [12:0]      done  = busy_q ? done_q : 13'd0;

wire [5:0]  k      = x[`BX_K];
wire        old_p  = x[`BX_OLD_P];
wire        old_q  = x[`BX_OLD_Q];
wire [5:0]  total  = k + {5'd0, old_p} + {5'd0, old_q};
wire        is_old = index >= k;
wire        is_p   = is_old && old_p && index == k;
wire [12:0] n      = x[`BX_N];
wire [12:0] limit  = x[`BX_LIMIT];
wire        narrow = x[`BX_NARROW];
wire [1:0]  mode   = narrow ? x[`BX_SMODE] : INCR;
wire [2:0]  size   = narrow ? x[`BX_SW] : LB_32[2:0];

// The source

reg [63:0] s;
reg [7:0]  a;
reg [7:0]  b;

always @(*) begin
	s = x[`BX_SRC];
	a = 8'd1;
	b = 8'd0;
	if (is_p) begin
		s = x[`BX_PD];
	end else if (is_old) begin
		s = x[`BX_QD];
		a = 8'd0;
		b = 8'd1;
	end else if (x[`BX_TABLE]) begin
		s = table_addr + {32'd0, x[`BX_POS]};
		if (x[`BX_A_TAB])
			a = table_a;
		if (x[`BX_B_TAB])
			b = table_b;
	end
end

// The read: m bytes at t

wire [63:0]   done_64 = {51'd0, done};
wire [63:0]   t       = mode == INCR ? s + done_64 : mode == FIXED ? s : s - done_64;
wire [12:0]   rest    = n - done;
wire [12:0]   to_edge = limit - (t[12:0] & (limit - 13'd1));
wire [12:0]   up      = rest < to_edge ? rest : to_edge;
wire [12:0]   m       = mode == INCR ? up : mode == FIXED ? rest : 13'd1 << size;
wire [LB-1:0] t_lane  = t[LB-1:0];
wire [LB-1:0] one     = {{LB-1{1'b0}}, 1'b1};
wire [14:0]   span    = {{15-LB{1'b0}}, t_lane} + {2'd0, m} + ROUND;
wire [12:0]   moves   = m >> size;

wire last_source = index + 6'd1 == total;
wire source_done = m == rest;
wire last_read   = last_source && source_done;
wire made        = start || (busy_q && ready);

// Where its first byte goes

wire [5:0]  p_do     = x[`BX_DO];
wire [5:0]  q_do     = x[`BX_QDO];
wire [12:0] p_place  = {7'd0, p_do} + done;
wire [12:0] q_place  = {7'd0, q_do} + done;
wire [26:0] p_rows   = {14'd0, p_place} >> LB;
wire [26:0] q_rows   = {14'd0, q_place} >> LB;

// Registers

always @(posedge clk) begin
	if (!rst_n)
		busy_q <= 1'b0;
	else if (made)
		busy_q <= !last_read;
end

always @(posedge clk) begin
	if (start) begin
		job_q       <= job;
		first_row_q <= first_row;
		slot_q      <= slot;
	end
	if (made) begin
		done_q  <= source_done ? 13'd0 : done + m;
		index_q <= source_done ? index + 6'd1 : index;
	end
end

// Outputs

assign busy            = busy_q;
assign busy_chan       = job_q[`BX_CHAN];
assign busy_set        = job_q[`BX_SET];
assign table_chan      = x[`BX_CHAN];
assign table_set       = x[`BX_SET];
assign table_entry     = index[4:0];
assign offer           = busy_q;
assign read_addr       = narrow ? t : {t[63:LB], {LB{1'b0}}};
assign read_beats      = narrow ? moves[8:0] : span[LB +: 9];
assign read_narrow     = narrow;
assign read_fixed      = mode == FIXED;
assign read_size       = size;
assign read_slot       = busy_q ? slot_q : slot;
assign read_first_lane = t_lane;
assign read_last_lane  = t_lane + m[LB-1:0] - one;
assign read_final      = last_read;
assign read_fresh      = index == 6'd0;
assign read_a          = a;
assign read_b          = b;
assign read_row        = row + p_rows[ROW_W-1:0];
assign read_lane       = p_place[LB-1:0];
assign read_qrow       = row + q_rows[ROW_W-1:0];
assign read_qlane      = q_place[LB-1:0];

wire unused = &{1'b0, span, moves, p_rows, q_rows, LB_32};

endmodule
