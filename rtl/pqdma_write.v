// SPDX-License-Identifier: MIT
// pqdma_write - drains strips and writes status words: AW and W channels
//
// Strips wait here in order until their bytes are in the buffer, then go out as one burst each; AW and the first W beat are loaded
// together. Two destinations make two bursts, P then Q; a check makes none and compares its rows with zero. Strips without bytes and strips
// dropped for an error pass without touching the bus: the acknowledge stage sees every strip, in order. Status writes go first.
`default_nettype none
`include "pqdma_regs.vh"
`include "pqdma_bundles.vh"

module pqdma_write #(
	parameter CHANNELS = 4,
	parameter DATA_W   = 128,
	parameter STRIPS   = 32,
	parameter ROW_W    = 8
) (
	input  wire                      clk,
	input  wire                      rst_n,

	// AXI4 write channels
	output wire [63:0]               m_axi_awaddr,
	output wire [7:0]                m_axi_awlen,
	output wire [2:0]                m_axi_awsize,
	output wire [1:0]                m_axi_awburst,
	output wire [3:0]                m_axi_awuser,
	output wire                      m_axi_awvalid,
	input  wire                      m_axi_awready,
	output wire [DATA_W-1:0]         m_axi_wdata,
	output wire [DATA_W/8-1:0]       m_axi_wstrb,
	output wire                      m_axi_wlast,
	output wire                      m_axi_wvalid,
	input  wire                      m_axi_wready,

	// A strip is taken; its slot
	input  wire                      taken,
	input  wire [`BS_W-1:0]          strip,
	output wire [$clog2(STRIPS)-1:0] slot,

	// What the reads of a slot came to
	input  wire [$clog2(STRIPS)-1:0] done_slot,
	input  wire                      done,
	input  wire                      failed,
	input  wire [1:0]                failed_resp,
	input  wire [63:0]               failed_addr,

	// Strips of these channels are dropped; these channels are to be poisoned
	input  wire [CHANNELS-1:0]       kill,
	output wire [CHANNELS-1:0]       poison,

	// Rows of the buffer, of both halves
	output wire [ROW_W-1:0]          read_row,
	input  wire [DATA_W-1:0]         p_data,
	input  wire [DATA_W-1:0]         q_data,
	output wire [8:0]                rows_released,

	// Status queue
	input  wire                      sts_empty,
	input  wire [`BC_W-1:0]          sts,
	output wire                      sts_pop,

	// Completion words: which channel wants one, and which is served in this clock
	input  wire [CHANNELS-1:0]       cmpl_want,
	input  wire [CHANNELS*64-1:0]    cmpl_addr,
	input  wire [CHANNELS*35-1:0]    cmpl_word,
	output wire [CHANNELS-1:0]       cmpl_done,

	// To the acknowledge queue
	output wire                      ack_push,
	output wire [`BA_W-1:0]          ack
);

localparam        BYTES   = DATA_W / 8;
localparam        LB      = $clog2(BYTES);
localparam [31:0] LB_32   = LB;
localparam [2:0]  SIZE    = LB_32[2:0];
localparam [1:0]  FIXED   = 2'b00;
localparam [1:0]  INCR    = 2'b01;
localparam        STS_TWO = DATA_W == 32;          // a word of 8 bytes takes two beats

// State

reg              awvalid_q;
reg [63:0]       awaddr_q;
reg [7:0]        awlen_q;
reg [2:0]        awsize_q;
reg [1:0]        awburst_q;
reg [3:0]        awuser_q;
reg              wvalid_q;
reg [DATA_W-1:0] wdata_q;
reg [BYTES-1:0]  wstrb_q;
reg              wlast_q;
reg              busy_q;        // a strip's burst has begun, beats remain
reg              busy_sts_q;    // the second beat of a status write remains
reg [8:0]        wbeat_q;
reg [31:0]       sts_high_q;
reg              phase_q;       // the second destination of the oldest strip is next
reg [12:0]       done_q;        // bytes of the oldest strip, a peripheral piece, that are written
reg              scan_q;        // a check has begun, rows remain
reg [1:0]        scan_bad_q;    // Q, P differ so far
reg              nob_late_q;    // a completion without status write gave way once: it is next
reg [ROW_W-1:0]  row_read_q;

