// SPDX-License-Identifier: MIT
// pqdma - scatter-gather DMA controller, top
//
//   registers -> channels -> lists <- fetch <- descriptors     one of each per channel, except fetch
//                              |
//                            strip -> read -> buffer -> write -> ack -> events to the channels
//
// Wires only. What it does: docs/spec.md. What happens in which clock: docs/timing.md, one section a module.
`default_nettype none
`include "pqdma_bundles.vh"

module pqdma #(
	parameter CHANNELS    = 4,      // 1 to 16
	parameter DATA_W      = 128,    // bits of the memory bus: 32, 64, 128, 256, 512
	parameter STRIP_BYTES = 1024,   // longest strip: power of two, 64 to 4096, at most 256 beats
	parameter BUF_BYTES   = 4096,   // strip buffer: power of two, 2 * STRIP_BYTES to 65536
	parameter STRIPS      = 32,     // strips in flight: power of two, 2 to 64
	parameter READS       = 16,     // data reads in flight: power of two, 2 to 64
	parameter DESCS       = 32      // descriptor credits a channel: power of two, 2 to 64
) (
	input  wire                clk,
	input  wire                rst_n,          // synchronous, active low

	// Registers: AXI4-Lite slave
	input  wire [12:0]         s_axil_awaddr,
	input  wire                s_axil_awvalid,
	output wire                s_axil_awready,
	input  wire [31:0]         s_axil_wdata,
	input  wire [3:0]          s_axil_wstrb,
	input  wire                s_axil_wvalid,
	output wire                s_axil_wready,
	output wire [1:0]          s_axil_bresp,
	output wire                s_axil_bvalid,
	input  wire                s_axil_bready,
	input  wire [12:0]         s_axil_araddr,
	input  wire                s_axil_arvalid,
	output wire                s_axil_arready,
	output wire [31:0]         s_axil_rdata,
	output wire [1:0]          s_axil_rresp,
	output wire                s_axil_rvalid,
	input  wire                s_axil_rready,

	// Memory: AXI4 master. Read ID 0 is data, read ID 1 descriptors; all writes have ID 0.
	output wire [3:0]          m_axi_awid,
	output wire [63:0]         m_axi_awaddr,
	output wire [7:0]          m_axi_awlen,
	output wire [2:0]          m_axi_awsize,
	output wire [1:0]          m_axi_awburst,
	output wire [3:0]          m_axi_awcache,
	output wire [2:0]          m_axi_awprot,
	output wire                m_axi_awvalid,
	input  wire                m_axi_awready,
	output wire [DATA_W-1:0]   m_axi_wdata,
	output wire [DATA_W/8-1:0] m_axi_wstrb,
	output wire                m_axi_wlast,
	output wire                m_axi_wvalid,
	input  wire                m_axi_wready,
	input  wire [3:0]          m_axi_bid,
	input  wire [1:0]          m_axi_bresp,
	input  wire                m_axi_bvalid,
	output wire                m_axi_bready,
	output wire [3:0]          m_axi_arid,
	output wire [63:0]         m_axi_araddr,
	output wire [7:0]          m_axi_arlen,
	output wire [2:0]          m_axi_arsize,
	output wire [1:0]          m_axi_arburst,
	output wire [3:0]          m_axi_arcache,
	output wire [2:0]          m_axi_arprot,
	output wire                m_axi_arvalid,
	input  wire                m_axi_arready,
	input  wire [3:0]          m_axi_rid,
	input  wire [DATA_W-1:0]   m_axi_rdata,
	input  wire [1:0]          m_axi_rresp,
	input  wire                m_axi_rlast,
	input  wire                m_axi_rvalid,
	output wire                m_axi_rready,

	// One interrupt a channel, level
	output wire [CHANNELS-1:0] irq
);

localparam BYTES  = DATA_W / 8;
localparam LB     = $clog2(BYTES);
localparam ROW_W  = $clog2(BUF_BYTES / BYTES);
localparam SLOT_W = $clog2(STRIPS);

localparam [31:0] LB_32   = LB;
localparam [2:0] AXI_SIZE  = LB_32[2:0];
localparam [1:0] AXI_INCR  = 2'b01;
localparam [3:0] AXI_CACHE = 4'b0011;   // normal, non-cacheable, bufferable
localparam [2:0] AXI_PROT  = 3'b000;

// Parameters. A rule that is broken stops elaboration with a missing module that says so.

generate
if (CHANNELS < 1 || CHANNELS > 16) begin : g_channels
	CHANNELS_must_be_1_to_16 u_bad ();
