// SPDX-License-Identifier: MIT
// pqdma - scatter-gather DMA controller, top
//
//   registers -> channels -> lists <- fetch <- descriptors     one of each per channel, except fetch
//                              |
//                            strip -> seq -> read -> buffer -> write -> ack -> events to the channels
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

	// Descriptors and source tables, if WITH_DESC_PORT: AXI4 master, read channels
	output wire [3:0]          d_axi_arid,
	output wire [63:0]         d_axi_araddr,
	output wire [7:0]          d_axi_arlen,
	output wire [2:0]          d_axi_arsize,
	output wire [1:0]          d_axi_arburst,
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

localparam BYTES  = DATA_W / 8;
localparam LB     = $clog2(BYTES);
localparam ROW_W  = $clog2(BUF_BYTES / BYTES);
localparam SLOT_W = $clog2(STRIPS);

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

// Channels and their lists

wire [CHANNELS-1:0]       live;
wire [CHANNELS-1:0]       kill;
wire [CHANNELS-1:0]       broken;
wire [CHANNELS*32-1:0]    dbytes;
wire [CHANNELS*2-1:0]     dbad;
wire [CHANNELS*4-1:0]     burst;
wire [CHANNELS-1:0]       compact;
wire [CHANNELS*2-1:0]     class_of;
wire [CHANNELS*4-1:0]     weight;
wire [CHANNELS-1:0]       cmpl_want;
wire [CHANNELS*64-1:0]    cmpl_addr;
wire [CHANNELS*35-1:0]    cmpl_word;
wire [CHANNELS-1:0]       cmpl_load;
wire [CHANNELS-1:0]       cmpl_done;
wire [CHANNELS-1:0]       fetch;
wire [CHANNELS*64-1:0]    fetch_addr;
wire [CHANNELS-1:0]       fetch_is_table;
wire [CHANNELS-1:0]       fetch_is_link;
wire [CHANNELS-1:0]       fetch_takes_link;
wire [CHANNELS-1:0]       fetch_granted;
wire [CHANNELS-1:0]       arrive;
wire                      arrive_is_table;
wire                      arrive_is_link;
wire                      arrive_takes_link;
wire [63:0]               arrive_addr;
wire                      arrive_error;
wire                      arrive_decerr;
wire [511:0]              arrive_words;
wire [`BD_W-1:0]          arrive_data;
wire [63:0]               arrive_link;
wire [CHANNELS-1:0]       table_write;
wire [CHANNELS-1:0]       table_set;
wire [CHANNELS*3-1:0]     table_block;
wire [CHANNELS-1:0]       table_held;
wire [CHANNELS-1:0]       eligible;
wire [CHANNELS*`BD_W-1:0] cur;
wire [CHANNELS*32-1:0]    cur_pos;
wire [CHANNELS-1:0]       cur_set;
wire [CHANNELS*11-1:0]    piece;
wire [CHANNELS-1:0]       piece_last;
wire [CHANNELS-1:0]       take;
wire                      take_last;
wire [12:0]               take_bytes;
wire                      take_row;
wire [CHANNELS-1:0]       ev_strip;
wire [CHANNELS-1:0]       ev_good;
wire [12:0]               ev_bytes;
wire [1:0]                ev_bad;
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
	wire        moving;
	wire        cyclic;
	wire [31:0] req_timeout;
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
		.moving          (moving),
		.live            (live[c]),
		.poisoned        (poisoned),
		.quiet           (quiet),
		.list_busy       (list_busy),
		.cur_valid       (cur_valid),
		.eligible        (eligible[c]),
		.cyclic          (cyclic),
		.compact         (compact[c]),
		.req_timeout     (req_timeout),
		.burst           (burst[c*4 +: 4]),
		.class_of        (class_of[c*2 +: 2]),
		.weight          (weight[c*4 +: 4]),
		.cmpl_want       (cmpl_want[c]),
		.cmpl_addr       (cmpl_addr[c*64 +: 64]),
		.cmpl_word       (cmpl_word[c*35 +: 35]),
		.kill            (kill[c]),
		.broken          (broken[c]),
		.dbytes          (dbytes[c*32 +: 32]),
		.dbad            (dbad[c*2 +: 2]),
		.ev_take         (take[c]),
		.ev_strip        (ev_strip[c]),
		.ev_good         (ev_good[c]),
		.ev_bytes        (ev_bytes),
		.ev_bad          (ev_bad),
		.ev_status_push  (ev_status_push[c]),
		.ev_status_done  (ev_status_done[c]),
		.ev_complete     (ev_complete[c]),
		.ev_complete_irq (ev_complete_irq),
		.ev_cmpl_load    (cmpl_load[c]),
		.ev_cmpl_done    (cmpl_done[c]),
		.ev_poison       (ev_poison[c] || write_poison[c]),
		.ev_broken       (ev_broken[c]),
		.ev_error        (ev_error[c]),
		.ev_error_code   (ev_error_code),
		.ev_error_addr   (ev_error_addr),
		.ev_error_desc   (ev_error_desc),
		.perf_clear      (perf_clear)
	);

	pqdma_list #(
		.DESCS (DESCS),
		.LINES (LINES)
	) u_list (
		.clk               (clk),
		.rst_n             (rst_n),
		.start             (start),
		.clear             (clear),
		.head_addr         (head_addr),
		.head_count        (head_count),
		.tail              (tail),
		.running           (running),
		.moving            (moving),
		.cyclic            (cyclic),
		.compact           (compact[c]),
		.poisoned          (poisoned),
		.quiet             (quiet),
		.complete          (ev_complete[c]),
		.busy              (list_busy),
		.acked             (ev_strip[c]),
		.req_timeout       (req_timeout),
		.drq_single        (drq_single),
		.drq_burst         (drq_burst),
		.drq_last          (drq_last),
		.fetch             (fetch[c]),
		.fetch_granted     (fetch_granted[c]),
		.fetch_addr        (fetch_addr[c*64 +: 64]),
		.fetch_is_table    (fetch_is_table[c]),
		.fetch_is_link     (fetch_is_link[c]),
		.fetch_takes_link  (fetch_takes_link[c]),
		.arrive            (arrive[c]),
		.arrive_is_table   (arrive_is_table),
		.arrive_is_link    (arrive_is_link),
		.arrive_takes_link (arrive_takes_link),
		.arrive_addr       (arrive_addr),
		.arrive_error      (arrive_error),
		.arrive_decerr     (arrive_decerr),
		.arrive_data       (arrive_data),
		.arrive_link       (arrive_link),
		.table_write       (table_write[c]),
		.table_set         (table_set[c]),
		.table_block       (table_block[c*3 +: 3]),
		.table_held        (table_held[c]),
		.cur_valid         (cur_valid),
		.eligible          (eligible[c]),
		.cur               (cur[c*`BD_W +: `BD_W]),
		.cur_pos           (cur_pos[c*32 +: 32]),
		.cur_set           (cur_set[c]),
		.piece             (piece[c*11 +: 11]),
		.piece_last        (piece_last[c]),
		.take              (take[c]),
		.take_last         (take[c] && take_last),
		.take_bytes        (take_bytes),
		.take_row          (take[c] && take_row)
	);
