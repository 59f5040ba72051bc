// SPDX-License-Identifier: MIT
// pqdma_write - drains strips and writes status words: AW and W channels
//
// Strips wait here in order until their bytes are in the buffer, then go out as one burst each; AW and the first W beat are
// loaded together. A strip with two destinations makes two bursts, P then Q; a check makes none and compares its rows with zero. Strips that carry no bytes, and strips that are dropped because of an error, pass without touching the bus, so
// that the acknowledge stage sees every strip, in order. Status writes go first.
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

	// To the acknowledge queue
	output wire                      ack_push,
	output wire [`BA_W-1:0]          ack
);

localparam BYTES  = DATA_W / 8;
localparam LB     = $clog2(BYTES);
localparam SLOT_W = $clog2(STRIPS);

localparam [SLOT_W-1:0] SLOT_ONE = 1;
localparam [ROW_W-1:0]  ROW_0    = 0;

localparam [31:0] STS_OFF_32 = 56 - 56 % BYTES;
localparam [63:0] STS_OFFSET = {32'd0, STS_OFF_32};  // of the status write's first bus word in the descriptor
localparam        STS_LANE   = 56 % BYTES;
localparam        STS_TWO    = DATA_W == 32;        // the status word takes two beats

// State

reg              awvalid_q;
reg [63:0]       awaddr_q;
reg [7:0]        awlen_q;
reg              wvalid_q;
reg [DATA_W-1:0] wdata_q;
reg [BYTES-1:0]  wstrb_q;
reg              wlast_q;
reg              busy_q;        // a strip's burst has begun, beats remain
reg              busy_sts_q;    // the second beat of a status write remains
reg [8:0]        wbeat_q;
reg [31:0]       sts_high_q;
reg              phase_q;       // the second destination of the oldest strip is next
reg              scan_q;        // a check has begun, rows remain
reg [1:0]        scan_bad_q;    // Q, P differ so far
reg              nob_late_q;    // a completion without status write gave way once: it is next
reg [ROW_W-1:0]  row_read_q;
reg [SLOT_W-1:0] head_slot_q;   // slot of the oldest strip
reg [SLOT_W-1:0] tail_slot_q;   // slot of the next strip
reg [STRIPS-1:0] ready_q;       // per slot: all its bytes are in the buffer
reg [STRIPS-1:0] rerr_q;        // per slot: a read failed
reg [STRIPS-1:0] rdec_q;        // per slot: ... with DECERR
reg [63:0]       raddr_mem [0:STRIPS-1];

// Strips in order

wire [`BS_W-1:0]  h;
wire              empty;
wire [SLOT_W:0]   queued;
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

