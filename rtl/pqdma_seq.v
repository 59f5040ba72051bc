// SPDX-License-Identifier: MIT
// pqdma_seq - makes the reads of a strip, one after the other
//
// The sources of a strip are, in this order: the one source of a copy, or the entries of the source table; then the old P and the old Q,
// where they take part. Each source is one read, or two if it crosses an edge. The first read of a strip is offered in the clock in
// which the strip is taken, the others from registers.
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
	output wire [SLOT_W-1:0]           read_slot,
	output wire [$clog2(DATA_W/8)-1:0] read_first_lane,
	output wire [$clog2(DATA_W/8)-1:0] read_last_lane,
	output wire                        read_final,     // the strip's last read
	output wire                        read_fresh,     // of the strip's first source
	output wire [7:0]                  read_a,
	output wire [7:0]                  read_b,
	output wire [$clog2(DATA_W/8)-1:0] read_rot,       // from source lane to lane of P
	output wire [ROW_W-1:0]            read_base,      // row of P before rotation carries
	output wire [$clog2(DATA_W/8)-1:0] read_qrot,
	output wire [ROW_W-1:0]            read_qbase
);

localparam BYTES = DATA_W / 8;
localparam LB    = $clog2(BYTES);

localparam [14:0]      ROUND   = {{15-LB{1'b0}}, {LB{1'b1}}};
localparam [ROW_W-1:0] ROW_ONE = 1;
localparam [ROW_W-1:0] ROW_0   = 0;

// State

reg              busy_q;
reg [`BX_W-1:0]  job_q;
reg [ROW_W-1:0]  first_row_q;
reg [SLOT_W-1:0] slot_q;
reg [5:0]        index_q;       // source
reg              half_q;        // its second read

// The strip and the place in it

wire [`BX_W-1:0] x     = busy_q ? job_q : job;
wire [ROW_W-1:0] row   = busy_q ? first_row_q : first_row;
wire [5:0]       index = busy_q ? index_q : 6'd0;
wire             half  = busy_q && half_q;

wire [5:0]  k      = x[`BX_K];
wire        old_p  = x[`BX_OLD_P];
wire        old_q  = x[`BX_OLD_Q];
wire [5:0]  total  = k + {5'd0, old_p} + {5'd0, old_q};
wire        is_old = index >= k;
wire        is_p   = is_old && old_p && index == k;
wire [63:0] pd     = x[`BX_PD];
wire [63:0] qd     = x[`BX_QD];
wire [12:0] n      = x[`BX_N];
wire [12:0] limit  = x[`BX_LIMIT];

// The source

reg [63:0] s;
reg [7:0]  a;
reg [7:0]  b;

always @(*) begin
	s = x[`BX_SRC];
	a = 8'd1;
	b = 8'd0;
	if (is_p) begin
		s = pd;
	end else if (is_old) begin
		s = qd;
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

// Its reads

wire [12:0]   to_edge = limit - (s[12:0] & (limit - 13'd1));
wire          crosses = n > to_edge;
wire [12:0]   n1      = crosses ? to_edge : n;
wire [12:0]   n2      = n - n1;
wire [LB-1:0] s_lane  = s[LB-1:0];
wire [LB-1:0] p_lane  = pd[LB-1:0];
wire [LB-1:0] q_lane  = qd[LB-1:0];
wire [LB-1:0] one     = {{LB-1{1'b0}}, 1'b1};
wire [14:0]   span1   = {{15-LB{1'b0}}, s_lane} + {2'd0, n1} + ROUND;
wire [14:0]   span2   = {2'd0, n2} + ROUND;
wire [15:0]   beats1  = {7'd0, span1[LB +: 9]};
wire [63:0]   s2      = s + {51'd0, n1};

wire last_source = index + 6'd1 == total;
wire last_read   = last_source && (half || !crosses);
wire made        = start || (busy_q && ready);

wire [ROW_W-1:0] row_half = row + (half ? beats1[ROW_W-1:0] : ROW_0);

// Registers

always @(posedge clk) begin
	if (!rst_n)
		busy_q <= 1'b0;
	else if (made)
		busy_q <= !last_read;
end

always @(posedge clk) begin
	if (start) begin
		job_q   <= job;
		first_row_q <= first_row;
		slot_q      <= slot;
	end
	if (made) begin
		half_q  <= crosses && !half;
		index_q <= crosses && !half ? index : index + 6'd1;
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
assign read_addr       = half ? s2 : {s[63:LB], {LB{1'b0}}};
assign read_beats      = half ? span2[LB +: 9] : span1[LB +: 9];
assign read_slot       = busy_q ? slot_q : slot;
assign read_first_lane = half ? {LB{1'b0}} : s_lane;
assign read_last_lane  = s_lane + (half ? n[LB-1:0] : n1[LB-1:0]) - one;
assign read_final      = last_read;
assign read_fresh      = index == 6'd0;
assign read_a          = a;
assign read_b          = b;
assign read_rot        = p_lane - s_lane;
assign read_base       = row_half - (p_lane < s_lane ? ROW_ONE : ROW_0);
assign read_qrot       = q_lane - s_lane;
assign read_qbase      = row_half - (q_lane < s_lane ? ROW_ONE : ROW_0);

wire unused = &{1'b0, span1, span2, beats1};

endmodule