end endgenerate

// Descriptor fetch

wire              fetch_offer;
wire [63:0]       fetch_offer_addr;
wire [8:0]        fetch_beats;
wire              fetch_idle;
wire              ar_free;
wire              fetch_beat;
wire [DATA_W-1:0] fetch_data;
wire [1:0]        fetch_resp;
wire              fetch_last;
wire              fetch_ar_free;
wire              m_fetch_offer;
wire              m_fetch_beat;

pqdma_dport #(
	.DATA_W         (DATA_W),
	.WITH_DESC_PORT (WITH_DESC_PORT)
) u_dport (
	.clk           (clk),
	.rst_n         (rst_n),
	.d_axi_arid    (d_axi_arid),
	.d_axi_araddr  (d_axi_araddr),
	.d_axi_arlen   (d_axi_arlen),
	.d_axi_arsize  (d_axi_arsize),
	.d_axi_arburst (d_axi_arburst),
	.d_axi_arcache (d_axi_arcache),
	.d_axi_arprot  (d_axi_arprot),
	.d_axi_arvalid (d_axi_arvalid),
	.d_axi_arready (d_axi_arready),
	.d_axi_rdata   (d_axi_rdata),
	.d_axi_rresp   (d_axi_rresp),
	.d_axi_rlast   (d_axi_rlast),
	.d_axi_rvalid  (d_axi_rvalid),
	.d_axi_rready  (d_axi_rready),
	.offer         (fetch_offer),
	.offer_addr    (fetch_offer_addr),
	.offer_beats   (fetch_beats),
	.ar_free       (fetch_ar_free),
	.beat          (fetch_beat),
	.beat_data     (fetch_data),
	.beat_resp     (fetch_resp),
	.beat_last     (fetch_last),
	.m_offer       (m_fetch_offer),
	.m_ar_free     (ar_free),
	.m_beat        (m_fetch_beat),
	.m_data        (m_axi_rdata),
	.m_resp        (m_axi_rresp),
	.m_last        (m_axi_rlast)
);

