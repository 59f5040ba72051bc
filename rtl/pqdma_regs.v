// SPDX-License-Identifier: MIT
// pqdma_regs - register decode and the global page
//
// Page 0 is global, page c+1 belongs to channel c. Everything else has no register.
`default_nettype none
`include "pqdma_regs.vh"

module pqdma_regs #(
	parameter [31:0] CHANNELS    = 4,
	parameter        DATA_W      = 128,
	parameter        STRIP_BYTES = 1024,
	parameter        BUF_BYTES   = 4096,
	parameter [31:0] STRIPS      = 32,
	parameter [31:0] READS       = 16,
	parameter [31:0] DESCS       = 32,
	parameter [31:0] SOURCES     = 16,
	parameter [31:0] LINES       = 4,
	parameter        WITH_DESC_PORT = 0,
	parameter        WITH_PQ     = 1
) (
	input  wire                   clk,
	input  wire                   rst_n,

	// Register port of the slave
	input  wire                   wr,
	input  wire [12:0]            wr_addr,
	input  wire [31:0]            wr_data,
	input  wire [3:0]             wr_strb,
	output wire                   wr_exists,
	input  wire [12:0]            rd_addr,
	output wire [31:0]            rd_data,
	output wire                   rd_exists,

	// Register ports of the channels: one write bit each, data and offsets shared
	output wire [CHANNELS-1:0]    chan_wr,
	output wire [7:0]             chan_wr_offset,
	output wire [7:0]             chan_rd_offset,
	input  wire [CHANNELS*32-1:0] chan_rd_data,
	input  wire [CHANNELS-1:0]    irq,

	// Counters
	output wire                   perf_clear,
	output wire [7:0]             perf_offset,
	input  wire [31:0]            perf_data
);

localparam [4:0]  CAP_CHANNELS = CHANNELS[4:0];
localparam [31:0] DATA_LOG2    = $clog2(DATA_W / 8);
localparam [31:0] STRIP_LOG2   = $clog2(STRIP_BYTES);
localparam [31:0] BUF_LOG2     = $clog2(BUF_BYTES);
localparam [2:0]  CAP_DATA     = DATA_LOG2[2:0];
localparam [3:0]  CAP_STRIP    = STRIP_LOG2[3:0];
localparam [4:0]  CAP_BUF      = BUF_LOG2[4:0];
localparam [7:0]  CAP_STRIPS   = STRIPS[7:0];
localparam [7:0]  CAP_READS    = READS[7:0];
localparam [7:0]  CAP_DESCS    = DESCS[7:0];
localparam [5:0]  CAP_SOURCES  = SOURCES[5:0];
localparam [15:0] CAP_OPS      = WITH_PQ != 0 ? 16'h01ff : 16'h003f;    // nop to xor_val; and pq, pq_val, matrix

