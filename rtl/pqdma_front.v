// SPDX-License-Identifier: MIT
// pqdma_front - descriptors and source tables, from the lists' wish to checked words
//
// Fetches go out through the descriptor port, or through the memory port if there is none. A descriptor is checked in the clock in
// which it arrives; a piece of a source table is kept here, where the sequencer reads it.
`default_nettype none
`include "pqdma_bundles.vh"

module pqdma_front #(
	parameter CHANNELS       = 4,
	parameter DATA_W         = 128,
	parameter STRIP_BYTES    = 1024,
	parameter SOURCES        = 16,
	parameter LINES          = 4,
	parameter WITH_DESC_PORT = 0,
	parameter WITH_PQ        = 1
) (
	input  wire                   clk,
	input  wire                   rst_n,

	// Descriptor port
	output wire [3:0]             d_axi_arid,
	output wire [63:0]            d_axi_araddr,
	output wire [7:0]             d_axi_arlen,
	output wire [2:0]             d_axi_arsize,
	output wire [1:0]             d_axi_arburst,
	output wire [3:0]             d_axi_aruser,
	output wire [3:0]             d_axi_arcache,
	output wire [2:0]             d_axi_arprot,
	output wire                   d_axi_arvalid,
	input  wire                   d_axi_arready,
	input  wire [DATA_W-1:0]      d_axi_rdata,
	input  wire [1:0]             d_axi_rresp,
	input  wire                   d_axi_rlast,
	input  wire                   d_axi_rvalid,
	output wire                   d_axi_rready,

	// Without it: offer to the memory port's AR register, granted in the same clock if ar_free, and the beats that are fetches'
	output wire                   m_fetch_offer,
	output wire [63:0]            fetch_offer_addr,
	output wire [8:0]             fetch_beats,
	output wire [3:0]             fetch_chan,
	input  wire                   ar_free,
	input  wire                   m_fetch_beat,
	input  wire [DATA_W-1:0]      m_axi_rdata,
	input  wire [1:0]             m_axi_rresp,
	input  wire                   m_axi_rlast,

	// Fetches that the lists want, one bit or one word a channel
	input  wire [CHANNELS-1:0]    fetch,
	output wire [CHANNELS-1:0]    fetch_granted,
	input  wire [CHANNELS*64-1:0] fetch_addr,
	input  wire [CHANNELS-1:0]    fetch_is_table,
	input  wire [CHANNELS-1:0]    fetch_is_link,
	input  wire [CHANNELS-1:0]    fetch_takes_link,
	input  wire [CHANNELS-1:0]    compact,
	output wire                   fetch_idle,   // nothing is in flight

	// A descriptor or a piece of a source table arrives, checked
	output wire [CHANNELS-1:0]    arrive,
	output wire                   arrive_is_table,
	output wire                   arrive_is_link,
	output wire                   arrive_takes_link,
	output wire [63:0]            arrive_addr,
	output wire                   arrive_error,
	output wire                   arrive_decerr,
	output wire [`BD_W-1:0]       arrive_data,
	output wire [63:0]            arrive_link,
	input  wire [CHANNELS-1:0]    table_write,  // what arrives is written into its channel's table
	input  wire [CHANNELS-1:0]    table_set,
	input  wire [CHANNELS*3-1:0]  table_block,
	output wire [CHANNELS-1:0]    table_held,   // the sequencer reads in the set that the channel would write

	// The sequencer: whose table it is at, and an entry, read in the same clock
	input  wire                   seq_busy,
	input  wire [3:0]             seq_chan,
	input  wire                   seq_set,
	input  wire [3:0]             table_read_chan,
	input  wire                   table_read_set,
	input  wire [4:0]             table_read_entry,
	output wire [63:0]            table_addr,
	output wire [7:0]             table_a,
	output wire [7:0]             table_b
);

// Fetch

wire              fetch_offer;
wire              fetch_ar_free;
wire              fetch_beat;
wire [DATA_W-1:0] fetch_data;
wire [1:0]        fetch_resp;
wire              fetch_last;
wire [511:0]      arrive_words;

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
	.d_axi_aruser  (d_axi_aruser),
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
	.offer_chan    (fetch_chan),
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
	.offer_chan        (fetch_chan),
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

reg [CHANNELS-1:0] table_held_d;
integer            h;

always @(*) begin
	for (h = 0; h < CHANNELS; h = h + 1)
		table_held_d[h] = seq_busy && seq_chan == h[3:0] && seq_set == table_set[h];
end

assign table_held = table_held_d;

endmodule