end
if (DATA_W != 32 && DATA_W != 64 && DATA_W != 128 && DATA_W != 256 && DATA_W != 512) begin : g_data_w
	DATA_W_must_be_32_64_128_256_or_512 u_bad ();
end
if (STRIP_BYTES < 64 || STRIP_BYTES > 4096 || STRIP_BYTES > 256 * BYTES || (STRIP_BYTES & (STRIP_BYTES - 1)) != 0)
begin : g_strip_bytes
	STRIP_BYTES_must_be_a_power_of_two_from_64_to_4096_and_at_most_256_beats u_bad ();
end
if (BUF_BYTES < 2 * STRIP_BYTES || BUF_BYTES > 65536 || (BUF_BYTES & (BUF_BYTES - 1)) != 0) begin : g_buf_bytes
	BUF_BYTES_must_be_a_power_of_two_from_2_STRIP_BYTES_to_65536 u_bad ();
end
if (STRIPS < 2 || STRIPS > 64 || (STRIPS & (STRIPS - 1)) != 0) begin : g_strips
	STRIPS_must_be_a_power_of_two_from_2_to_64 u_bad ();
end
if (READS < 2 || READS > 64 || (READS & (READS - 1)) != 0) begin : g_reads
	READS_must_be_a_power_of_two_from_2_to_64 u_bad ();
end
if (DESCS < 2 || DESCS > 64 || (DESCS & (DESCS - 1)) != 0) begin : g_descs
	DESCS_must_be_a_power_of_two_from_2_to_64 u_bad ();
end
endgenerate

// Registers

wire                   wr;
wire [12:0]            wr_addr;
wire [31:0]            wr_data;
wire [3:0]             wr_strb;
wire                   wr_exists;
wire [12:0]            rd_addr;
wire [31:0]            rd_data;
wire                   rd_exists;
wire [CHANNELS-1:0]    chan_wr;
wire [7:0]             chan_wr_offset;
wire [7:0]             chan_rd_offset;
wire [CHANNELS*32-1:0] chan_rd_data;

pqdma_axil u_axil (
	.clk            (clk),
	.rst_n          (rst_n),
	.s_axil_awaddr  (s_axil_awaddr),
	.s_axil_awvalid (s_axil_awvalid),
	.s_axil_awready (s_axil_awready),
	.s_axil_wdata   (s_axil_wdata),
	.s_axil_wstrb   (s_axil_wstrb),
	.s_axil_wvalid  (s_axil_wvalid),
	.s_axil_wready  (s_axil_wready),
	.s_axil_bresp   (s_axil_bresp),
	.s_axil_bvalid  (s_axil_bvalid),
	.s_axil_bready  (s_axil_bready),
	.s_axil_araddr  (s_axil_araddr),
	.s_axil_arvalid (s_axil_arvalid),
	.s_axil_arready (s_axil_arready),
	.s_axil_rdata   (s_axil_rdata),
	.s_axil_rresp   (s_axil_rresp),
	.s_axil_rvalid  (s_axil_rvalid),
	.s_axil_rready  (s_axil_rready),
	.wr             (wr),
	.wr_addr        (wr_addr),
	.wr_data        (wr_data),
	.wr_strb        (wr_strb),
	.wr_exists      (wr_exists),
	.rd_addr        (rd_addr),
	.rd_data        (rd_data),
	.rd_exists      (rd_exists)
);

pqdma_regs #(
	.CHANNELS    (CHANNELS),
	.DATA_W      (DATA_W),
	.STRIP_BYTES (STRIP_BYTES),
	.BUF_BYTES   (BUF_BYTES),
	.STRIPS      (STRIPS),
	.READS       (READS),
	.DESCS       (DESCS)
) u_regs (
	.clk            (clk),
	.rst_n          (rst_n),
	.wr             (wr),
	.wr_addr        (wr_addr),
	.wr_data        (wr_data),
	.wr_strb        (wr_strb),
	.wr_exists      (wr_exists),
	.rd_addr        (rd_addr),
	.rd_data        (rd_data),
	.rd_exists      (rd_exists),
	.chan_wr        (chan_wr),
	.chan_wr_offset (chan_wr_offset),
	.chan_rd_offset (chan_rd_offset),
	.chan_rd_data   (chan_rd_data),
	.irq            (irq)
);

// Channels and their lists

