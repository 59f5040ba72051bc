// SPDX-License-Identifier: MIT
// pqdma_strip - cuts descriptors into strips
//
// In each clock one eligible channel is chosen and one strip of its current descriptor is taken, if there is room for all that
// the strip will ever need: a strip credit until its last acknowledge, rows of the buffer, places for its reads.
//
//      dst   ....dddd|dddddddddddddddd|ddddddd      strips end at multiples of the limit in each destination;
//      src   ......ss|ssssssssssssss|ssssssss       their reads are cut at multiples of the limit in the source
`default_nettype none
`include "pqdma_regs.vh"
`include "pqdma_bundles.vh"

module pqdma_strip #(
	parameter CHANNELS    = 4,
	parameter DATA_W      = 128,
	parameter STRIP_BYTES = 1024,
	parameter [31:0] STRIPS = 32,
	parameter ROW_W       = 8   // log2 of the rows of the buffer
) (
	input  wire                       clk,
	input  wire                       rst_n,

	// Current descriptors, one bit or one bundle a channel
	input  wire [CHANNELS-1:0]        eligible,
	input  wire [CHANNELS*`BD_W-1:0]  cur,
	input  wire [CHANNELS*32-1:0]     cur_pos,
	input  wire [CHANNELS-1:0]        cur_set,
	input  wire [CHANNELS*4-1:0]      burst,
	input  wire [CHANNELS-1:0]        compact,
	input  wire [CHANNELS*11-1:0]     piece,          // of a peripheral: bytes of the next piece
	input  wire [CHANNELS-1:0]        piece_last,
	input  wire [CHANNELS*2-1:0]      class_of,
	input  wire [CHANNELS*4-1:0]      weight,
	output wire [CHANNELS-1:0]        take,
	output wire                       take_last,
	output wire [12:0]                take_bytes,
	output wire                       take_row,       // the strip ends a row that is not the last

	// The strip, in the clock of `taken`
	output wire                       taken,
	output wire [`BS_W-1:0]           strip,

	// What its reads need; `read` is high with `taken` if there are any
	input  wire                       seq_free,       // no reads of an earlier strip are left
	input  wire                       read_ready,     // the first one can be made now
	input  wire                       read_full,
	output wire                       no_room,        // a strip waits for credits, buffer or read queue
	output wire                       read,
	output wire [`BX_W-1:0]           job,
	output wire [ROW_W-1:0]           first_row,

	// Returned room
	input  wire [8:0]                 rows_released,
	input  wire                       strip_released
);

localparam BYTES      = DATA_W / 8;
localparam LB         = $clog2(BYTES);
localparam STRIP_LOG2 = $clog2(STRIP_BYTES);

localparam [6:0]     STRIPS_MAX = STRIPS[6:0];
localparam [ROW_W:0] ROWS_MAX   = {1'b1, {ROW_W{1'b0}}};
localparam [31:0]    LB_32      = LB;
localparam [31:0]    STRIP_32   = STRIP_LOG2;
localparam [4:0]     LB_5       = LB_32[4:0];
localparam [4:0]     STRIP_5    = STRIP_32[4:0];
localparam [14:0]    ROUND      = {{15-LB{1'b0}}, {LB{1'b1}}};

// State

reg [6:0]       strips_q;       // taken and not finally acknowledged
reg [ROW_W:0]   rows_used_q;
reg [ROW_W-1:0] row_alloc_q;    // next row to be given out

// Choice

wire [CHANNELS-1:0] choice;
wire [3:0]          index;
wire                any;

pqdma_arb #(.N(CHANNELS)) u_arb (
	.clk     (clk),
	.rst_n   (rst_n),
	.request (eligible),
	.class_of (class_of),
	.weight  (weight),
	.grant   (taken),
	.any     (any),
	.choice  (choice),
	.index   (index)
);

