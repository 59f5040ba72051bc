// SPDX-License-Identifier: MIT
// pqdma_fetch - reads descriptors and source tables for all channels
//
// Chooses among the channels' requests, offers the read to the AR register, remembers in order what is in flight, and puts the
// words of each descriptor together as the beats come.
`default_nettype none

module pqdma_fetch #(
	parameter CHANNELS = 4,
	parameter DATA_W   = 128,
	parameter [31:0] FETCHES = 16     // reads in flight, power of two
) (
	input  wire                   clk,
	input  wire                   rst_n,

	// Requests of the lists, one bit or one word a channel
	input  wire [CHANNELS-1:0]    fetch,
	input  wire [CHANNELS*64-1:0] fetch_addr,
	input  wire [CHANNELS-1:0]    fetch_is_table,
	input  wire [CHANNELS-1:0]    fetch_is_small,     // 32 bytes instead of 64
	input  wire [CHANNELS-1:0]    fetch_is_link,
	input  wire [CHANNELS-1:0]    fetch_takes_link,
	output wire [CHANNELS-1:0]    fetch_granted,

	// Offer to the AR register; it is granted in the same clock if ar_free
	output wire                   offer,
	output wire [63:0]            offer_addr,
	output wire [8:0]             offer_beats,
	output wire [3:0]             offer_chan,
	input  wire                   ar_free,

	// R beats of descriptors
	input  wire                   beat,
	input  wire [DATA_W-1:0]      beat_data,
	input  wire                   beat_error,
	input  wire                   beat_decerr,
	input  wire                   beat_last,

	// A descriptor arrives
	output wire [CHANNELS-1:0]    arrive,
	output wire                   arrive_is_table,
	output wire                   arrive_is_link,
	output wire                   arrive_takes_link,
	output wire [63:0]            arrive_addr,
	output wire                   arrive_error,
	output wire                   arrive_decerr,
	output wire [511:0]           arrive_words,

	output wire                   idle                // nothing is in flight
);

localparam BYTES   = DATA_W / 8;
localparam COUNT_W = $clog2(FETCHES) + 1;
localparam QUEUE_W = 71;

// Beats of what is needed: a full descriptor without its status word, a compact one without a link that is not taken, a link
localparam [31:0] TABLE_32 = (64 + BYTES - 1) / BYTES;
localparam [31:0] FULL_32  = (56 + BYTES - 1) / BYTES;
localparam [31:0] SMALL_32 = (32 + BYTES - 1) / BYTES;
localparam [31:0] INNER_32 = (24 + BYTES - 1) / BYTES;
localparam [31:0] LINK_32  = (8 + BYTES - 1) / BYTES;
localparam [31:0] LINK_AT  = 24 / BYTES;      // beat of a descriptor in which its link begins

localparam [63:0]        WHOLE = ~64'd0 << $clog2(BYTES);      // address bits that choose a beat
localparam [COUNT_W-1:0] FULL   = FETCHES[COUNT_W-1:0];

// State

reg [3:0]   beat_q;         // beats of this descriptor so far
reg [511:0] words_q;        // its words so far
reg         error_q;        // first bad response of this descriptor
reg         decerr_q;

// Choice

wire                any;
wire [CHANNELS-1:0] choice;
wire [3:0]          index;
wire [COUNT_W-1:0]  count;
wire                empty;
wire                grant = offer && ar_free;

pqdma_arb #(.N(CHANNELS)) u_arb (
	.clk     (clk),
	.rst_n   (rst_n),
	.request (fetch),
	.class_of ({CHANNELS{2'd0}}),
	.weight  ({CHANNELS{4'd1}}),
	.grant   (grant),
	.any     (any),
	.choice  (choice),
	.index   (index)
);

reg [63:0] addr_sel;
integer    c;

always @(*) begin
	addr_sel = 64'd0;
	for (c = 0; c < CHANNELS; c = c + 1)
		if (choice[c])
			addr_sel = addr_sel | fetch_addr[c*64 +: 64];
end

wire is_table   = |(choice & fetch_is_table);
wire is_small   = |(choice & fetch_is_small);
wire is_link    = |(choice & fetch_is_link);
wire takes_link = |(choice & fetch_takes_link);

wire [8:0] desc_beats = !is_small ? FULL_32[8:0] : takes_link ? SMALL_32[8:0] : INNER_32[8:0];
wire [8:0] beats      = is_table ? TABLE_32[8:0] : is_link ? LINK_32[8:0] : desc_beats;

// In flight: {channel, is_table, is_link, takes_link, address}

wire [QUEUE_W-1:0] head;

pqdma_fifo #(.WIDTH(QUEUE_W), .DEPTH(FETCHES)) u_queue (
	.clk       (clk),
	.rst_n     (rst_n),
	.clear     (1'b0),
	.push      (grant),
	.push_data ({index, is_table, is_link, takes_link, addr_sel}),
	.pop       (beat && beat_last),
	.head      (head),
	.empty     (empty),
	.count     (count)
);

// Words: 32-bit word w comes in beat (4 w)/BYTES. On a 64-byte bus a small descriptor may stand in the upper half of its beat.

wire [DATA_W-1:0] beat_words;

generate if (BYTES == 64) begin : g_upper
	assign beat_words = head[5] ? beat_data >> 256 : beat_data;
end else begin : g_whole
	assign beat_words = beat_data;
end endgenerate

wire [3:0]  place = head[65] ? beat_q + LINK_AT[3:0] : beat_q;
reg [511:0] words_d;
integer     w;

always @(*) begin
	words_d = words_q;
	for (w = 0; w < 16; w = w + 1)
		if ({28'd0, place} == (w * 4) / BYTES)
			words_d[w*32 +: 32] = beat_words[((w * 4) % BYTES)*8 +: 32];
end

reg [CHANNELS-1:0] arrive_d;
integer            a;

always @(*) begin
	arrive_d = {CHANNELS{1'b0}};
	for (a = 0; a < CHANNELS; a = a + 1)
		arrive_d[a] = beat && beat_last && head[70:67] == a[3:0];
end

// Registers

always @(posedge clk) begin
	if (!rst_n) begin
		beat_q   <= 4'd0;
		error_q  <= 1'b0;
		decerr_q <= 1'b0;
	end else if (beat && beat_last) begin
		beat_q   <= 4'd0;
		error_q  <= 1'b0;
	end else if (beat) begin
		beat_q   <= beat_q + 4'd1;
		error_q  <= arrive_error;
		decerr_q <= arrive_decerr;
	end
end

always @(posedge clk) begin
	if (beat)
		words_q <= words_d;
end

// Outputs

assign fetch_granted     = grant ? choice : {CHANNELS{1'b0}};
assign offer             = any && count != FULL;
assign offer_addr        = (addr_sel | (is_link ? 64'd24 : 64'd0)) & WHOLE;
assign offer_beats       = beats;
assign offer_chan        = index;
assign arrive            = arrive_d;
assign arrive_is_table   = head[66];
assign arrive_is_link    = head[65];
assign arrive_takes_link = head[64];
assign arrive_addr       = head[63:0];
assign arrive_error      = error_q || beat_error;
assign arrive_decerr     = error_q ? decerr_q : beat_decerr;
assign arrive_words      = words_d;
assign idle              = empty;

endmodule
