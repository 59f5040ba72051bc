// SPDX-License-Identifier: MIT
// pqdma_strip - cuts descriptors into strips
//
// In each clock one eligible channel is chosen and one strip of its current descriptor is taken, if there is room for all that
// the strip will ever need: a strip credit until its last acknowledge, rows of the buffer, places for its reads.
//
//      limit     |               |               |      strips end at multiples of the limit in the
//      dst   ....dddd|dddddddddddddddd|ddddddd          destination; their reads are cut once more at
//      src   ......ss|sssssssssssssssss|ssssss          multiples of the limit in the source
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
	input  wire [CHANNELS*4-1:0]      burst,
	output wire [CHANNELS-1:0]        take,
	output wire                       take_last,
	output wire [12:0]                take_bytes,

	// Room for reads: AR can be loaded now, two words are free in the read queue
	input  wire                       read_ready,
	input  wire                       second_pending,

	// The strip, in the clock of `taken`
	output wire                       taken,
	output wire [`BS_W-1:0]           strip,

	// Its reads, in the clock of `read` (taken, and of kind data)
	output wire                       read,
	output wire [63:0]                read_addr,      // of the first byte
	output wire [8:0]                 read_beats,
	output wire [$clog2(DATA_W/8)-1:0] read_last_lane,
	output wire                       second,         // there is a second read
	output wire [63:0]                second_addr,
	output wire [8:0]                 second_beats,
	output wire [$clog2(DATA_W/8)-1:0] second_last_lane,
	output wire [$clog2(DATA_W/8)-1:0] rotate,        // from source lane to destination lane
	output wire [ROW_W-1:0]           base,           // row of source lane 0, before rotation carries

	// Returned room
	input  wire [8:0]                 rows_released,
	input  wire                       strip_released
);

localparam BYTES      = DATA_W / 8;
localparam LB         = $clog2(BYTES);
localparam STRIP_LOG2 = $clog2(STRIP_BYTES);

localparam [6:0]     STRIPS_MAX = STRIPS[6:0];
localparam [ROW_W-1:0] ROW_ONE  = 1;
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
	.grant   (taken),
	.any     (any),
	.choice  (choice),
	.index   (index)
);

reg [`BD_W-1:0] d;
reg [3:0]       d_burst;
integer         c;

always @(*) begin
	d = {`BD_W{1'b0}};
	d_burst = 4'd0;
	for (c = 0; c < CHANNELS; c = c + 1)
		if (choice[c]) begin
			d = d | cur[c*`BD_W +: `BD_W];
			d_burst = d_burst | burst[c*4 +: 4];
		end
end

wire [7:0]  op    = d[`BD_OP];
wire [63:0] src   = d[`BD_SRC];
wire [63:0] dst   = d[`BD_DST];
wire [31:0] left  = d[`BD_LEFT];
wire [7:0]  flags = d[`BD_FLAGS];

// The strip

wire       moves = d[`BD_CODE] == 8'd0 && (op == `PQDMA_OP_COPY || op == `PQDMA_OP_FILL);
wire [1:0] kind  = !moves ? `BS_NONE : op == `PQDMA_OP_FILL ? `BS_FILL : `BS_DATA;
wire       data  = moves && op != `PQDMA_OP_FILL;

wire [4:0]  burst_log2 = {1'b0, d_burst} + LB_5;
wire [4:0]  limit_log2 = burst_log2 < STRIP_5 ? burst_log2 : STRIP_5;
wire [12:0] limit      = 13'd1 << limit_log2;
wire [12:0] mask       = limit - 13'd1;
wire [12:0] dst_edge   = limit - (dst[12:0] & mask);
wire [12:0] src_edge   = limit - (src[12:0] & mask);

wire [12:0] bytes = left < {19'd0, dst_edge} ? left[12:0] : dst_edge;
wire [12:0] n     = moves ? bytes : 13'd0;
wire        last  = !moves || left == {19'd0, n};

wire [LB-1:0] dst_lane = dst[LB-1:0];
wire [LB-1:0] src_lane = src[LB-1:0];
wire [LB-1:0] n_lane   = n[LB-1:0];
wire [14:0]   dst_span = {{15-LB{1'b0}}, dst_lane} + {2'd0, n} + ROUND;
wire [8:0]    rows     = dst_span[LB +: 9];

// The reads of the strip

wire [12:0]   n1         = n < src_edge ? n : src_edge;
wire [12:0]   n2         = n - n1;
wire [14:0]   src_span   = {{15-LB{1'b0}}, src_lane} + {2'd0, n1} + ROUND;
wire [14:0]   src2_span  = {2'd0, n2} + ROUND;
wire [LB-1:0] one        = {{LB-1{1'b0}}, 1'b1};

// Room

wire [15:0]      rows_ext = {7'd0, rows};
wire [15:0]      released_ext = {7'd0, rows_released};
wire [ROW_W:0]   rows_w     = rows_ext[ROW_W:0];
wire [ROW_W:0]   released_w = released_ext[ROW_W:0];
wire [ROW_W+1:0] rows_sum   = {1'b0, rows_used_q} + {1'b0, rows_w};
wire             rows_fit   = rows_sum <= {1'b0, ROWS_MAX};

assign taken = any && strips_q < STRIPS_MAX && !second_pending && (!data || (rows_fit && read_ready));

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

always @(*) begin
	strip_d = {`BS_W{1'b0}};
	strip_d[`BS_CHAN] = index;
	strip_d[`BS_KIND] = kind;
	strip_d[`BS_CODE] = d[`BD_CODE];
	strip_d[`BS_ROWS] = moves ? rows : 9'd0;
	strip_d[23 +: LB] = dst_lane;
	strip_d[29 +: LB] = dst_lane + n_lane - one;
	strip_d[`BS_N]    = n;
	strip_d[`BS_LAST] = last;
	strip_d[`BS_WB]   = |(flags & `PQDMA_FLAG_WB);
	strip_d[`BS_IRQ]  = |(flags & `PQDMA_FLAG_IRQ) || op == `PQDMA_OP_INTERRUPT;
	strip_d[`BS_TAG]  = d[`BD_TAG];
	strip_d[`BS_DST]  = dst;
	strip_d[`BS_DESC] = d[`BD_DESC];
	strip_d[`BS_PAT]  = src;
end

assign strip            = strip_d;
assign take             = taken ? choice : {CHANNELS{1'b0}};
assign take_last        = last;
assign take_bytes       = n;
assign read             = taken && data;
assign read_addr        = src;
assign read_beats       = src_span[LB +: 9];
assign read_last_lane   = src_lane + n1[LB-1:0] - one;
assign second           = n2 != 13'd0;
assign second_addr      = src + {51'd0, n1};
assign second_beats     = src2_span[LB +: 9];
assign second_last_lane = src_lane + n_lane - one;
assign rotate           = dst_lane - src_lane;
assign base             = row_alloc_q - (dst_lane < src_lane ? ROW_ONE : {ROW_W{1'b0}});

// The span bits below a beat round away; high bits of row counts are 0 by the parameter rules.
wire unused = &{1'b0, rows_ext, released_ext, dst_span, src_span, src2_span};

endmodule