reg [`BD_W-1:0] d;
reg [31:0]      d_pos;
reg [3:0]       d_burst;
reg [10:0]      d_piece;
integer         c;

always @(*) begin
	d = {`BD_W{1'b0}};
	d_pos = 32'd0;
	d_burst = 4'd0;
	d_piece = 11'd0;
	for (c = 0; c < CHANNELS; c = c + 1)
		if (choice[c]) begin
			d = d | cur[c*`BD_W +: `BD_W];
			d_pos = d_pos | cur_pos[c*32 +: 32];
			d_burst = d_burst | burst[c*4 +: 4];
			d_piece = d_piece | piece[c*11 +: 11];
		end
end

wire [7:0]  op    = d[`BD_OP];
wire [63:0] dst   = d[`BD_DST];
wire [63:0] dst2  = d[`BD_DST2];
wire [31:0] left  = d[`BD_LEFT];
wire [7:0]  flags = d[`BD_FLAGS];

// What is to be done

wire moves = d[`BD_CODE] == `PQDMA_ERR_NONE && op >= `PQDMA_OP_COPY;
wire fill  = op == `PQDMA_OP_FILL;
wire data  = moves && !fill;
wire is_pq = op >= `PQDMA_OP_PQ;
wire use_q = is_pq && !(|(flags & `PQDMA_FLAG_Q_OFF));
wire use_p = !is_pq || !(|(flags & `PQDMA_FLAG_P_OFF));
wire check = op == `PQDMA_OP_XOR_VAL || op == `PQDMA_OP_PQ_VAL;
wire old   = check || |(flags & `PQDMA_FLAG_CONT);

wire peri   = data && d[`BD_PERI];
wire narrow = peri && (d[`BD_DMODE] != 2'd0 || {2'd0, d[`BD_DW]} != LB_5);
wire from   = peri && (d[`BD_SMODE] != 2'd0 || {2'd0, d[`BD_SW]} != LB_5);

wire [1:0]  kind = !moves ? `BS_NONE : fill ? `BS_FILL : `BS_DATA;
wire [63:0] pd   = use_p ? dst : dst2;
wire [63:0] qd   = use_q ? dst2 : dst;

// The strip: up to the next edge of either destination

wire [4:0]  burst_log2 = {1'b0, d_burst} + LB_5;
wire [4:0]  limit_log2 = burst_log2 < STRIP_5 ? burst_log2 : STRIP_5;
wire [12:0] limit      = 13'd1 << limit_log2;
wire [12:0] mask       = limit - 13'd1;
wire [12:0] p_edge     = limit - (pd[12:0] & mask);
wire [12:0] q_edge     = limit - (qd[12:0] & mask);
wire [12:0] edge_bytes = p_edge < q_edge ? p_edge : q_edge;

wire [12:0] bytes = peri ? {2'd0, d_piece} : left < {19'd0, edge_bytes} ? left[12:0] : edge_bytes;
wire [12:0] n     = moves ? bytes : 13'd0;
wire        ends  = left == {19'd0, n};
wire        last  = !moves || (peri ? |(choice & piece_last) : ends && d[`BD_ROWS] == 32'd1);