wire [1:0]  h_kind = h[`BS_KIND];
wire [8:0]  h_rows = h[`BS_ROWS];
wire [8:0]  p_rows = h[`BS_PROWS];
wire [8:0]  q_rows = h[`BS_QROWS];
wire        check  = h[`BS_CHECK];
wire        h_rerr = rerr_q[head_slot_q];
wire        h_rdec = rdec_q[head_slot_q];
wire [63:0] h_raddr = raddr_mem[head_slot_q];
wire        data   = h_kind == `BS_DATA;

reg     killed;
integer k;

always @(*) begin
	killed = 1'b0;
	for (k = 0; k < CHANNELS; k = k + 1)
		if (h[`BS_CHAN] == k[3:0])
			killed = kill[k];
end

reg [7:0] code;

always @(*) begin
	code = `PQDMA_ERR_NONE;
	if (killed)
		code = `PQDMA_ERR_NONE;
	else if (h[`BS_CODE] != `PQDMA_ERR_NONE)
		code = h[`BS_CODE];
	else if (h_rerr)
		code = h_rdec ? `PQDMA_ERR_READ_DECERR : `PQDMA_ERR_READ_SLVERR;
end

wire drop = !phase_q && (killed || code != `PQDMA_ERR_NONE);
wire pass = drop || h_kind == `BS_NONE;

// The destination whose turn it is

wire        dest_q = phase_q || !h[`BS_USE_P];
wire        more   = h[`BS_USE_P] && h[`BS_USE_Q] && !phase_q && !check;
wire [63:0] d_addr = dest_q ? h[`BS_QD] : h[`BS_PD];
wire [8:0]  d_rows = dest_q ? q_rows : p_rows;
wire [5:0]  d_do   = dest_q ? h[`BS_QDO] : h[`BS_DO];
wire [5:0]  d_eo   = dest_q ? h[`BS_QEO] : h[`BS_EO];

// What happens in this clock

wire w_free  = !wvalid_q || m_axi_wready;
wire free    = w_free && (!awvalid_q || m_axi_awready);
wire between = !busy_q && !busy_sts_q && !scan_q;
wire exists  = !empty && ready_q[head_slot_q];
wire sts_wb  = !sts_empty && sts[`BC_WB];
wire sts_nob = !sts_empty && !sts[`BC_WB];

wire do_more   = busy_q && w_free;
wire do_more_s = busy_sts_q && w_free;
wire do_status = between && sts_wb && free;
wire turn      = between && !sts_wb && !nob_late_q && exists;
wire do_pass   = turn && pass;
wire do_scan   = scan_q || (turn && !pass && check);
wire do_strip  = turn && !pass && !check && free;
wire scan_last = do_scan && beat + 9'd1 == h_rows;
wire do_nob    = sts_nob && !do_pass && !do_strip && !scan_last;

wire [8:0] beat      = busy_q || scan_q ? wbeat_q : 9'd0;
wire       beat_last = beat + 9'd1 == d_rows;
wire       load_row  = do_strip || do_more;
wire       dest_last = load_row && beat_last;

assign strip_pop = do_pass || scan_last || (dest_last && !more);
assign slot      = tail_slot_q;

// Data and strobes of a strip's beat

wire [DATA_W-1:0] pattern;

generate if (DATA_W == 32) begin : g_pattern_half
	assign pattern = d_addr[2] ^ beat[0] ? h[292 + 63 -: 32] : h[292 + 31 -: 32];
end else begin : g_pattern_full
	assign pattern = {(DATA_W / 64){h[`BS_PAT]}};
end endgenerate

reg [BYTES-1:0] lanes;
integer         l;

