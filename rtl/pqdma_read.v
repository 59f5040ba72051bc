// SPDX-License-Identifier: MIT
// pqdma_read - AR and R channels
//
// One register in front of AR, shared by descriptor fetches (first), second reads and first reads of strips. A queue remembers the data
// reads in flight. Each data beat is rotated so that its bytes stand in their destination lanes and goes straight into the buffer;
// bytes that the rotation carries over go one row further down, so no beat ever waits.
`default_nettype none

module pqdma_read #(
	parameter DATA_W = 128,
	parameter [31:0] READS = 16,      // data reads in flight, power of two
	parameter ROW_W  = 8,
	parameter SLOT_W = 5
) (
	input  wire                        clk,
	input  wire                        rst_n,

	// AXI4 read channels. rready is always 1: room is reserved before a read is requested.
	output wire [3:0]                  m_axi_arid,
	output wire [63:0]                 m_axi_araddr,
	output wire [7:0]                  m_axi_arlen,
	output wire                        m_axi_arvalid,
	input  wire                        m_axi_arready,
	input  wire [3:0]                  m_axi_rid,
	input  wire [DATA_W-1:0]           m_axi_rdata,
	input  wire [1:0]                  m_axi_rresp,
	input  wire                        m_axi_rlast,
	input  wire                        m_axi_rvalid,
	output wire                        m_axi_rready,

	// Descriptor fetches
	input  wire                        fetch_offer,
	input  wire [63:0]                 fetch_addr,
	output wire                        ar_free,
	output wire                        fetch_beat,

	// Reads of the strip taken now
	output wire                        read_ready,
	output wire                        second_pending,
	input  wire                        read,
	input  wire [SLOT_W-1:0]           slot,
	input  wire [63:0]                 read_addr,
	input  wire [8:0]                  read_beats,
	input  wire [$clog2(DATA_W/8)-1:0] read_last_lane,
	input  wire                        second,
	input  wire [63:0]                 second_addr,
	input  wire [8:0]                  second_beats,
	input  wire [$clog2(DATA_W/8)-1:0] second_last_lane,
	input  wire [$clog2(DATA_W/8)-1:0] rotate,
	input  wire [ROW_W-1:0]            base,

	// Bytes into the buffer: lanes in `buf_carry` go to row `buf_row` + 1
	output wire [DATA_W/8-1:0]         buf_write,
	output wire [ROW_W-1:0]            buf_row,
	output wire [DATA_W/8-1:0]         buf_carry,
	output wire [DATA_W-1:0]           buf_data,

	// What became of the strip in `done_slot`
	output wire [SLOT_W-1:0]           done_slot,
	output wire                        done,
	output wire                        failed,
	output wire [1:0]                  failed_resp,
	output wire [63:0]                 failed_addr
);

localparam BYTES   = DATA_W / 8;
localparam LB      = $clog2(BYTES);
localparam COUNT_W = $clog2(READS) + 1;
localparam QUEUE_W = SLOT_W + ROW_W + 3*LB + 1 + 64;

localparam [31:0]        ROOM_32    = READS - 32'd2;
localparam [COUNT_W-1:0] ROOM_FOR_2 = ROOM_32[COUNT_W-1:0];
localparam [31:0]        FETCH_32    = BYTES < 64 ? 64 / BYTES : 1;
localparam [8:0]         FETCH_BEATS = FETCH_32[8:0];
localparam [3:0]         ID_DATA = 4'd0;
localparam [3:0]         ID_DESC = 4'd1;

// State

reg               arvalid_q;
reg [63:0]        araddr_q;
reg [7:0]         arlen_q;
reg [3:0]         arid_q;
reg               second_q;         // a second read waits for AR
reg [63:0]        second_addr_q;
reg [8:0]         second_beats_q;
reg [QUEUE_W-1:0] second_word_q;
reg [7:0]         beat_q;           // beats of the read at the head of the queue

// AR

assign ar_free = !arvalid_q || m_axi_arready;

wire        load_second = ar_free && !fetch_offer && second_q;
wire        load        = ar_free && (fetch_offer || second_q || read);
wire [63:0] read_word   = {read_addr[63:LB], {LB{1'b0}}};

reg [63:0] load_addr;
reg [8:0]  load_beats;

always @(*) begin
	load_addr  = read_word;
	load_beats = read_beats;
	if (fetch_offer) begin
		load_addr  = fetch_addr;
		load_beats = FETCH_BEATS;
	end else if (second_q) begin
		load_addr  = second_addr_q;
		load_beats = second_beats_q;
	end
end

wire [8:0] load_len = load_beats - 9'd1;

// Queue of reads in flight: {slot, base, rotate, first lane, last lane, final, address}

wire [ROW_W-1:0]   base2       = base + beats_w;
wire [15:0]        beats_ext   = {7'd0, read_beats};
wire [ROW_W-1:0]   beats_w     = beats_ext[ROW_W-1:0];
wire [QUEUE_W-1:0] first_word  = {slot, base, rotate, read_addr[LB-1:0], read_last_lane, !second, read_word};
wire [QUEUE_W-1:0] second_word = {slot, base2, rotate, {LB{1'b0}}, second_last_lane, 1'b1, second_addr};

wire [COUNT_W-1:0] count;
wire               empty;
wire [QUEUE_W-1:0] head;
wire               data_beat = m_axi_rvalid && m_axi_rid != ID_DESC;

pqdma_fifo #(.WIDTH(QUEUE_W), .DEPTH(READS)) u_queue (
	.clk       (clk),
	.rst_n     (rst_n),
	.clear     (1'b0),
	.push      (read || load_second),
	.push_data (read ? first_word : second_word_q),
	.pop       (data_beat && m_axi_rlast),
	.head      (head),
	.empty     (empty),
	.count     (count)
);

wire [63:0]       h_addr;
wire              h_final;
wire [LB-1:0]     h_last_lane;
wire [LB-1:0]     h_first_lane;
wire [LB-1:0]     h_rotate;
wire [ROW_W-1:0]  h_base;
wire [SLOT_W-1:0] h_slot;

assign {h_slot, h_base, h_rotate, h_first_lane, h_last_lane, h_final, h_addr} = head;

// Beats: bytes of the read, rotated into their lanes

reg [BYTES-1:0] valid_lanes;
integer         l;

always @(*) begin
	for (l = 0; l < BYTES; l = l + 1)
		valid_lanes[l] = (beat_q != 8'd0 || l[LB-1:0] >= h_first_lane) &&
				 (!m_axi_rlast || l[LB-1:0] <= h_last_lane);
end

wire [2*BYTES-1:0]  lanes2 = {valid_lanes, valid_lanes} << h_rotate;
wire [2*DATA_W-1:0] data2  = {m_axi_rdata, m_axi_rdata} << {h_rotate, 3'd0};
wire [15:0]         beat_ext = {8'd0, beat_q};

// Registers

always @(posedge clk) begin
	if (!rst_n) begin
		arvalid_q <= 1'b0;
		araddr_q  <= 64'd0;
		arlen_q   <= 8'd0;
		arid_q    <= 4'd0;
	end else if (load) begin
		arvalid_q <= 1'b1;
		araddr_q  <= load_addr;
		arlen_q   <= load_len[7:0];
		arid_q    <= fetch_offer ? ID_DESC : ID_DATA;
	end else if (m_axi_arready) begin
		arvalid_q <= 1'b0;
	end
end

always @(posedge clk) begin
	if (!rst_n)
		second_q <= 1'b0;
	else if (read)
		second_q <= second;
	else if (load_second)
		second_q <= 1'b0;
end

always @(posedge clk) begin
	if (read) begin
		second_addr_q  <= second_addr;
		second_beats_q <= second_beats;
		second_word_q  <= second_word;
	end
end

always @(posedge clk) begin
	if (!rst_n)
		beat_q <= 8'd0;
	else if (data_beat)
		beat_q <= m_axi_rlast ? 8'd0 : beat_q + 8'd1;
end

// Outputs

assign m_axi_arvalid  = arvalid_q;
assign m_axi_araddr   = araddr_q;
assign m_axi_arlen    = arlen_q;
assign m_axi_arid     = arid_q;
assign m_axi_rready   = 1'b1;
assign fetch_beat     = m_axi_rvalid && m_axi_rid == ID_DESC;
assign read_ready     = ar_free && !fetch_offer && count <= ROOM_FOR_2;
assign second_pending = second_q;
assign buf_write      = data_beat ? lanes2[2*BYTES-1:BYTES] : {BYTES{1'b0}};
assign buf_row        = h_base + beat_ext[ROW_W-1:0];
assign buf_carry      = ~({BYTES{1'b1}} << h_rotate);
assign buf_data       = data2[2*DATA_W-1:DATA_W];
assign done_slot      = h_slot;
assign done           = data_beat && m_axi_rlast && h_final;
assign failed         = data_beat && m_axi_rresp[1];
assign failed_resp    = m_axi_rresp;
assign failed_addr    = h_addr + {{56-LB{1'b0}}, beat_q, {LB{1'b0}}};

wire unused = &{1'b0, empty, beats_ext, beat_ext, load_len[8], lanes2[BYTES-1:0], data2[DATA_W-1:0]};

endmodule