localparam [31:0] CAP0 = {1'd0, CAP_SOURCES, CAP_BUF, CAP_STRIP, 5'd0, CAP_DATA, 3'd0, CAP_CHANNELS};
localparam [31:0] CAP_PORT = WITH_DESC_PORT != 0 ? `PQDMA_CAP1_DESC_PORT_MASK : 32'd0;
localparam [31:0] CAP1 = CAP_PORT | `PQDMA_CAP1_COMPACT_MASK | `PQDMA_CAP1_TWO_D_MASK | `PQDMA_CAP1_PAUSE_MASK | `PQDMA_CAP1_PERI_MASK |
			 {2'd0, LINES[5:0], 8'd0, CAP_OPS};
localparam [31:0] CAP2 = {8'd0, CAP_DESCS, CAP_READS, CAP_STRIPS};

// State

reg [31:0] scratch_q;

// Decode

function is_global;
	input [7:0] offset;
	case ({5'd0, offset})
	`PQDMA_REG_ID, `PQDMA_REG_VERSION, `PQDMA_REG_CAP0, `PQDMA_REG_CAP1, `PQDMA_REG_CAP2,
	`PQDMA_REG_SCRATCH, `PQDMA_REG_IRQ_PENDING, `PQDMA_REG_PERF_CTRL, `PQDMA_REG_PERF_AR, `PQDMA_REG_PERF_R,
	`PQDMA_REG_PERF_AW, `PQDMA_REG_PERF_W, `PQDMA_REG_PERF_FETCH, `PQDMA_REG_PERF_AR_STALL, `PQDMA_REG_PERF_W_STALL,
	`PQDMA_REG_PERF_R_IDLE, `PQDMA_REG_PERF_NO_ROOM:
		is_global = 1'b1;
	default:
		is_global = 1'b0;
	endcase
endfunction

function is_channel;
	input [7:0] offset;
	case (offset)
	`PQDMA_CH_CTRL, `PQDMA_CH_STATUS, `PQDMA_CH_CFG, `PQDMA_CH_HEAD_LO, `PQDMA_CH_HEAD_HI, `PQDMA_CH_HEAD_COUNT,
	`PQDMA_CH_TAIL, `PQDMA_CH_DONE, `PQDMA_CH_BYTES, `PQDMA_CH_IRQ_STATUS, `PQDMA_CH_IRQ_ENABLE, `PQDMA_CH_ERR_CAUSE,
	`PQDMA_CH_ERR_ADDR_LO, `PQDMA_CH_ERR_ADDR_HI, `PQDMA_CH_ERR_DESC_LO, `PQDMA_CH_ERR_DESC_HI, `PQDMA_CH_IRQ_COAL,
	`PQDMA_CH_REQ_TIMEOUT, `PQDMA_CH_CMPL_LO, `PQDMA_CH_CMPL_HI, `PQDMA_CH_PERF_STRIPS, `PQDMA_CH_PERF_BUSY, `PQDMA_CH_PERF_WAIT,
	`PQDMA_CH_PERF_STARVED:
		is_channel = 1'b1;
	default:
		is_channel = 1'b0;
	endcase
endfunction

function exists;
	input [4:0] page;
	input [7:0] offset;
	exists = page == 5'd0 ? is_global(offset) : page <= CAP_CHANNELS && is_channel(offset);
endfunction

wire [4:0] wr_page   = wr_addr[12:8];
wire [4:0] rd_page   = rd_addr[12:8];
wire [7:0] wr_offset = {wr_addr[7:2], 2'b00};
wire [7:0] rd_offset = {rd_addr[7:2], 2'b00};

reg [CHANNELS-1:0] chan_wr_d;
integer            c;

always @(*) begin
	for (c = 0; c < CHANNELS; c = c + 1)
		chan_wr_d[c] = wr && {27'd0, wr_page} == c + 1;
end

// Reads

reg [31:0] irq_ext;
reg [31:0] rd_data_d;
integer    r;

always @(*) begin
	irq_ext = 32'd0;
	irq_ext[CHANNELS-1:0] = irq;
	rd_data_d = 32'd0;
	if (rd_page == 5'd0) begin
		case ({5'd0, rd_offset})
		`PQDMA_REG_ID:          rd_data_d = `PQDMA_ID_VALUE;
		`PQDMA_REG_VERSION:     rd_data_d = `PQDMA_VERSION_VALUE;
		`PQDMA_REG_CAP0:        rd_data_d = CAP0;
		`PQDMA_REG_CAP1:        rd_data_d = CAP1;
		`PQDMA_REG_CAP2:        rd_data_d = CAP2;
		`PQDMA_REG_SCRATCH:     rd_data_d = scratch_q;
		`PQDMA_REG_IRQ_PENDING: rd_data_d = irq_ext;
		default:                rd_data_d = perf_data;
		endcase
	end else begin
		for (r = 0; r < CHANNELS; r = r + 1)
			if ({27'd0, rd_page} == r + 1)
				rd_data_d = chan_rd_data[r*32 +: 32];
	end
end

// Registers

wire wr_scratch = wr && wr_page == 5'd0 && {5'd0, wr_offset} == `PQDMA_REG_SCRATCH;

integer s;

always @(posedge clk) begin
	if (!rst_n) begin
		scratch_q <= 32'd0;
	end else begin
		for (s = 0; s < 4; s = s + 1)
			if (wr_scratch && wr_strb[s])
				scratch_q[s*8 +: 8] <= wr_data[s*8 +: 8];
	end
end

// Outputs

assign wr_exists      = exists(wr_page, wr_offset);
assign rd_exists      = exists(rd_page, rd_offset);
assign rd_data        = rd_data_d;
assign chan_wr        = chan_wr_d;
assign chan_wr_offset = wr_offset;
assign chan_rd_offset = rd_offset;
assign perf_clear     = wr && wr_page == 5'd0 && {5'd0, wr_offset} == `PQDMA_REG_PERF_CTRL && wr_strb[0] &&
			wr_data[`PQDMA_PERF_CTRL_CLEAR_SHIFT];
assign perf_offset    = rd_offset;

wire unused = &{1'b0, wr_addr[1:0], rd_addr[1:0]};

endmodule