always @(*) begin
	for (l = 0; l < BYTES; l = l + 1)
		lanes[l] = (beat != 9'd0 || l[5:0] >= d_do) && (!beat_last || l[5:0] <= d_eo);
end

// A row of a check: bytes of P and Q that are not zero

reg [1:0] row_bad;
integer   r;

always @(*) begin
	row_bad = 2'd0;
	if (do_scan)
		for (r = 0; r < BYTES; r = r + 1) begin
			if (h[`BS_USE_P] && beat < p_rows && (beat != 9'd0 || r[5:0] >= h[`BS_DO]) &&
			    (beat + 9'd1 != p_rows || r[5:0] <= h[`BS_EO]) && p_data[r*8 +: 8] != 8'd0)
				row_bad[0] = 1'b1;
			if (h[`BS_USE_Q] && beat < q_rows && (beat != 9'd0 || r[5:0] >= h[`BS_QDO]) &&
			    (beat + 9'd1 != q_rows || r[5:0] <= h[`BS_QEO]) && q_data[r*8 +: 8] != 8'd0)
				row_bad[1] = 1'b1;
		end
end

wire [1:0] scan_bad = scan_bad_q | row_bad;

// Status word

wire [63:0] sts_word = {1'b1, 5'd0, sts[`BC_BAD], sts[`BC_CODE], sts[`BC_TAG], sts[`BC_BYTES]};

reg [DATA_W-1:0] w_data_d;
reg [BYTES-1:0]  w_strb_d;
reg              w_last_d;
integer          b;

always @(*) begin
	w_data_d = {DATA_W{1'b0}};
	w_strb_d = {BYTES{1'b0}};
	w_last_d = 1'b1;
	if (load_row) begin
		w_strb_d = lanes;
		w_last_d = beat_last;
		for (b = 0; b < BYTES; b = b + 1)
			if (lanes[b])
				w_data_d[b*8 +: 8] = !data ? pattern[b*8 +: 8] : dest_q ? q_data[b*8 +: 8] : p_data[b*8 +: 8];
	end else begin
		for (b = 0; b < BYTES; b = b + 1)
			if (b >= STS_LANE && b < STS_LANE + 8) begin
				w_strb_d[b] = 1'b1;
				w_data_d[b*8 +: 8] = busy_sts_q ? sts_high_q[(b - STS_LANE)%4*8 +: 8] :
							          sts_word[(b - STS_LANE)*8 +: 8];
			end
		w_last_d = busy_sts_q || !STS_TWO;
	end
end

// Acknowledge to come

reg [`BA_W-1:0] ack_d;

always @(*) begin
	ack_d = {`BA_W{1'b0}};
	if (do_pass || do_strip || scan_last) begin
		ack_d[`BA_CHAN] = h[`BS_CHAN];
		ack_d[`BA_NOB]  = !do_strip;
		ack_d[`BA_MORE] = do_strip && more;
		ack_d[`BA_BAD]  = scan_last ? scan_bad : 2'd0;
		ack_d[`BA_DROP] = drop;
		ack_d[`BA_CODE] = do_pass ? code : `PQDMA_ERR_NONE;
		ack_d[`BA_N]    = h[`BS_N];
		ack_d[`BA_LAST] = h[`BS_LAST];
		ack_d[`BA_WB]   = h[`BS_WB];
		ack_d[`BA_IRQ]  = h[`BS_IRQ];
		ack_d[`BA_TAG]  = h[`BS_TAG];
		ack_d[`BA_DESC] = h[`BS_DESC];
		ack_d[`BA_ADDR] = d_addr;
		if (h[`BS_CODE] != `PQDMA_ERR_NONE)
			ack_d[`BA_ADDR] = h[`BS_PAT];
		else if (h_rerr)
			ack_d[`BA_ADDR] = h_raddr;
	end else begin
		ack_d[`BA_STS]  = 1'b1;
		ack_d[`BA_CHAN] = sts[`BC_CHAN];
		ack_d[`BA_NOB]  = !sts[`BC_WB];
		ack_d[`BA_CODE] = sts[`BC_CODE];
		ack_d[`BA_IRQ]  = sts[`BC_IRQ];
		ack_d[`BA_DESC] = sts[`BC_DESC];
		ack_d[`BA_ADDR] = sts[`BC_DESC] + `PQDMA_DESC_STATUS_OFFSET;
	end
end

reg [CHANNELS-1:0] poison_d;
integer            p;

always @(*) begin
	for (p = 0; p < CHANNELS; p = p + 1)
		poison_d[p] = do_pass && code != `PQDMA_ERR_NONE && h[`BS_CHAN] == p[3:0];
end

// Registers

always @(posedge clk) begin
	if (!rst_n) begin
		awvalid_q <= 1'b0;
		awaddr_q  <= 64'd0;
		awlen_q   <= 8'd0;
	end else if (do_strip) begin
		awvalid_q <= 1'b1;
		awaddr_q  <= {d_addr[63:LB], {LB{1'b0}}};
		awlen_q   <= rows_less_1[7:0];
	end else if (do_status) begin
		awvalid_q <= 1'b1;
		awaddr_q  <= sts[`BC_DESC] + STS_OFFSET;
		awlen_q   <= STS_TWO ? 8'd1 : 8'd0;
	end else if (m_axi_awready) begin
		awvalid_q <= 1'b0;
	end
end

wire [8:0] rows_less_1 = d_rows - 9'd1;

always @(posedge clk) begin
	if (!rst_n) begin
		wvalid_q <= 1'b0;
		wdata_q  <= {DATA_W{1'b0}};
		wstrb_q  <= {BYTES{1'b0}};
		wlast_q  <= 1'b0;
	end else if (load_row || do_status || do_more_s) begin
		wvalid_q <= 1'b1;
		wdata_q  <= w_data_d;
		wstrb_q  <= w_strb_d;
		wlast_q  <= w_last_d;
	end else if (m_axi_wready) begin
		wvalid_q <= 1'b0;
	end
end

// Rows leave with the last destination of a strip, those that only the longer one had with its last beat

reg [8:0] released;

always @(*) begin
	released = 9'd0;
	if (do_pass)
		released = h_rows;
	else if (do_scan)
		released = 9'd1;
	else if (load_row && !more)
		released = beat_last ? h_rows - d_rows + 9'd1 : 9'd1;
end

wire [15:0] released_ext = {7'd0, rows_released};
wire [15:0] beat_ext     = {7'd0, beat};

always @(posedge clk) begin
	if (!rst_n) begin
		busy_q     <= 1'b0;
		busy_sts_q <= 1'b0;
		wbeat_q    <= 9'd0;
		row_read_q <= {ROW_W{1'b0}};
		sts_high_q <= 32'd0;
		nob_late_q <= 1'b0;
		phase_q    <= 1'b0;
		scan_q     <= 1'b0;
		scan_bad_q <= 2'd0;
	end else begin
		nob_late_q <= sts_nob && !do_nob;
		if (load_row) begin
			busy_q  <= !beat_last;
			wbeat_q <= beat + 9'd1;
		end
		if (dest_last)
			phase_q <= more;
		if (do_scan) begin
			scan_q     <= !scan_last;
			scan_bad_q <= scan_last ? 2'd0 : scan_bad;
			wbeat_q    <= beat + 9'd1;
		end
		if (do_status) begin
			busy_sts_q <= STS_TWO;
			sts_high_q <= sts_word[63:32];
		end else if (do_more_s) begin
			busy_sts_q <= 1'b0;
		end
		row_read_q <= row_read_q + released_ext[ROW_W-1:0];
	end
end

always @(posedge clk) begin
	if (!rst_n) begin
		head_slot_q <= {SLOT_W{1'b0}};
		tail_slot_q <= {SLOT_W{1'b0}};
	end else begin
		if (strip_pop)
			head_slot_q <= head_slot_q + SLOT_ONE;
		if (taken)
			tail_slot_q <= tail_slot_q + SLOT_ONE;
	end
end

always @(posedge clk) begin
	if (!rst_n) begin
		ready_q <= {STRIPS{1'b0}};
		rerr_q  <= {STRIPS{1'b0}};
		rdec_q  <= {STRIPS{1'b0}};
	end else begin
		if (done)
			ready_q[done_slot] <= 1'b1;
		if (failed && !rerr_q[done_slot]) begin
			rerr_q[done_slot] <= 1'b1;
			rdec_q[done_slot] <= failed_resp[0];
		end
		if (taken) begin
			ready_q[slot] <= strip[`BS_KIND] != `BS_DATA;
			rerr_q[slot]  <= 1'b0;
		end
	end
end

always @(posedge clk) begin
	if (failed && !rerr_q[done_slot])
		raddr_mem[done_slot] <= failed_addr;
end

// Outputs

assign m_axi_awvalid = awvalid_q;
assign m_axi_awaddr  = awaddr_q;
assign m_axi_awlen   = awlen_q;
assign m_axi_wvalid  = wvalid_q;
assign m_axi_wdata   = wdata_q;
assign m_axi_wstrb   = wstrb_q;
assign m_axi_wlast   = wlast_q;
assign read_row      = row_read_q + (more ? beat_ext[ROW_W-1:0] : ROW_0);
assign rows_released = data ? released : 9'd0;
assign sts_pop       = do_status || do_nob;
assign ack_push      = do_pass || do_strip || scan_last || do_status || do_nob;
assign ack           = ack_d;
assign poison        = poison_d;

wire unused = &{1'b0, queued, failed_resp[1], rows_less_1[8], released_ext, beat_ext, h};

endmodule