pqdma_fetch #(
	.CHANNELS (CHANNELS),
	.DATA_W   (DATA_W),
	.FETCHES  (16)
) u_fetch (
	.clk               (clk),
	.rst_n             (rst_n),
	.fetch             (fetch),
	.fetch_addr        (fetch_addr),
	.fetch_is_table    (fetch_is_table),
	.fetch_is_small    (compact),
	.fetch_is_link     (fetch_is_link),
	.fetch_takes_link  (fetch_takes_link),
	.fetch_granted     (fetch_granted),
	.offer             (fetch_offer),
	.offer_addr        (fetch_offer_addr),
	.offer_beats       (fetch_beats),
	.ar_free           (fetch_ar_free),
	.beat              (fetch_beat),
	.beat_data         (fetch_data),
	.beat_error        (fetch_resp[1]),
	.beat_decerr       (fetch_resp[0]),
	.beat_last         (fetch_last),
	.arrive            (arrive),
	.arrive_is_table   (arrive_is_table),
	.arrive_is_link    (arrive_is_link),
	.arrive_takes_link (arrive_takes_link),
	.arrive_addr       (arrive_addr),
	.arrive_error      (arrive_error),
	.arrive_decerr     (arrive_decerr),
	.arrive_words      (arrive_words),
	.idle              (fetch_idle)
);

pqdma_check #(
	.DATA_W      (DATA_W),
	.STRIP_BYTES (STRIP_BYTES),
	.SOURCES     (SOURCES),
	.LINES       (LINES),
	.WITH_PQ     (WITH_PQ)
) u_check (
	.words   (arrive_words[447:0]),
	.compact (|(arrive & compact)),
	.addr    (arrive_addr),
	.error   (arrive_error),
	.decerr  (arrive_decerr),
	.data    (arrive_data),
	.link    (arrive_link)
);

// Source tables

reg  [3:0] table_write_chan;
reg        table_write_set;
reg  [2:0] table_write_block;
integer    t;

always @(*) begin
	table_write_chan  = 4'd0;
	table_write_set   = 1'b0;
	table_write_block = 3'd0;
	for (t = 0; t < CHANNELS; t = t + 1)
		if (table_write[t]) begin
			table_write_chan  = t[3:0];
			table_write_set   = table_set[t];
			table_write_block = table_block[t*3 +: 3];
		end
end

wire [3:0]  table_read_chan;
wire        table_read_set;
wire [4:0]  table_read_entry;
wire [63:0] table_addr;
wire [7:0]  table_a;
wire [7:0]  table_b;

pqdma_table #(
	.CHANNELS (CHANNELS),
	.SOURCES  (SOURCES)
) u_table (
	.clk         (clk),
	.write       (|table_write),
	.write_chan  (table_write_chan),
	.write_set   (table_write_set),
	.write_block (table_write_block),
	.write_words (arrive_words),
	.read_chan   (table_read_chan),
	.read_set    (table_read_set),
	.read_entry  (table_read_entry),
	.read_addr   (table_addr),
	.read_a      (table_a),
	.read_b      (table_b)
);

// Strips

wire              taken;
wire [`BS_W-1:0]  strip;
wire [SLOT_W-1:0] slot;
wire              strip_read;
wire [`BX_W-1:0]  job;
wire [ROW_W-1:0]  first_row;
wire              seq_busy;
wire [3:0]        seq_chan;
wire              seq_set;
wire              read_ready;
wire              read_full;
wire              read_idle;
wire              no_room;
wire [8:0]        rows_released;
wire              strip_released;

pqdma_strip #(
	.CHANNELS    (CHANNELS),
	.DATA_W      (DATA_W),
	.STRIP_BYTES (STRIP_BYTES),
	.STRIPS      (STRIPS),
	.ROW_W       (ROW_W)
) u_strip (
	.clk            (clk),
	.rst_n          (rst_n),
	.eligible       (eligible),
	.cur            (cur),
	.cur_pos        (cur_pos),
	.cur_set        (cur_set),
	.burst          (burst),
	.compact        (compact),
	.piece          (piece),
	.piece_last     (piece_last),
	.class_of       (class_of),
	.weight         (weight),
	.take           (take),
	.take_last      (take_last),
	.take_bytes     (take_bytes),
	.take_row       (take_row),
	.taken          (taken),
	.strip          (strip),
	.seq_free       (!seq_busy),
	.read_ready     (read_ready),
	.read_full      (read_full),
	.no_room        (no_room),
	.read           (strip_read),
	.job        (job),
	.first_row      (first_row),
	.rows_released  (rows_released),
	.strip_released (strip_released)
);

