// SPDX-License-Identifier: MIT
// pqdma_check - from the words of a descriptor that arrives to a checked descriptor
//
// Wires only. The first check that fails gives the code; then the source is the address that is reported.
`default_nettype none
`include "pqdma_regs.vh"
`include "pqdma_bundles.vh"

module pqdma_check #(
	parameter DATA_W         = 128,
	parameter STRIP_BYTES    = 1024,
	parameter [31:0] SOURCES = 16,
	parameter [31:0] LINES   = 4,
	parameter WITH_PQ        = 1
) (
	input  wire [447:0]     words,
	input  wire             compact,
	input  wire [63:0]      addr,
	input  wire             error,      // reading it failed
	input  wire             decerr,
	output wire [`BD_W-1:0] data,
	output wire [63:0]      link
);

localparam [5:0] MOST      = SOURCES[5:0];
localparam [7:0] FLAGS_ALL = `PQDMA_FLAG_IRQ | `PQDMA_FLAG_FENCE | `PQDMA_FLAG_WB;
localparam [7:0] FLAGS_OFF = `PQDMA_FLAG_P_OFF | `PQDMA_FLAG_Q_OFF;

// Fields

wire [7:0]  op     = words[7:0];
wire [7:0]  flags  = words[15:8];
wire [15:0] tag    = words[31:16];
wire [31:0] length = words[63:32];
wire [63:0] src    = words[127:64];
wire [63:0] dst    = words[191:128];
wire [63:0] dst2   = words[319:256];
wire [5:0]  k      = words[389:384];
wire [31:0] rows   = words[351:320];
wire        two_d  = |(flags & `PQDMA_FLAG_TWO_D);
wire        peri   = |(flags & `PQDMA_FLAG_PERI);
wire        moves  = op >= `PQDMA_OP_COPY;
wire        tabled = op >= `PQDMA_OP_XOR;
wire        is_pq  = op == `PQDMA_OP_PQ || op == `PQDMA_OP_MATRIX;
wire        may_pq = is_pq || op == `PQDMA_OP_PQ_VAL;
wire        bad_width;

wire [19:0] settings = {words[414:412], words[411:410], words[409:408], words[406:404],
			words[402:400], words[398], words[397], words[396:392]};

pqdma_widths #(
	.LINES       (LINES),
	.DATA_W      (DATA_W),
	.STRIP_BYTES (STRIP_BYTES)
) u_widths (
	.settings (settings),
	.src      (src[5:0]),
	.dst      (dst[5:0]),
	.length   (length[5:0]),
	.bad      (bad_width)
);

// Judgement

wire [7:0] fetch_code = decerr ? `PQDMA_ERR_FETCH_DECERR : `PQDMA_ERR_FETCH_SLVERR;

reg [7:0] flags_known;      // flags that mean something for this operation
reg [7:0] check_code;

always @(*) begin
	flags_known = FLAGS_ALL;
	if (is_pq || op == `PQDMA_OP_XOR)
		flags_known = flags_known | `PQDMA_FLAG_CONT;
	if (may_pq)
		flags_known = flags_known | FLAGS_OFF;
	if ((op == `PQDMA_OP_COPY || op == `PQDMA_OP_FILL) && !compact)
		flags_known = flags_known | `PQDMA_FLAG_TWO_D;
	if (op == `PQDMA_OP_COPY && !compact && !two_d)
		flags_known = flags_known | `PQDMA_FLAG_PERI;
end

always @(*) begin
	check_code = `PQDMA_ERR_NONE;
	if (op > (compact ? `PQDMA_OP_FILL : WITH_PQ != 0 ? `PQDMA_OP_MATRIX : `PQDMA_OP_XOR_VAL))
		check_code = `PQDMA_ERR_BAD_OP;
	else if ((flags & ~flags_known) != 8'd0 || (flags & FLAGS_OFF) == FLAGS_OFF)
		check_code = `PQDMA_ERR_BAD_FLAGS;
	else if (moves == (length == 32'd0) || (two_d && rows == 32'd0))
		check_code = `PQDMA_ERR_BAD_LENGTH;
	else if (tabled && (k == 6'd0 || k > MOST || src[5:0] != 6'd0))
		check_code = `PQDMA_ERR_BAD_SOURCES;
	else if (peri && bad_width)
		check_code = `PQDMA_ERR_BAD_WIDTH;
end

// Result

reg [`BD_W-1:0] data_d;

always @(*) begin
	data_d = {`BD_W{1'b0}};
	data_d[`BD_ROWS] = 32'd1;
	data_d[`BD_DESC] = addr;
	data_d[`BD_SRC]  = addr;
	if (error) begin
		data_d[`BD_CODE] = fetch_code;
	end else begin
		data_d[`BD_CODE]  = check_code;
		data_d[`BD_OP]    = op;
		data_d[`BD_FLAGS] = flags;
		data_d[`BD_TAG]   = tag;
		data_d[`BD_LEFT]  = length;
		data_d[`BD_DST]   = dst;
		data_d[`BD_DST2]  = dst2;
		data_d[`BD_K]     = k;
		data_d[`BD_ROWS]  = two_d ? rows : 32'd1;
		if (check_code == `PQDMA_ERR_NONE) begin
			data_d[`BD_SRC]  = src;
			data_d[`BD_PERI] = peri;
			if (peri)
				data_d[385:366] = settings;
		end
	end
end

assign data = data_d;
assign link = words[255:192];

// Words 5 and 6 have bits that no operation uses.
wire unused = &{1'b0, words};

endmodule