// Strips in order

wire [`BS_W-1:0]  h;
wire              empty;
wire [$clog2(STRIPS):0] queued;
wire              strip_pop;

pqdma_fifo #(.WIDTH(`BS_W), .DEPTH(STRIPS)) u_strips (
	.clk       (clk),
	.rst_n     (rst_n),
	.clear     (1'b0),
	.push      (taken),
	.push_data (strip),
	.pop       (strip_pop),
	.head      (h),
	.empty     (empty),
	.count     (queued)
);

wire [8:0]  h_rows = h[`BS_ROWS];
wire        h_ready;
wire        h_rerr;
wire        h_rdec;
wire [63:0] h_raddr;

pqdma_slots #(.STRIPS(STRIPS)) u_slots (
	.clk         (clk),
	.rst_n       (rst_n),
	.taken       (taken),
	.taken_ready (strip[`BS_KIND] != `BS_DATA),
	.slot        (slot),
	.pop         (strip_pop),
	.done_slot   (done_slot),
	.done        (done),
	.failed      (failed),
	.failed_dec  (failed_resp[0]),
	.failed_addr (failed_addr),
	.ready       (h_ready),
	.error       (h_rerr),
	.error_dec   (h_rdec),
	.error_addr  (h_raddr)
);

reg [CHANNELS-1:0] who;
integer            k;

always @(*) begin
	for (k = 0; k < CHANNELS; k = k + 1)
		who[k] = h[`BS_CHAN] == k[3:0];
end

wire       killed = |(who & kill);
wire       own    = h[`BS_CODE] != `PQDMA_ERR_NONE;
wire [7:0] r_code = h_rdec ? `PQDMA_ERR_READ_DECERR : `PQDMA_ERR_READ_SLVERR;
wire [7:0] code   = killed ? `PQDMA_ERR_NONE : own ? h[`BS_CODE] : h_rerr ? r_code : `PQDMA_ERR_NONE;
wire       drop   = !phase_q && done_q == 13'd0 && (killed || code != `PQDMA_ERR_NONE);
wire       pass   = drop || h[`BS_KIND] == `BS_NONE;

// The burst whose turn it is

wire        dest_q;
wire [63:0] d_addr;
wire [8:0]  d_beats;
wire        more;
wire [12:0] next_done;
wire [5:0]  d_first;
wire [5:0]  d_last;
wire [15:0] d_row;
wire        d_narrow;
wire [2:0]  d_size;
wire        d_fixed;

pqdma_burst #(.DATA_W(DATA_W)) u_burst (
	.strip      (h),
	.phase      (phase_q),
	.done       (done_q),
	.beat       (beat),
	.dest_q     (dest_q),
	.addr       (d_addr),
	.beats      (d_beats),
	.more       (more),
	.next_done  (next_done),
	.first_lane (d_first),
	.last_lane  (d_last),
	.row        (d_row),
	.narrow     (d_narrow),
	.size       (d_size),
	.fixed      (d_fixed)
);

// What happens in this clock

wire w_free  = !wvalid_q || m_axi_wready;
wire free    = w_free && (!awvalid_q || m_axi_awready);
wire between = !busy_q && !busy_sts_q && !scan_q;
wire exists  = !empty && h_ready;
wire sts_wb  = !sts_empty && sts[`BC_WB];
wire sts_nob = !sts_empty && !sts[`BC_WB];