// Their reads

wire              seq_offer;
wire [63:0]       read_addr;
wire [8:0]        read_beats;
wire [SLOT_W-1:0] read_slot;
wire [LB-1:0]     read_first_lane;
wire [LB-1:0]     read_last_lane;
wire              read_final;
wire              read_fresh;
wire [7:0]        read_a;
wire [7:0]        read_b;
wire              read_narrow;
wire              read_fixed;
wire [2:0]        read_size;
wire [ROW_W-1:0]  read_row;
wire [LB-1:0]     read_lane;
wire [ROW_W-1:0]  read_qrow;
wire [LB-1:0]     read_qlane;

pqdma_seq #(
	.DATA_W (DATA_W),
	.ROW_W  (ROW_W),
	.SLOT_W (SLOT_W)
) u_seq (
	.clk             (clk),
	.rst_n           (rst_n),
	.start           (strip_read),
	.job         (job),
	.first_row       (first_row),
	.slot            (slot),
	.busy            (seq_busy),
	.busy_chan       (seq_chan),
	.busy_set        (seq_set),
	.table_chan      (table_read_chan),
	.table_set       (table_read_set),
	.table_entry     (table_read_entry),
	.table_addr      (table_addr),
	.table_a         (table_a),
	.table_b         (table_b),
	.ready           (read_ready),
	.offer           (seq_offer),
	.read_addr       (read_addr),
	.read_beats      (read_beats),
	.read_slot       (read_slot),
	.read_first_lane (read_first_lane),
	.read_last_lane  (read_last_lane),
	.read_final      (read_final),
	.read_fresh      (read_fresh),
	.read_a          (read_a),
	.read_b          (read_b),
	.read_narrow     (read_narrow),
	.read_fixed      (read_fixed),
	.read_size       (read_size),
	.read_row        (read_row),
	.read_lane       (read_lane),
	.read_qrow       (read_qrow),
	.read_qlane      (read_qlane)
);

reg [CHANNELS-1:0] table_held_d;
integer            h;

always @(*) begin
	for (h = 0; h < CHANNELS; h = h + 1)
		table_held_d[h] = seq_busy && seq_chan == h[3:0] && seq_set == table_set[h];
end

assign table_held = table_held_d;

// Reads into the buffer

wire              buf_fresh;
wire [BYTES-1:0]  p_write;
wire [ROW_W-1:0]  p_row;
wire [BYTES-1:0]  p_carry;
wire [DATA_W-1:0] p_data;
wire [BYTES-1:0]  q_write;
wire [ROW_W-1:0]  q_row;
wire [BYTES-1:0]  q_carry;
wire [DATA_W-1:0] q_data;
wire [7:0]        beat_a;
wire [7:0]        beat_b;
wire [DATA_W-1:0] a_data;
wire [DATA_W-1:0] b_data;
wire [SLOT_W-1:0] done_slot;
wire              done;
wire              failed;
wire [1:0]        failed_resp;
wire [63:0]       failed_addr;