wire [CHANNELS-1:0]       live;
wire [CHANNELS-1:0]       kill;
wire [CHANNELS-1:0]       broken;
wire [CHANNELS*32-1:0]    dbytes;
wire [CHANNELS*4-1:0]     burst;
wire [CHANNELS-1:0]       fetch;
wire [CHANNELS*64-1:0]    fetch_addr;
wire [CHANNELS-1:0]       fetch_is_link;
wire [CHANNELS-1:0]       fetch_takes_link;
wire [CHANNELS-1:0]       fetch_granted;
wire [CHANNELS-1:0]       arrive;
wire                      arrive_is_link;
wire                      arrive_takes_link;
wire [63:0]               arrive_addr;
wire                      arrive_error;
wire                      arrive_decerr;
wire [255:0]              arrive_words;
wire [CHANNELS-1:0]       eligible;
wire [CHANNELS*`BD_W-1:0] cur;
wire [CHANNELS-1:0]       take;
wire                      take_last;
wire [12:0]               take_bytes;
wire [CHANNELS-1:0]       ev_strip;
wire [CHANNELS-1:0]       ev_good;
wire [12:0]               ev_bytes;
wire [CHANNELS-1:0]       ev_status_push;
wire [CHANNELS-1:0]       ev_status_done;
wire [CHANNELS-1:0]       ev_complete;
wire                      ev_complete_irq;
wire [CHANNELS-1:0]       ev_poison;
wire [CHANNELS-1:0]       write_poison;
wire [CHANNELS-1:0]       ev_broken;
wire [CHANNELS-1:0]       ev_error;
wire [7:0]                ev_error_code;
wire [63:0]               ev_error_addr;
wire [63:0]               ev_error_desc;

genvar c;

generate for (c = 0; c < CHANNELS; c = c + 1) begin : g_chan
	wire        start;
	wire        clear;
	wire [63:0] head_addr;
	wire [5:0]  head_count;
	wire [31:0] tail;
	wire        running;
	wire        poisoned;
	wire        quiet;
	wire        list_busy;
	wire        cur_valid;

	pqdma_chan u_chan (
		.clk             (clk),
		.rst_n           (rst_n),
		.wr              (chan_wr[c]),
		.wr_offset       (chan_wr_offset),
		.wr_data         (wr_data),
		.wr_strb         (wr_strb),
		.rd_offset       (chan_rd_offset),
		.rd_data         (chan_rd_data[c*32 +: 32]),
		.irq             (irq[c]),
		.start           (start),
		.clear           (clear),
		.head_addr       (head_addr),
		.head_count      (head_count),
		.tail            (tail),
		.running         (running),
		.live            (live[c]),
		.poisoned        (poisoned),
		.quiet           (quiet),
		.list_busy       (list_busy),
		.cur_valid       (cur_valid),
		.burst           (burst[c*4 +: 4]),
		.kill            (kill[c]),
		.broken          (broken[c]),
		.dbytes          (dbytes[c*32 +: 32]),
		.ev_take         (take[c]),
		.ev_strip        (ev_strip[c]),
		.ev_good         (ev_good[c]),
		.ev_bytes        (ev_bytes),
		.ev_status_push  (ev_status_push[c]),
		.ev_status_done  (ev_status_done[c]),
		.ev_complete     (ev_complete[c]),
		.ev_complete_irq (ev_complete_irq),
		.ev_poison       (ev_poison[c] || write_poison[c]),
		.ev_broken       (ev_broken[c]),
		.ev_error        (ev_error[c]),
		.ev_error_code   (ev_error_code),
		.ev_error_addr   (ev_error_addr),
		.ev_error_desc   (ev_error_desc)
	);

	pqdma_list #(.DESCS(DESCS)) u_list (
		.clk               (clk),
		.rst_n             (rst_n),
		.start             (start),
		.clear             (clear),
		.head_addr         (head_addr),
		.head_count        (head_count),
		.tail              (tail),
		.running           (running),
		.live              (live[c]),
		.poisoned          (poisoned),
		.quiet             (quiet),
		.complete          (ev_complete[c]),
		.busy              (list_busy),
		.fetch             (fetch[c]),
		.fetch_granted     (fetch_granted[c]),
		.fetch_addr        (fetch_addr[c*64 +: 64]),
		.fetch_is_link     (fetch_is_link[c]),
		.fetch_takes_link  (fetch_takes_link[c]),
		.arrive            (arrive[c]),
		.arrive_is_link    (arrive_is_link),
		.arrive_takes_link (arrive_takes_link),
		.arrive_addr       (arrive_addr),
		.arrive_error      (arrive_error),
		.arrive_decerr     (arrive_decerr),
		.arrive_words      (arrive_words),
		.cur_valid         (cur_valid),
		.eligible          (eligible[c]),
		.cur               (cur[c*`BD_W +: `BD_W]),
		.take              (take[c]),
		.take_last         (take[c] && take_last),
		.take_bytes        (take_bytes)
	);
end endgenerate

// Descriptor fetch

wire              fetch_offer;
wire [63:0]       fetch_offer_addr;
wire              ar_free;
wire              fetch_beat;

pqdma_fetch #(
	.CHANNELS (CHANNELS),
	.DATA_W   (DATA_W),
	.FETCHES  (16)
) u_fetch (
	.clk               (clk),
	.rst_n             (rst_n),
	.fetch             (fetch),
	.fetch_addr        (fetch_addr),
	.fetch_is_link     (fetch_is_link),
	.fetch_takes_link  (fetch_takes_link),
	.fetch_granted     (fetch_granted),
	.offer             (fetch_offer),
	.offer_addr        (fetch_offer_addr),
	.ar_free           (ar_free),
	.beat              (fetch_beat),
	.beat_data         (m_axi_rdata),
	.beat_error        (m_axi_rresp[1]),
	.beat_decerr       (m_axi_rresp[0]),
	.beat_last         (m_axi_rlast),
	.arrive            (arrive),
	.arrive_is_link    (arrive_is_link),
	.arrive_takes_link (arrive_takes_link),
	.arrive_addr       (arrive_addr),
	.arrive_error      (arrive_error),
	.arrive_decerr     (arrive_decerr),
	.arrive_words      (arrive_words)
);

// Strips

wire              taken;
wire [`BS_W-1:0]  strip;
wire [SLOT_W-1:0] slot;
wire              read_ready;
wire              second_pending;
wire              read;
wire [63:0]       read_addr;
wire [8:0]        read_beats;
wire [LB-1:0]     read_last_lane;
wire              second;
wire [63:0]       second_addr;
wire [8:0]        second_beats;
wire [LB-1:0]     second_last_lane;
wire [LB-1:0]     rotate;
wire [ROW_W-1:0]  base;
wire [8:0]        rows_released;
wire              strip_released;

