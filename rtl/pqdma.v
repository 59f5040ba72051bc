// SPDX-License-Identifier: MIT
// pqdma - scatter-gather DMA controller, top
//
//   registers -> channels -> lists <- fetch <- descriptors     one of each per channel, except fetch
//                              |
//                            strip -> seq -> read -> buffer -> write -> ack -> events to the channels
//
// Channels, lists, strip and ack are in pqdma_channels, fetch in pqdma_front, all from seq to write in pqdma_data.
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
	parameter DESCS       = 32,     // descriptor credits a channel: power of two, 2 to 64
	parameter SOURCES     = 16,     // most sources of an operation: 4, 8, 16, 32
	parameter LINES       = 4,      // request lines: 1 to 32
	parameter WITH_DESC_PORT = 0,   // descriptors are read through d_axi: 0 or 1
	parameter WITH_PQ     = 1       // pq, pq_val, matrix: 0 or 1
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

	// Memory: AXI4 master. Read ID 0 is data, read ID 1 descriptors; all writes have ID 0. AxUSER is the channel.
	output wire [3:0]          m_axi_awid,
	output wire [63:0]         m_axi_awaddr,
	output wire [7:0]          m_axi_awlen,
	output wire [2:0]          m_axi_awsize,
	output wire [1:0]          m_axi_awburst,
	output wire [3:0]          m_axi_awuser,
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
	output wire [3:0]          m_axi_aruser,
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

	// Descriptors and source tables, if WITH_DESC_PORT: AXI4 master, read channels
	output wire [3:0]          d_axi_arid,
	output wire [63:0]         d_axi_araddr,
	output wire [7:0]          d_axi_arlen,
	output wire [2:0]          d_axi_arsize,
	output wire [1:0]          d_axi_arburst,
	output wire [3:0]          d_axi_aruser,
	output wire [3:0]          d_axi_arcache,
	output wire [2:0]          d_axi_arprot,
	output wire                d_axi_arvalid,
	input  wire                d_axi_arready,
	input  wire [3:0]          d_axi_rid,
	input  wire [DATA_W-1:0]   d_axi_rdata,
	input  wire [1:0]          d_axi_rresp,
	input  wire                d_axi_rlast,
	input  wire                d_axi_rvalid,
	output wire                d_axi_rready,

	// Requests of peripherals; dack is high for one clock when a piece is done
	input  wire [LINES-1:0]    drq_single,
	input  wire [LINES-1:0]    drq_burst,
	input  wire [LINES-1:0]    drq_last,
	output wire [LINES-1:0]    dack,

	// One interrupt a channel, level
	output wire [CHANNELS-1:0] irq
);

localparam BYTES = DATA_W / 8;
localparam ROW_W = $clog2(BUF_BYTES / BYTES);

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
if (SOURCES != 4 && SOURCES != 8 && SOURCES != 16 && SOURCES != 32) begin : g_sources
	SOURCES_must_be_4_8_16_or_32 u_bad ();
end
if (LINES < 1 || LINES > 32) begin : g_lines
	LINES_must_be_1_to_32 u_bad ();
end
if (WITH_DESC_PORT != 0 && WITH_DESC_PORT != 1) begin : g_with_desc_port
	WITH_DESC_PORT_must_be_0_or_1 u_bad ();
end
if (WITH_PQ != 0 && WITH_PQ != 1) begin : g_with_pq
	WITH_PQ_must_be_0_or_1 u_bad ();
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
wire                   perf_clear;
wire [7:0]             perf_offset;
wire [31:0]            perf_data;

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
	.DESCS       (DESCS),
	.SOURCES     (SOURCES),
	.LINES       (LINES),
	.WITH_DESC_PORT (WITH_DESC_PORT),
	.WITH_PQ     (WITH_PQ)
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
	.irq            (irq),
	.perf_clear     (perf_clear),
	.perf_offset    (perf_offset),
	.perf_data      (perf_data)
);

// Channels <-> descriptors