wire do_more   = busy_q && w_free;
wire do_more_s = busy_sts_q && w_free;
wire do_status = between && sts_wb && free;
wire do_cmpl   = between && !sts_wb && !nob_late_q && |cmpl_want && free;
wire do_word   = do_status || do_cmpl;
wire turn      = between && !sts_wb && !nob_late_q && !(|cmpl_want) && exists;
wire do_pass   = turn && pass;
wire do_scan   = scan_q || (turn && !pass && h[`BS_CHECK]);
wire do_strip  = turn && !pass && !h[`BS_CHECK] && free;
wire scan_last = do_scan && beat + 9'd1 == h_rows;
wire do_nob    = sts_nob && !do_pass && !do_strip && !scan_last && !do_cmpl;

wire [8:0] beat      = busy_q || scan_q ? wbeat_q : 9'd0;
wire       beat_last;
wire       load_row  = do_strip || do_more;
wire       dest_last = load_row && beat_last;

assign strip_pop = do_pass || scan_last || (dest_last && !more);

// Data and strobes of a strip's beat; words of 8 bytes

wire [DATA_W-1:0] row_data;
wire [BYTES-1:0]  row_strobes;
wire [1:0]        row_bad;

pqdma_wdata #(.DATA_W(DATA_W)) u_wdata (
	.strip   (h),
	.dest_q  (dest_q),
	.addr    (d_addr),
	.beats   (d_beats),
	.first   (d_first),
	.last    (d_last),
	.narrow  (d_narrow),
	.fixed   (d_fixed),
	.done    (done_q),
	.beat    (beat),
	.p_data  (p_data),
	.q_data  (q_data),
	.need    (load_row || do_scan),
	.check   (do_scan),
	.ends    (beat_last),
	.data    (row_data),
	.strobes (row_strobes),
	.bad     (row_bad)
);

wire [1:0]          scan_bad = scan_bad_q | row_bad;
wire [CHANNELS-1:0] cmpl_choice;
wire [3:0]          cmpl_chan;
wire [31:0]         word_later;
wire [63:0]         word_addr;
wire [DATA_W-1:0]   word_data;
wire [BYTES-1:0]    word_strobes;

pqdma_words #(
	.CHANNELS (CHANNELS),
	.DATA_W   (DATA_W)
) u_words (
	.sts         (sts),
	.is_status   (sts_wb),
	.cmpl_want   (cmpl_want),
	.cmpl_addr   (cmpl_addr),
	.cmpl_word   (cmpl_word),
	.cmpl_choice (cmpl_choice),
	.cmpl_chan   (cmpl_chan),
	.second      (busy_sts_q),
	.high        (sts_high_q),
	.later       (word_later),
	.addr        (word_addr),
	.data        (word_data),
	.strobes     (word_strobes)
);

wire [DATA_W-1:0] w_data_d = load_row ? row_data : word_data;
wire [BYTES-1:0]  w_strb_d = load_row ? row_strobes : word_strobes;
wire              w_last_d = load_row ? beat_last : busy_sts_q || !STS_TWO;

// Acknowledge to come