pqdma_strip #(
	.CHANNELS    (CHANNELS),
	.DATA_W      (DATA_W),
	.STRIP_BYTES (STRIP_BYTES),
	.STRIPS      (STRIPS),
	.ROW_W       (ROW_W)
) u_strip (
	.clk              (clk),
	.rst_n            (rst_n),
	.eligible         (eligible),
	.cur              (cur),
	.burst            (burst),
	.take             (take),
	.take_last        (take_last),
	.take_bytes       (take_bytes),
	.read_ready       (read_ready),
	.second_pending   (second_pending),
	.taken            (taken),
	.strip            (strip),
	.read             (read),
	.read_addr        (read_addr),
	.read_beats       (read_beats),
	.read_last_lane   (read_last_lane),
	.second           (second),
	.second_addr      (second_addr),
	.second_beats     (second_beats),
	.second_last_lane (second_last_lane),
	.rotate           (rotate),
	.base             (base),
	.rows_released    (rows_released),
	.strip_released   (strip_released)
);

// Reads into the buffer

wire [BYTES-1:0]  buf_write;
wire [ROW_W-1:0]  buf_row;
wire [BYTES-1:0]  buf_carry;
wire [DATA_W-1:0] buf_data;
wire [SLOT_W-1:0] done_slot;
wire              done;
wire              failed;
wire [1:0]        failed_resp;
wire [63:0]       failed_addr;
wire [ROW_W-1:0]  drain_row;
wire [DATA_W-1:0] drain_data;