// The bytes for a narrow destination are packed from lane 0 on
wire [LB-1:0] p_lane = narrow ? {LB{1'b0}} : pd[LB-1:0];
wire [LB-1:0] q_lane = narrow ? {LB{1'b0}} : qd[LB-1:0];
wire [LB-1:0] n_lane = n[LB-1:0];
wire [LB-1:0] one    = {{LB-1{1'b0}}, 1'b1};
wire [14:0]   p_span = {{15-LB{1'b0}}, p_lane} + {2'd0, n} + ROUND;
wire [14:0]   q_span = {{15-LB{1'b0}}, q_lane} + {2'd0, n} + ROUND;
wire [8:0]    p_rows = p_span[LB +: 9];
wire [8:0]    q_rows = q_span[LB +: 9];
wire [8:0]    rows   = p_rows > q_rows ? p_rows : q_rows;

// Room

wire [15:0]      rows_ext = {7'd0, rows};
wire [15:0]      released_ext = {7'd0, rows_released};
wire [ROW_W:0]   rows_w     = rows_ext[ROW_W:0];
wire [ROW_W:0]   released_w = released_ext[ROW_W:0];
wire [ROW_W+1:0] rows_sum   = {1'b0, rows_used_q} + {1'b0, rows_w};
wire             rows_fit   = rows_sum <= {1'b0, ROWS_MAX};

assign taken = any && strips_q < STRIPS_MAX && seq_free && (!data || (rows_fit && read_ready));

// Registers

always @(posedge clk) begin
	if (!rst_n) begin
		strips_q    <= 7'd0;
		rows_used_q <= {ROW_W+1{1'b0}};
		row_alloc_q <= {ROW_W{1'b0}};
	end else begin
		strips_q    <= strips_q + {6'd0, taken} - {6'd0, strip_released};
		rows_used_q <= rows_used_q + (read ? rows_w : {ROW_W+1{1'b0}}) - released_w;
		if (read)
			row_alloc_q <= row_alloc_q + rows_w[ROW_W-1:0];
	end
end

// Outputs

reg [`BS_W-1:0] strip_d;
reg [`BX_W-1:0] job_d;

always @(*) begin
	strip_d = {`BS_W{1'b0}};
	strip_d[`BS_CHAN]  = index;
	strip_d[`BS_KIND]  = kind;
	strip_d[`BS_CODE]  = d[`BD_CODE];
	strip_d[`BS_USE_P] = use_p;
	strip_d[`BS_USE_Q] = use_q;
	strip_d[`BS_CHECK] = check;
	strip_d[`BS_PROWS] = moves ? p_rows : 9'd0;
	strip_d[`BS_QROWS] = moves ? q_rows : 9'd0;
	strip_d[`BS_ROWS]  = moves ? rows : 9'd0;
	strip_d[44 +: LB]  = p_lane;
	strip_d[50 +: LB]  = p_lane + n_lane - one;
	strip_d[56 +: LB]  = q_lane;
	strip_d[62 +: LB]  = q_lane + n_lane - one;
	strip_d[`BS_N]     = n;
	strip_d[`BS_LAST]  = last;
	strip_d[`BS_WB]    = |(flags & `PQDMA_FLAG_WB);
	strip_d[`BS_IRQ]   = |(flags & `PQDMA_FLAG_IRQ) || op == `PQDMA_OP_INTERRUPT;
	strip_d[`BS_TAG]   = d[`BD_TAG];
	strip_d[`BS_PD]    = pd;
	strip_d[`BS_QD]    = qd;
	strip_d[`BS_DESC]  = d[`BD_DESC];
	strip_d[`BS_PAT]   = d[`BD_SRC];
	strip_d[`BS_SMALL] = |(choice & compact);
	strip_d[`BS_PERI]  = peri;
	strip_d[`BS_PACED] = peri && d[`BD_PACED];
	strip_d[`BS_LINE]  = d[`BD_LINE];
	strip_d[`BS_NARROW] = narrow;
	strip_d[`BS_DW]    = d[`BD_DW];
	strip_d[`BS_DMODE] = d[`BD_DMODE];
	strip_d[`BS_LIMIT] = limit;
end

always @(*) begin
	job_d = {`BX_W{1'b0}};
	job_d[`BX_CHAN]  = index;
	job_d[`BX_SET]   = |(choice & cur_set);
	job_d[`BX_TABLE] = op != `PQDMA_OP_COPY;
	job_d[`BX_A_TAB] = op == `PQDMA_OP_MATRIX;
	job_d[`BX_B_TAB] = is_pq;
	job_d[`BX_OLD_P] = old && use_p;
	job_d[`BX_OLD_Q] = old && use_q;
	job_d[`BX_K]     = op == `PQDMA_OP_COPY ? 6'd1 : d[`BD_K];
	job_d[`BX_SRC]   = d[`BD_SRC];
	job_d[`BX_POS]   = d_pos;
	job_d[`BX_PD]    = pd;
	job_d[`BX_QD]    = qd;
	job_d[`BX_N]     = n;
	job_d[`BX_LIMIT] = limit;
	job_d[`BX_NARROW] = from;
	job_d[`BX_SW]    = d[`BD_SW];
	job_d[`BX_SMODE] = d[`BD_SMODE];
	job_d[272 +: LB] = p_lane;
	job_d[278 +: LB] = q_lane;
end

assign strip      = strip_d;
assign take       = taken ? choice : {CHANNELS{1'b0}};
assign take_last  = last;
assign take_bytes = n;
assign take_row   = moves && !peri && ends && !last;
assign no_room    = any && seq_free && (strips_q == STRIPS_MAX || (data && (!rows_fit || read_full)));
assign read       = taken && data;
assign job    = job_d;
assign first_row  = row_alloc_q;

// The span bits below a beat round away; high bits of row counts are 0 by the parameter rules.
wire unused = &{1'b0, rows_ext, released_ext, p_span, q_span};

endmodule