pqdma_read #(
	.DATA_W (DATA_W),
	.READS  (READS),
	.ROW_W  (ROW_W),
	.SLOT_W (SLOT_W)
) u_read (
	.clk             (clk),
	.rst_n           (rst_n),
	.m_axi_arid      (m_axi_arid),
	.m_axi_araddr    (m_axi_araddr),
	.m_axi_arlen     (m_axi_arlen),
	.m_axi_arsize    (m_axi_arsize),
	.m_axi_arburst   (m_axi_arburst),
	.m_axi_arvalid   (m_axi_arvalid),
	.m_axi_arready   (m_axi_arready),
	.m_axi_rid       (WITH_DESC_PORT != 0 ? 4'd0 : m_axi_rid),
	.m_axi_rresp     (m_axi_rresp),
	.m_axi_rlast     (m_axi_rlast),
	.m_axi_rvalid    (m_axi_rvalid),
	.m_axi_rready    (m_axi_rready),
	.fetch_offer     (m_fetch_offer),
	.fetch_addr      (fetch_offer_addr),
	.fetch_beats     (fetch_beats),
	.ar_free         (ar_free),
	.fetch_beat      (m_fetch_beat),
	.read_ready      (read_ready),
	.read_full       (read_full),
	.read_idle       (read_idle),
	.read            (strip_read || (seq_offer && read_ready)),
	.read_addr       (read_addr),
	.read_beats      (read_beats),
	.read_slot       (read_slot),
	.read_first_lane (read_first_lane),
	.read_last_lane  (read_last_lane),
	.read_final      (read_final),
	.read_fresh      (read_fresh),
	.read_a          (read_a),
	.read_b          (read_b),
	.read_narrow     (read_narrow),
	.read_fixed      (read_fixed),
	.read_size       (read_size),
	.read_row        (read_row),
	.read_lane       (read_lane),
	.read_qrow       (read_qrow),
	.read_qlane      (read_qlane),
	.buf_fresh       (buf_fresh),
	.p_write         (p_write),
	.p_row           (p_row),
	.p_carry         (p_carry),
	.p_data          (p_data),
	.q_write         (q_write),
	.q_row           (q_row),
	.q_carry         (q_carry),
	.q_data          (q_data),
	.beat_a          (beat_a),
	.beat_b          (beat_b),
	.a_data          (a_data),
	.b_data          (b_data),
	.done_slot       (done_slot),
	.done            (done),
	.failed          (failed),
	.failed_resp     (failed_resp),
	.failed_addr     (failed_addr)
);

wire [ROW_W-1:0]  drain_row;
wire [DATA_W-1:0] p_drain;
wire [DATA_W-1:0] q_drain;

pqdma_buf #(
	.DATA_W (DATA_W),
	.ROW_W  (ROW_W)
) u_p_buf (
	.clk        (clk),
	.fresh      (buf_fresh),
	.write      (p_write),
	.write_row  (p_row),
	.carry      (p_carry),
	.write_data (p_data),
	.read_row   (drain_row),
	.read_data  (p_drain)
);

generate if (WITH_PQ != 0) begin : g_pq
	pqdma_gf #(.DATA_W(DATA_W)) u_gf (
		.data   (m_axi_rdata),
		.a      (beat_a),
		.b      (beat_b),
		.a_data (a_data),
		.b_data (b_data)
	);

	pqdma_buf #(
		.DATA_W (DATA_W),
		.ROW_W  (ROW_W)
	) u_q_buf (
		.clk        (clk),
		.fresh      (buf_fresh),
		.write      (q_write),
		.write_row  (q_row),
		.carry      (q_carry),
		.write_data (q_data),
		.read_row   (drain_row),
		.read_data  (q_drain)
	);
end else begin : g_xor_only
	assign a_data  = m_axi_rdata;
	assign b_data  = {DATA_W{1'b0}};
	assign q_drain = {DATA_W{1'b0}};

	wire unused_q = &{1'b0, beat_a, beat_b, q_write, q_row, q_carry, q_data};
end endgenerate

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
	.m_axi_awsize  (m_axi_awsize),
	.m_axi_awburst (m_axi_awburst),
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
	.p_data        (p_drain),
	.q_data        (q_drain),
	.rows_released (rows_released),
	.sts_empty     (sts_empty),
	.sts           (sts),
	.sts_pop       (sts_pop),
	.cmpl_want     (cmpl_want),
	.cmpl_addr     (cmpl_addr),
	.cmpl_word     (cmpl_word),
	.cmpl_done     (cmpl_load),
	.ack_push      (ack_push),
	.ack           (ack)
);

pqdma_ack #(
	.CHANNELS (CHANNELS),
	.STRIPS   (STRIPS),
	.LINES    (LINES)
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
	.dack            (dack),
	.live            (live),
	.broken          (broken),
	.dbytes          (dbytes),
	.dbad            (dbad),
	.strip_released  (strip_released),
	.ev_strip        (ev_strip),
	.ev_good         (ev_good),
	.ev_bytes        (ev_bytes),
	.ev_bad          (ev_bad),
	.ev_status_push  (ev_status_push),
	.ev_status_done  (ev_status_done),
	.ev_cmpl_done    (cmpl_done),
	.ev_complete     (ev_complete),
	.ev_complete_irq (ev_complete_irq),
	.ev_poison       (ev_poison),
	.ev_broken       (ev_broken),
	.ev_error        (ev_error),
	.ev_error_code   (ev_error_code),
	.ev_error_addr   (ev_error_addr),
	.ev_error_desc   (ev_error_desc)
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