pqdma_read #(
	.DATA_W (DATA_W),
	.READS  (READS),
	.ROW_W  (ROW_W),
	.SLOT_W (SLOT_W)
) u_read (
	.clk              (clk),
	.rst_n            (rst_n),
	.m_axi_arid       (m_axi_arid),
	.m_axi_araddr     (m_axi_araddr),
	.m_axi_arlen      (m_axi_arlen),
	.m_axi_arvalid    (m_axi_arvalid),
	.m_axi_arready    (m_axi_arready),
	.m_axi_rid        (m_axi_rid),
	.m_axi_rdata      (m_axi_rdata),
	.m_axi_rresp      (m_axi_rresp),
	.m_axi_rlast      (m_axi_rlast),
	.m_axi_rvalid     (m_axi_rvalid),
	.m_axi_rready     (m_axi_rready),
	.fetch_offer      (fetch_offer),
	.fetch_addr       (fetch_offer_addr),
	.ar_free          (ar_free),
	.fetch_beat       (fetch_beat),
	.read_ready       (read_ready),
	.second_pending   (second_pending),
	.read             (read),
	.slot             (slot),
	.read_addr        (read_addr),
	.read_beats       (read_beats),
	.read_last_lane   (read_last_lane),
	.second           (second),
	.second_addr      (second_addr),
	.second_beats     (second_beats),
	.second_last_lane (second_last_lane),
	.rotate           (rotate),
	.base             (base),
	.buf_write        (buf_write),
	.buf_row          (buf_row),
	.buf_carry        (buf_carry),
	.buf_data         (buf_data),
	.done_slot        (done_slot),
	.done             (done),
	.failed           (failed),
	.failed_resp      (failed_resp),
	.failed_addr      (failed_addr)
);

pqdma_buf #(
	.DATA_W (DATA_W),
	.ROW_W  (ROW_W)
) u_buf (
	.clk        (clk),
	.write      (buf_write),
	.write_row  (buf_row),
	.carry      (buf_carry),
	.write_data (buf_data),
	.read_row   (drain_row),
	.read_data  (drain_data)
);

// Writes and acknowledges

wire             sts_empty;
wire [`BC_W-1:0] sts;
wire             sts_pop;
wire             ack_push;
wire [`BA_W-1:0] ack;

pqdma_write #(
	.CHANNELS (CHANNELS),
	.DATA_W   (DATA_W),
	.STRIPS   (STRIPS),
	.ROW_W    (ROW_W)
) u_write (
	.clk           (clk),
	.rst_n         (rst_n),
	.m_axi_awaddr  (m_axi_awaddr),
	.m_axi_awlen   (m_axi_awlen),
	.m_axi_awvalid (m_axi_awvalid),
	.m_axi_awready (m_axi_awready),
	.m_axi_wdata   (m_axi_wdata),
	.m_axi_wstrb   (m_axi_wstrb),
	.m_axi_wlast   (m_axi_wlast),
	.m_axi_wvalid  (m_axi_wvalid),
	.m_axi_wready  (m_axi_wready),
	.taken         (taken),
	.strip         (strip),
	.slot          (slot),
	.done_slot     (done_slot),
	.done          (done),
	.failed        (failed),
	.failed_resp   (failed_resp),
	.failed_addr   (failed_addr),
	.kill          (kill),
	.poison        (write_poison),
	.read_row      (drain_row),
	.read_data     (drain_data),
	.rows_released (rows_released),
	.sts_empty     (sts_empty),
	.sts           (sts),
	.sts_pop       (sts_pop),
	.ack_push      (ack_push),
	.ack           (ack)
);

pqdma_ack #(
	.CHANNELS (CHANNELS),
	.STRIPS   (STRIPS)
) u_ack (
	.clk             (clk),
	.rst_n           (rst_n),
	.m_axi_bresp     (m_axi_bresp),
	.m_axi_bvalid    (m_axi_bvalid),
	.m_axi_bready    (m_axi_bready),
	.push            (ack_push),
	.push_data       (ack),
	.sts_empty       (sts_empty),
	.sts             (sts),
	.sts_pop         (sts_pop),
	.live            (live),
	.broken          (broken),
	.dbytes          (dbytes),
	.strip_released  (strip_released),
	.ev_strip        (ev_strip),
	.ev_good         (ev_good),
	.ev_bytes        (ev_bytes),
	.ev_status_push  (ev_status_push),
	.ev_status_done  (ev_status_done),
	.ev_complete     (ev_complete),
	.ev_complete_irq (ev_complete_irq),
	.ev_poison       (ev_poison),
	.ev_broken       (ev_broken),
	.ev_error        (ev_error),
	.ev_error_code   (ev_error_code),
	.ev_error_addr   (ev_error_addr),
	.ev_error_desc   (ev_error_desc)
);

// Constant outputs

assign m_axi_awid    = 4'd0;
assign m_axi_awsize  = AXI_SIZE;
assign m_axi_awburst = AXI_INCR;
assign m_axi_awcache = AXI_CACHE;
assign m_axi_awprot  = AXI_PROT;
assign m_axi_arsize  = AXI_SIZE;
assign m_axi_arburst = AXI_INCR;
assign m_axi_arcache = AXI_CACHE;
assign m_axi_arprot  = AXI_PROT;

wire unused = &{1'b0, m_axi_bid};   // writes have one ID

endmodule
