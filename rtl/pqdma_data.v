// SPDX-License-Identifier: MIT
// pqdma_data - the bytes of a strip, from memory through the strip buffer to memory
//
// A strip comes with room for all that it needs. Its reads are made in order, their bytes are put into the buffer (the sum with
// coefficients in the second half, if WITH_PQ), and it is written when all of them are there. Wires only.
`default_nettype none
`include "pqdma_bundles.vh"

module pqdma_data #(
	parameter CHANNELS       = 4,
	parameter DATA_W         = 128,
	parameter STRIPS         = 32,
	parameter READS          = 16,
	parameter ROW_W          = 8,    // log2 of the rows of the buffer
	parameter WITH_DESC_PORT = 0,
	parameter WITH_PQ        = 1
) (
	input  wire                   clk,
	input  wire                   rst_n,

	// Memory: AXI4 master, without B and the constant pins
	output wire [63:0]            m_axi_awaddr,
	output wire [7:0]             m_axi_awlen,
	output wire [2:0]             m_axi_awsize,
	output wire [1:0]             m_axi_awburst,
	output wire [3:0]             m_axi_awuser,
	output wire                   m_axi_awvalid,
	input  wire                   m_axi_awready,
	output wire [DATA_W-1:0]      m_axi_wdata,
	output wire [DATA_W/8-1:0]    m_axi_wstrb,
	output wire                   m_axi_wlast,
	output wire                   m_axi_wvalid,
	input  wire                   m_axi_wready,
	output wire [3:0]             m_axi_arid,
	output wire [63:0]            m_axi_araddr,
	output wire [7:0]             m_axi_arlen,
	output wire [2:0]             m_axi_arsize,
	output wire [1:0]             m_axi_arburst,
	output wire [3:0]             m_axi_aruser,
	output wire                   m_axi_arvalid,
	input  wire                   m_axi_arready,
	input  wire [3:0]             m_axi_rid,
	input  wire [DATA_W-1:0]      m_axi_rdata,
	input  wire [1:0]             m_axi_rresp,
	input  wire                   m_axi_rlast,
	input  wire                   m_axi_rvalid,
	output wire                   m_axi_rready,

	// Fetches go through the same AR register
	input  wire                   m_fetch_offer,
	input  wire [63:0]            fetch_offer_addr,
	input  wire [8:0]             fetch_beats,
	input  wire [3:0]             fetch_chan,
	output wire                   ar_free,
	output wire                   m_fetch_beat,

	// A strip, in the clock of `taken`; `strip_read` is high with it if it has reads
	input  wire                   taken,
	input  wire [`BS_W-1:0]       strip,
	input  wire                   strip_read,
	input  wire [`BX_W-1:0]       job,
	input  wire [ROW_W-1:0]       first_row,
	output wire                   seq_busy,    // reads of an earlier strip are left
	output wire                   read_ready,  // the first read can be made now
	output wire                   read_full,
	output wire                   read_idle,   // no data read is in flight
	output wire [8:0]             rows_released,

	// Source tables: the one in use, and an entry, read in the same clock
	output wire [3:0]             seq_chan,
	output wire                   seq_set,
	output wire [3:0]             table_read_chan,
	output wire                   table_read_set,
	output wire [4:0]             table_read_entry,
	input  wire [63:0]            table_addr,
	input  wire [7:0]             table_a,
	input  wire [7:0]             table_b,

	// Acknowledge queue, status queue, and channels whose strips are dropped or that are to be poisoned
	output wire                   ack_push,
	output wire [`BA_W-1:0]       ack,
	input  wire                   sts_empty,
	input  wire [`BC_W-1:0]       sts,
	output wire                   sts_pop,
	input  wire [CHANNELS-1:0]    kill,
	output wire [CHANNELS-1:0]    write_poison,

	// Completion words
	input  wire [CHANNELS-1:0]    cmpl_want,
	input  wire [CHANNELS*64-1:0] cmpl_addr,
	input  wire [CHANNELS*35-1:0] cmpl_word,
	output wire [CHANNELS-1:0]    cmpl_load    // this channel's is written
);

localparam BYTES  = DATA_W / 8;
localparam LB     = $clog2(BYTES);
localparam SLOT_W = $clog2(STRIPS);

wire [SLOT_W-1:0] slot;

// Reads of a strip

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
	.job             (job),
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
	.m_axi_aruser    (m_axi_aruser),
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
	.fetch_chan      (fetch_chan),
	.ar_free         (ar_free),
	.fetch_beat      (m_fetch_beat),
	.read_ready      (read_ready),
	.read_full       (read_full),
	.read_idle       (read_idle),
	.read            (strip_read || (seq_offer && read_ready)),
	.read_addr       (read_addr),
	.read_beats      (read_beats),
	.read_chan       (table_read_chan),
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

// Writes

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
	.m_axi_awuser  (m_axi_awuser),
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

endmodule
