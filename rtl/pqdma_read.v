// SPDX-License-Identifier: MIT
// pqdma_read - AR and R channels
//
// One register in front of AR, shared by descriptor fetches (first) and the reads of strips. A queue remembers the data reads in flight.
// Each data beat is multiplied by its source's two coefficients, both products are rotated so that their bytes stand in their
// destination lanes, and go straight into the two halves of the buffer; bytes that the rotation carries over go one row further
// down, so no beat ever waits.
`default_nettype none

module pqdma_read #(
	parameter DATA_W = 128,
	parameter [31:0] READS = 16,       // data reads in flight, power of two
	parameter ROW_W  = 8,
	parameter SLOT_W = 5
) (
	input  wire                        clk,
	input  wire                        rst_n,

	// AXI4 read channels. rready is always 1: room is reserved before a read is requested.
	output wire [3:0]                  m_axi_arid,
	output wire [63:0]                 m_axi_araddr,
	output wire [7:0]                  m_axi_arlen,
	output wire [2:0]                  m_axi_arsize,
	output wire [1:0]                  m_axi_arburst,
	output wire [3:0]                  m_axi_aruser,   // the channel that it is for
	output wire                        m_axi_arvalid,
	input  wire                        m_axi_arready,
	input  wire [3:0]                  m_axi_rid,
	input  wire [1:0]                  m_axi_rresp,
	input  wire                        m_axi_rlast,
	input  wire                        m_axi_rvalid,
	output wire                        m_axi_rready,

	// Descriptor fetches
	input  wire                        fetch_offer,
	input  wire [63:0]                 fetch_addr,
	input  wire [8:0]                  fetch_beats,
	input  wire [3:0]                  fetch_chan,
	output wire                        ar_free,
	output wire                        fetch_beat,

	// A read of a strip: `read` comes only with `read_ready`
	output wire                        read_ready,
	output wire                        read_full,      // the queue of reads is full
	output wire                        read_idle,      // no read is in flight
	input  wire                        read,
	input  wire [63:0]                 read_addr,
	input  wire [8:0]                  read_beats,
	input  wire [3:0]                  read_chan,
	input  wire                        read_narrow,    // beats of 1 << read_size bytes
	input  wire                        read_fixed,     // at one address
	input  wire [2:0]                  read_size,
	input  wire [SLOT_W-1:0]           read_slot,
	input  wire [$clog2(DATA_W/8)-1:0] read_first_lane,
	input  wire [$clog2(DATA_W/8)-1:0] read_last_lane,
	input  wire                        read_final,
	input  wire                        read_fresh,
	input  wire [7:0]                  read_a,
	input  wire [7:0]                  read_b,
	input  wire [ROW_W-1:0]            read_row,
	input  wire [$clog2(DATA_W/8)-1:0] read_lane,
	input  wire [ROW_W-1:0]            read_qrow,
	input  wire [$clog2(DATA_W/8)-1:0] read_qlane,

	// Bytes into the P and Q halves of the buffer: lanes in `carry` go to the row after `row`
	output wire                        buf_fresh,
	output wire [DATA_W/8-1:0]         p_write,
	output wire [ROW_W-1:0]            p_row,
	output wire [DATA_W/8-1:0]         p_carry,
	output wire [DATA_W-1:0]           p_data,
	output wire [DATA_W/8-1:0]         q_write,
	output wire [ROW_W-1:0]            q_row,
	output wire [DATA_W/8-1:0]         q_carry,
	output wire [DATA_W-1:0]           q_data,

	// The products, made in between
	output wire [7:0]                  beat_a,
	output wire [7:0]                  beat_b,
	input  wire [DATA_W-1:0]           a_data,
	input  wire [DATA_W-1:0]           b_data,

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
localparam QUEUE_W = SLOT_W + 2*ROW_W + 4*LB + 7 + 16 + 64;

localparam [COUNT_W-1:0] FULL = READS[COUNT_W-1:0];
localparam [31:0]        LB_32   = LB;
localparam [2:0]         SIZE    = LB_32[2:0];
localparam [1:0]         FIXED   = 2'b00;
localparam [1:0]         INCR    = 2'b01;
localparam [3:0]         ID_DATA = 4'd0;
localparam [3:0]         ID_DESC = 4'd1;

// State

reg        arvalid_q;
reg [63:0] araddr_q;
reg [7:0]  arlen_q;
reg [3:0]  arid_q;
reg [2:0]  arsize_q;
reg [1:0]  arburst_q;
reg [3:0]  aruser_q;
reg [7:0]  beat_q;          // beats of the read at the head of the queue

// AR

assign ar_free = !arvalid_q || m_axi_arready;

wire [8:0] load_beats = fetch_offer ? fetch_beats : read_beats;
wire [8:0] load_len   = load_beats - 9'd1;

// Queue of reads in flight

wire [COUNT_W-1:0] count;
wire               empty;
wire [QUEUE_W-1:0] head;
wire               data_beat = m_axi_rvalid && m_axi_rid != ID_DESC;

pqdma_fifo #(.WIDTH(QUEUE_W), .DEPTH(READS)) u_queue (
	.clk       (clk),
	.rst_n     (rst_n),
	.clear     (1'b0),
	.push      (read),
	.push_data ({read_slot, read_row, read_qrow, read_lane, read_qlane, read_first_lane, read_last_lane,
		     read_narrow, read_fixed, read_size, read_final, read_fresh, read_a, read_b, read_addr}),
	.pop       (data_beat && m_axi_rlast),
	.head      (head),
	.empty     (empty),
	.count     (count)
);

wire [SLOT_W-1:0] h_slot;
wire [ROW_W-1:0]  h_row;
wire [ROW_W-1:0]  h_qrow;
wire [LB-1:0]     h_lane;
wire [LB-1:0]     h_qlane;
wire [LB-1:0]     h_first_lane;
wire [LB-1:0]     h_last_lane;
wire              h_narrow;
wire              h_fixed;
wire [2:0]        h_size;
wire              h_final;
wire              h_fresh;
wire [63:0]       h_addr;

assign {h_slot, h_row, h_qrow, h_lane, h_qlane, h_first_lane, h_last_lane, h_narrow, h_fixed, h_size, h_final, h_fresh,
	beat_a, beat_b, h_addr} = head;

// Place of the beat: where its first byte comes from and goes to. A narrow read has gone on by so many bytes, any other by rows.

wire [14:0] gone      = {7'd0, beat_q} << h_size;
wire [14:0] narrow_by = h_narrow ? gone : 15'd0;
wire [14:0] p_place   = {{15-LB{1'b0}}, h_lane} + narrow_by;
wire [14:0] q_place   = {{15-LB{1'b0}}, h_qlane} + narrow_by;
wire [14:0] p_down    = p_place >> LB;
wire [14:0] q_down    = q_place >> LB;
wire [15:0] down      = h_narrow ? 16'd0 : {8'd0, beat_q};
wire [15:0] p_rows    = {1'b0, p_down} + down;
wire [15:0] q_rows    = {1'b0, q_down} + down;

wire [LB-1:0] lane = h_first_lane + (h_narrow && !h_fixed ? gone[LB-1:0] : {LB{1'b0}});
wire [LB-1:0] rot  = p_place[LB-1:0] - lane;
wire [LB-1:0] qrot = q_place[LB-1:0] - lane;

localparam [ROW_W-1:0] ROW_ONE = 1;
localparam [ROW_W-1:0] ROW_0   = 0;

// Beats: bytes of the read, rotated into their lanes. The rotation of an ordinary read is that of its first beat.

wire [6:0]      wide  = 7'd1 << h_size;
reg [BYTES-1:0] valid_lanes;
integer         l;

always @(*) begin
	for (l = 0; l < BYTES; l = l + 1)
		if (h_narrow)
			valid_lanes[l] = data_beat && l[LB-1:0] >= lane && {1'b0, l[5:0]} < {{7-LB{1'b0}}, lane} + wide;
		else
			valid_lanes[l] = data_beat && (beat_q != 8'd0 || l[LB-1:0] >= h_first_lane) &&
					 (!m_axi_rlast || l[LB-1:0] <= h_last_lane);
end

wire [2*BYTES-1:0]  p_lanes = {valid_lanes, valid_lanes} << rot;
wire [2*BYTES-1:0]  q_lanes = {valid_lanes, valid_lanes} << qrot;
wire [2*DATA_W-1:0] p_wide  = {a_data, a_data} << {rot, 3'd0};
wire [2*DATA_W-1:0] q_wide  = {b_data, b_data} << {qrot, 3'd0};

// Registers

always @(posedge clk) begin
	if (!rst_n) begin
		arvalid_q <= 1'b0;
		araddr_q  <= 64'd0;
		arlen_q   <= 8'd0;
		arid_q    <= 4'd0;
		arsize_q  <= SIZE;
		arburst_q <= INCR;
		aruser_q  <= 4'd0;
	end else if (ar_free && (fetch_offer || read)) begin
		arvalid_q <= 1'b1;
		araddr_q  <= fetch_offer ? fetch_addr : read_addr;
		arlen_q   <= load_len[7:0];
		arid_q    <= fetch_offer ? ID_DESC : ID_DATA;
		arsize_q  <= fetch_offer ? SIZE : read_size;
		arburst_q <= !fetch_offer && read_fixed ? FIXED : INCR;
		aruser_q  <= fetch_offer ? fetch_chan : read_chan;
	end else if (m_axi_arready) begin
		arvalid_q <= 1'b0;
	end
end

always @(posedge clk) begin
	if (!rst_n)
		beat_q <= 8'd0;
	else if (data_beat)
		beat_q <= m_axi_rlast ? 8'd0 : beat_q + 8'd1;
end

// Outputs

assign m_axi_arvalid = arvalid_q;
assign m_axi_araddr  = araddr_q;
assign m_axi_arlen   = arlen_q;
assign m_axi_arid    = arid_q;
assign m_axi_arsize  = arsize_q;
assign m_axi_arburst = arburst_q;
assign m_axi_aruser  = aruser_q;
assign m_axi_rready  = 1'b1;
assign fetch_beat    = m_axi_rvalid && m_axi_rid == ID_DESC;
assign read_full     = count == FULL;
assign read_idle     = empty;
assign read_ready    = ar_free && !fetch_offer && !read_full;
assign buf_fresh     = h_fresh;
assign p_write       = p_lanes[2*BYTES-1:BYTES];
assign p_row         = h_row + p_rows[ROW_W-1:0] - (p_place[LB-1:0] < lane ? ROW_ONE : ROW_0);
assign p_carry       = ~({BYTES{1'b1}} << rot);
assign p_data        = p_wide[2*DATA_W-1:DATA_W];
assign q_write       = q_lanes[2*BYTES-1:BYTES];
assign q_row         = h_qrow + q_rows[ROW_W-1:0] - (q_place[LB-1:0] < lane ? ROW_ONE : ROW_0);
assign q_carry       = ~({BYTES{1'b1}} << qrot);
assign q_data        = q_wide[2*DATA_W-1:DATA_W];
assign done_slot     = h_slot;
assign done          = data_beat && m_axi_rlast && h_final;
assign failed        = data_beat && m_axi_rresp[1];
assign failed_resp   = m_axi_rresp;
assign failed_addr   = h_addr + (!h_narrow ? {{56-LB{1'b0}}, beat_q, {LB{1'b0}}} : h_fixed ? 64'd0 : {49'd0, gone});

wire unused = &{1'b0, p_rows, q_rows, LB_32, load_len[8], p_lanes[BYTES-1:0], p_wide[DATA_W-1:0], q_lanes[BYTES-1:0],
		q_wide[DATA_W-1:0]};

endmodule