pqdma_await u_await (
	.is_strip (do_pass || do_strip || scan_last),
	.strip    (h),
	.passes   (do_pass),
	.nob      (!do_strip),
	.more     (do_strip && more),
	.bad      (scan_last ? scan_bad : 2'd0),
	.drop     (drop),
	.code     (code),
	.addr     (own ? h[`BS_PAT] : h_rerr ? h_raddr : d_addr),
	.is_cmpl  (do_cmpl),
	.chan     (cmpl_chan),
	.sts      (sts),
	.word_at  (word_addr),
	.ack      (ack)
);

// Registers

always @(posedge clk) begin
	if (!rst_n) begin
		awvalid_q <= 1'b0;
		awaddr_q  <= 64'd0;
		awlen_q   <= 8'd0;
		awsize_q  <= SIZE;
		awburst_q <= INCR;
		awuser_q  <= 4'd0;
	end else if (do_strip || do_word) begin
		awvalid_q <= 1'b1;
		awaddr_q  <= do_strip && d_narrow ? aw_to : {aw_to[63:LB], {LB{1'b0}}};
		awlen_q   <= do_strip ? rows_less_1[7:0] : STS_TWO ? 8'd1 : 8'd0;
		awsize_q  <= do_strip ? d_size : SIZE;
		awburst_q <= do_strip && d_fixed ? FIXED : INCR;
		awuser_q  <= ack[`BA_CHAN];
	end else if (m_axi_awready) begin
		awvalid_q <= 1'b0;
	end
end

wire [8:0]  rows_less_1 = d_beats - 9'd1;
wire [63:0] aw_to       = do_strip ? d_addr : word_addr;

always @(posedge clk) begin
	if (!rst_n) begin
		wvalid_q <= 1'b0;
		wdata_q  <= {DATA_W{1'b0}};
		wstrb_q  <= {BYTES{1'b0}};
		wlast_q  <= 1'b0;
	end else if (load_row || do_word || do_more_s) begin
		wvalid_q <= 1'b1;
		wdata_q  <= w_data_d;
		wstrb_q  <= w_strb_d;
		wlast_q  <= w_last_d;
	end else if (m_axi_wready) begin
		wvalid_q <= 1'b0;
	end
end

// Rows leave with the last destination of a strip, those that only the longer one had with its last beat

wire [8:0]  in_burst = h[`BS_PERI] ? (beat_last ? h_rows : 9'd0) : beat_last ? h_rows - d_beats + 9'd1 : 9'd1;
wire [8:0]  released = do_pass ? h_rows : do_scan ? 9'd1 : load_row && !more ? in_burst : 9'd0;
wire [15:0] released_ext = {7'd0, rows_released};

always @(posedge clk) begin
	if (!rst_n) begin
		busy_q     <= 1'b0;
		busy_sts_q <= 1'b0;
		wbeat_q    <= 9'd0;
		row_read_q <= {ROW_W{1'b0}};
		sts_high_q <= 32'd0;
		nob_late_q <= 1'b0;
		phase_q    <= 1'b0;
		done_q     <= 13'd0;
		scan_q     <= 1'b0;
		scan_bad_q <= 2'd0;
	end else begin
		nob_late_q <= sts_nob && !do_nob;
		if (load_row || do_scan)
			wbeat_q <= beat + 9'd1;
		if (load_row)
			busy_q <= !beat_last;
		if (dest_last) begin
			phase_q <= more && !h[`BS_PERI];
			done_q  <= more && h[`BS_PERI] ? next_done : 13'd0;
		end
		if (do_scan) begin
			scan_q     <= !scan_last;
			scan_bad_q <= scan_last ? 2'd0 : scan_bad;
		end
		if (do_word)
			sts_high_q <= word_later;
		if (do_word || do_more_s)
			busy_sts_q <= do_word && STS_TWO;
		row_read_q <= row_read_q + released_ext[ROW_W-1:0];
	end
end

// Outputs

assign m_axi_awvalid = awvalid_q;
assign m_axi_awaddr  = awaddr_q;
assign m_axi_awlen   = awlen_q;
assign m_axi_awsize  = awsize_q;
assign m_axi_awburst = awburst_q;
assign m_axi_awuser  = awuser_q;
assign m_axi_wvalid  = wvalid_q;
assign m_axi_wdata   = wdata_q;
assign m_axi_wstrb   = wstrb_q;
assign m_axi_wlast   = wlast_q;
assign read_row      = row_read_q + d_row[ROW_W-1:0];
assign rows_released = h[`BS_KIND] == `BS_DATA ? released : 9'd0;
assign sts_pop       = do_status || do_nob;
assign ack_push      = do_pass || do_strip || scan_last || do_word || do_nob;
assign cmpl_done     = do_cmpl ? cmpl_choice : {CHANNELS{1'b0}};
assign poison        = do_pass && code != `PQDMA_ERR_NONE ? who : {CHANNELS{1'b0}};

wire unused = &{1'b0, queued, failed_resp[1], rows_less_1[8], released_ext, d_row, LB_32, h};

endmodule