wire [CHANNELS-1:0]    fetch;
wire [CHANNELS-1:0]    fetch_granted;
wire [CHANNELS*64-1:0] fetch_addr;
wire [CHANNELS-1:0]    fetch_is_table;
wire [CHANNELS-1:0]    fetch_is_link;
wire [CHANNELS-1:0]    fetch_takes_link;
wire [CHANNELS-1:0]    compact;
wire [CHANNELS-1:0]    arrive;
wire                   arrive_is_table;
wire                   arrive_is_link;
wire                   arrive_takes_link;
wire [63:0]            arrive_addr;
wire                   arrive_error;
wire                   arrive_decerr;
wire [`BD_W-1:0]       arrive_data;
wire [63:0]            arrive_link;
wire [CHANNELS-1:0]    table_write;
wire [CHANNELS-1:0]    table_set;
wire [CHANNELS*3-1:0]  table_block;
wire [CHANNELS-1:0]    table_held;
wire                   seq_busy;

// Channels <-> data

wire                   taken;
wire [`BS_W-1:0]       strip;
wire                   strip_read;
wire [`BX_W-1:0]       job;
wire [ROW_W-1:0]       first_row;
wire                   read_ready;
wire                   read_full;
wire [8:0]             rows_released;
wire                   ack_push;
wire [`BA_W-1:0]       ack;
wire                   sts_empty;
wire [`BC_W-1:0]       sts;
wire                   sts_pop;
wire [CHANNELS-1:0]    kill;
wire [CHANNELS-1:0]    write_poison;
wire [CHANNELS-1:0]    cmpl_want;
wire [CHANNELS*64-1:0] cmpl_addr;
wire [CHANNELS*35-1:0] cmpl_word;
wire [CHANNELS-1:0]    cmpl_load;

// Descriptors <-> data, and what the counters count

wire        m_fetch_offer;
wire [63:0] fetch_offer_addr;
wire [8:0]  fetch_beats;
wire [3:0]  fetch_chan;
wire        ar_free;
wire        m_fetch_beat;
wire        fetch_idle;
wire [3:0]  seq_chan;
wire        seq_set;
wire [3:0]  table_read_chan;
wire        table_read_set;
wire [4:0]  table_read_entry;
wire [63:0] table_addr;
wire [7:0]  table_a;
wire [7:0]  table_b;
wire        no_room;
wire        read_idle;

pqdma_channels #(
	.CHANNELS    (CHANNELS),
	.DATA_W      (DATA_W),
	.STRIP_BYTES (STRIP_BYTES),
	.STRIPS      (STRIPS),
	.DESCS       (DESCS),
	.LINES       (LINES),
	.ROW_W       (ROW_W)
) u_channels (
	.clk               (clk),
	.rst_n             (rst_n),
	.chan_wr           (chan_wr),
	.chan_wr_offset    (chan_wr_offset),
	.wr_data           (wr_data),
	.wr_strb           (wr_strb),
	.chan_rd_offset    (chan_rd_offset),
	.chan_rd_data      (chan_rd_data),
	.perf_clear        (perf_clear),
	.irq               (irq),
	.drq_single        (drq_single),
	.drq_burst         (drq_burst),
	.drq_last          (drq_last),
	.dack              (dack),
	.m_axi_bresp       (m_axi_bresp),
	.m_axi_bvalid      (m_axi_bvalid),
	.m_axi_bready      (m_axi_bready),
	.fetch             (fetch),
	.fetch_granted     (fetch_granted),
	.fetch_addr        (fetch_addr),
	.fetch_is_table    (fetch_is_table),
	.fetch_is_link     (fetch_is_link),
	.fetch_takes_link  (fetch_takes_link),
	.compact           (compact),
	.arrive            (arrive),
	.arrive_is_table   (arrive_is_table),
	.arrive_is_link    (arrive_is_link),
	.arrive_takes_link (arrive_takes_link),
	.arrive_addr       (arrive_addr),
	.arrive_error      (arrive_error),
	.arrive_decerr     (arrive_decerr),
	.arrive_data       (arrive_data),
	.arrive_link       (arrive_link),
	.table_write       (table_write),
	.table_set         (table_set),
	.table_block       (table_block),
	.table_held        (table_held),
	.taken             (taken),
	.strip             (strip),
	.strip_read        (strip_read),
	.job               (job),
	.first_row         (first_row),
	.seq_busy          (seq_busy),
	.read_ready        (read_ready),
	.read_full         (read_full),
	.rows_released     (rows_released),
	.no_room           (no_room),
	.ack_push          (ack_push),
	.ack               (ack),
	.sts_empty         (sts_empty),
	.sts               (sts),
	.sts_pop           (sts_pop),
	.kill              (kill),
	.write_poison      (write_poison),
	.cmpl_want         (cmpl_want),
	.cmpl_addr         (cmpl_addr),
	.cmpl_word         (cmpl_word),
	.cmpl_load         (cmpl_load)
);

pqdma_front #(
	.CHANNELS       (CHANNELS),
	.DATA_W         (DATA_W),
	.STRIP_BYTES    (STRIP_BYTES),
	.SOURCES        (SOURCES),
	.LINES          (LINES),
	.WITH_DESC_PORT (WITH_DESC_PORT),
	.WITH_PQ        (WITH_PQ)
) u_front (
	.clk               (clk),
	.rst_n             (rst_n),
	.d_axi_arid        (d_axi_arid),
	.d_axi_araddr      (d_axi_araddr),
	.d_axi_arlen       (d_axi_arlen),
	.d_axi_arsize      (d_axi_arsize),
	.d_axi_arburst     (d_axi_arburst),
	.d_axi_aruser      (d_axi_aruser),
	.d_axi_arcache     (d_axi_arcache),
	.d_axi_arprot      (d_axi_arprot),
	.d_axi_arvalid     (d_axi_arvalid),
	.d_axi_arready     (d_axi_arready),
	.d_axi_rdata       (d_axi_rdata),
	.d_axi_rresp       (d_axi_rresp),
	.d_axi_rlast       (d_axi_rlast),
	.d_axi_rvalid      (d_axi_rvalid),
	.d_axi_rready      (d_axi_rready),
	.m_fetch_offer     (m_fetch_offer),
	.fetch_offer_addr  (fetch_offer_addr),
	.fetch_beats       (fetch_beats),
	.fetch_chan        (fetch_chan),
	.ar_free           (ar_free),
	.m_fetch_beat      (m_fetch_beat),
	.m_axi_rdata       (m_axi_rdata),
	.m_axi_rresp       (m_axi_rresp),
	.m_axi_rlast       (m_axi_rlast),
	.fetch             (fetch),
	.fetch_granted     (fetch_granted),
	.fetch_addr        (fetch_addr),
	.fetch_is_table    (fetch_is_table),
	.fetch_is_link     (fetch_is_link),
	.fetch_takes_link  (fetch_takes_link),
	.compact           (compact),
	.fetch_idle        (fetch_idle),
	.arrive            (arrive),
	.arrive_is_table   (arrive_is_table),
	.arrive_is_link    (arrive_is_link),
	.arrive_takes_link (arrive_takes_link),
	.arrive_addr       (arrive_addr),
	.arrive_error      (arrive_error),
	.arrive_decerr     (arrive_decerr),
	.arrive_data       (arrive_data),
	.arrive_link       (arrive_link),
	.table_write       (table_write),
	.table_set         (table_set),
	.table_block       (table_block),
	.table_held        (table_held),
	.seq_busy          (seq_busy),
	.seq_chan          (seq_chan),
	.seq_set           (seq_set),
	.table_read_chan   (table_read_chan),
	.table_read_set    (table_read_set),
	.table_read_entry  (table_read_entry),
	.table_addr        (table_addr),
	.table_a           (table_a),
	.table_b           (table_b)
);

pqdma_data #(
	.CHANNELS       (CHANNELS),
	.DATA_W         (DATA_W),
	.STRIPS         (STRIPS),
	.READS          (READS),
	.ROW_W          (ROW_W),
	.WITH_DESC_PORT (WITH_DESC_PORT),
	.WITH_PQ        (WITH_PQ)
) u_data (
	.clk              (clk),
	.rst_n            (rst_n),
	.m_axi_awaddr     (m_axi_awaddr),
	.m_axi_awlen      (m_axi_awlen),
	.m_axi_awsize     (m_axi_awsize),
	.m_axi_awburst    (m_axi_awburst),
	.m_axi_awuser     (m_axi_awuser),
	.m_axi_awvalid    (m_axi_awvalid),
	.m_axi_awready    (m_axi_awready),
	.m_axi_wdata      (m_axi_wdata),
	.m_axi_wstrb      (m_axi_wstrb),
	.m_axi_wlast      (m_axi_wlast),
	.m_axi_wvalid     (m_axi_wvalid),
	.m_axi_wready     (m_axi_wready),
	.m_axi_arid       (m_axi_arid),
	.m_axi_araddr     (m_axi_araddr),
	.m_axi_arlen      (m_axi_arlen),
	.m_axi_arsize     (m_axi_arsize),
	.m_axi_arburst    (m_axi_arburst),
	.m_axi_aruser     (m_axi_aruser),
	.m_axi_arvalid    (m_axi_arvalid),
	.m_axi_arready    (m_axi_arready),
	.m_axi_rid        (m_axi_rid),
	.m_axi_rdata      (m_axi_rdata),
	.m_axi_rresp      (m_axi_rresp),
	.m_axi_rlast      (m_axi_rlast),
	.m_axi_rvalid     (m_axi_rvalid),
	.m_axi_rready     (m_axi_rready),
	.m_fetch_offer    (m_fetch_offer),
	.fetch_offer_addr (fetch_offer_addr),
	.fetch_beats      (fetch_beats),
	.fetch_chan       (fetch_chan),
	.ar_free          (ar_free),
	.m_fetch_beat     (m_fetch_beat),
	.taken            (taken),
	.strip            (strip),
	.strip_read       (strip_read),
	.job              (job),
	.first_row        (first_row),
	.seq_busy         (seq_busy),
	.read_ready       (read_ready),
	.read_full        (read_full),
	.read_idle        (read_idle),
	.rows_released    (rows_released),
	.seq_chan         (seq_chan),
	.seq_set          (seq_set),
	.table_read_chan  (table_read_chan),
	.table_read_set   (table_read_set),
	.table_read_entry (table_read_entry),
	.table_addr       (table_addr),
	.table_a          (table_a),
	.table_b          (table_b),
	.ack_push         (ack_push),
	.ack              (ack),
	.sts_empty        (sts_empty),
	.sts              (sts),
	.sts_pop          (sts_pop),
	.kill             (kill),
	.write_poison     (write_poison),
	.cmpl_want        (cmpl_want),
	.cmpl_addr        (cmpl_addr),
	.cmpl_word        (cmpl_word),
	.cmpl_load        (cmpl_load)
);

// Counters

pqdma_perf u_perf (
	.clk         (clk),
	.rst_n       (rst_n),
	.clear       (perf_clear),
	.offset      (perf_offset),
	.data        (perf_data),
	.arvalid     (m_axi_arvalid),
	.arready     (m_axi_arready),
	.ar_is_fetch (m_axi_arid[0]),
	.rvalid      (m_axi_rvalid),
	.d_arvalid   (d_axi_arvalid),
	.d_arready   (d_axi_arready),
	.d_rvalid    (WITH_DESC_PORT != 0 && d_axi_rvalid),
	.awvalid     (m_axi_awvalid),
	.awready     (m_axi_awready),
	.wvalid      (m_axi_wvalid),
	.wready      (m_axi_wready),
	.reads_idle  (read_idle && (fetch_idle || WITH_DESC_PORT != 0)),
	.no_room     (no_room)
);

// Constant outputs

assign m_axi_awid    = 4'd0;
assign m_axi_awcache = AXI_CACHE;
assign m_axi_awprot  = AXI_PROT;
assign m_axi_arcache = AXI_CACHE;
assign m_axi_arprot  = AXI_PROT;

wire unused = &{1'b0, m_axi_bid, m_axi_rid, d_axi_rid};     // writes have one ID, and so have fetches

endmodule
