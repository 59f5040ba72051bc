// SPDX-License-Identifier: MIT
// pqdma_ack - acknowledges, completions and errors, all in order
//
// One queue holds everything that waits for the memory's answer: strips, and the status writes of descriptors whose strips are
// acknowledged. This is the only place where a descriptor completes and the only place where an error is raised, so both
// happen in the order of the list.
`default_nettype none
`include "pqdma_regs.vh"
`include "pqdma_bundles.vh"

module pqdma_ack #(
	parameter CHANNELS = 4,
	parameter STRIPS   = 32,
	parameter [31:0] LINES = 4
) (
	input  wire                   clk,
	input  wire                   rst_n,

	// AXI4 write response. bready is always 1: there is a word for each burst.
	input  wire [1:0]             m_axi_bresp,
	input  wire                   m_axi_bvalid,
	output wire                   m_axi_bready,

	// From and to the write engine
	input  wire                   push,
	input  wire [`BA_W-1:0]       push_data,
	output wire                   sts_empty,
	output wire [`BC_W-1:0]       sts,
	input  wire                   sts_pop,

	// Request lines: a paced piece is done
	output wire [LINES-1:0]       dack,

	// The channels
	input  wire [CHANNELS-1:0]    live,
	input  wire [CHANNELS-1:0]    broken,
	input  wire [CHANNELS*32-1:0] dbytes,
	input  wire [CHANNELS*2-1:0]  dbad,

	// Events, one bit a channel, and what they carry
	output wire                   strip_released,
	output wire [CHANNELS-1:0]    ev_strip,
	output wire [CHANNELS-1:0]    ev_good,
	output wire [12:0]            ev_bytes,
	output wire [1:0]             ev_bad,
	output wire [CHANNELS-1:0]    ev_status_push,
	output wire [CHANNELS-1:0]    ev_status_done,
	output wire [CHANNELS-1:0]    ev_cmpl_done,
	output wire [CHANNELS-1:0]    ev_complete,
	output wire                   ev_complete_irq,
	output wire [CHANNELS-1:0]    ev_poison,
	output wire [CHANNELS-1:0]    ev_broken,
	output wire [CHANNELS-1:0]    ev_error,
	output wire [7:0]             ev_error_code,
	output wire [63:0]            ev_error_addr,
	output wire [63:0]            ev_error_desc
);

// A strip may have two destinations, a peripheral piece (one a channel) 16 bursts, and each channel has one completion word.
localparam AWAITED = 1 << $clog2(2 * STRIPS + 16 + 16 * CHANNELS);

// State: the response of a strip's first destination, until its second one is acknowledged

reg        held_bad_q;
reg        held_dec_q;
reg [63:0] held_addr_q;

// Queues

wire             empty;
wire [`BA_W-1:0] a;
wire             b_empty;
wire [1:0]       b_resp;
wire             pop;
wire             b_pop;
wire             sts_push;
wire [`BC_W-1:0] sts_word;

wire [$clog2(AWAITED):0]  n_awaited, n_responses;
wire [$clog2(STRIPS):0]   n_status;

pqdma_fifo #(.WIDTH(`BA_W), .DEPTH(AWAITED)) u_awaited (
	.clk       (clk),
	.rst_n     (rst_n),
	.clear     (1'b0),
	.push      (push),
	.push_data (push_data),
	.pop       (pop),
	.head      (a),
	.empty     (empty),
	.count     (n_awaited)
);

pqdma_fifo #(.WIDTH(2), .DEPTH(AWAITED)) u_responses (
	.clk       (clk),
	.rst_n     (rst_n),
	.clear     (1'b0),
	.push      (m_axi_bvalid),
	.push_data (m_axi_bresp),
	.pop       (b_pop),
	.head      (b_resp),
	.empty     (b_empty),
	.count     (n_responses)
);

pqdma_fifo #(.WIDTH(`BC_W), .DEPTH(STRIPS)) u_status (
	.clk       (clk),
	.rst_n     (rst_n),
	.clear     (1'b0),
	.push      (sts_push),
	.push_data (sts_word),
	.pop       (sts_pop),
	.head      (sts),
	.empty     (sts_empty),
	.count     (n_status)
);

assign pop   = !empty && (a[`BA_NOB] || !b_empty);
assign b_pop = pop && !a[`BA_NOB];

// The channel of the head

reg [CHANNELS-1:0] who;
reg [31:0]         its_dbytes;
reg [1:0]          its_dbad;
integer            c;

always @(*) begin
	its_dbytes = 32'd0;
	its_dbad = 2'd0;
	for (c = 0; c < CHANNELS; c = c + 1) begin
		who[c] = a[`BA_CHAN] == c[3:0];
		if (who[c]) begin
			its_dbytes = its_dbytes | dbytes[c*32 +: 32];
			its_dbad = its_dbad | dbad[c*2 +: 2];
		end
	end
end

wire its_live   = |(who & live);
wire its_broken = |(who & broken);

// Judgement

wire bad        = b_pop && b_resp[1];
wire is_strip   = pop && !a[`BA_STS] && !a[`BA_CMPL];
wire is_cmpl    = pop && a[`BA_CMPL];
wire is_status  = pop && a[`BA_STS];
wire strip_done = is_strip && !a[`BA_MORE];
wire own_code   = a[`BA_CODE] != `PQDMA_ERR_NONE;
wire strip_bad  = strip_done && (own_code || held_bad_q || bad);
wire strip_err  = strip_bad && its_live;
wire strip_good = strip_done && its_live && !strip_bad && !a[`BA_DROP];
wire status_bad = is_status && bad;
wire complete   = is_status && !bad && !own_code && !its_broken;
wire cmpl_bad   = is_cmpl && bad;
wire error      = strip_err || ((status_bad || cmpl_bad) && its_live);

reg [7:0] code;

always @(*) begin
	if (a[`BA_CMPL])
		code = b_resp[0] ? `PQDMA_ERR_CMPL_DECERR : `PQDMA_ERR_CMPL_SLVERR;
	else if (a[`BA_STS])
		code = b_resp[0] ? `PQDMA_ERR_STATUS_DECERR : `PQDMA_ERR_STATUS_SLVERR;
	else if (own_code)
		code = a[`BA_CODE];
	else
		code = (held_bad_q ? held_dec_q : b_resp[0]) ? `PQDMA_ERR_WRITE_DECERR : `PQDMA_ERR_WRITE_SLVERR;
end

always @(posedge clk) begin
	if (!rst_n)
		held_bad_q <= 1'b0;
	else if (is_strip)
		held_bad_q <= a[`BA_MORE] && (bad || held_bad_q);
end

always @(posedge clk) begin
	if (is_strip && !held_bad_q) begin
		held_dec_q  <= b_resp[0];
		held_addr_q <= a[`BA_ADDR];
	end
end

// Acknowledge to the peripheral

reg [LINES-1:0] dack_q;
integer         l;

always @(posedge clk) begin
	for (l = 0; l < LINES; l = l + 1)
		dack_q[l] <= rst_n && strip_good && a[`BA_PACED] && a[`BA_LINE] == l[4:0];
end

// Completion of a descriptor's data

assign sts_push = (strip_good && a[`BA_LAST]) || (strip_err && a[`BA_WB]);

reg [`BC_W-1:0] sts_d;

always @(*) begin
	sts_d = {`BC_W{1'b0}};
	sts_d[`BC_CHAN]  = a[`BA_CHAN];
	sts_d[`BC_WB]    = a[`BA_WB];
	sts_d[`BC_IRQ]   = a[`BA_IRQ] && !strip_err;
	sts_d[`BC_CODE]  = strip_err ? code : `PQDMA_ERR_NONE;
	sts_d[`BC_TAG]   = a[`BA_TAG];
	sts_d[`BC_BYTES] = its_dbytes + (strip_err ? 32'd0 : {19'd0, a[`BA_N]});
	sts_d[`BC_DESC]  = a[`BA_DESC];
	sts_d[`BC_SMALL] = a[`BA_SMALL];
	sts_d[`BC_BAD]   = strip_err ? 2'd0 : its_dbad | a[`BA_BAD];
end

// Outputs

assign dack            = dack_q;
assign sts_word        = sts_d;
assign m_axi_bready    = 1'b1;
assign strip_released  = is_status || (strip_done && !sts_push);
assign ev_strip        = strip_done ? who : {CHANNELS{1'b0}};
assign ev_good         = strip_good ? who : {CHANNELS{1'b0}};
assign ev_bytes        = a[`BA_N];
assign ev_bad          = a[`BA_BAD];
assign ev_status_push  = sts_push ? who : {CHANNELS{1'b0}};
assign ev_status_done  = is_status ? who : {CHANNELS{1'b0}};
assign ev_cmpl_done    = is_cmpl ? who : {CHANNELS{1'b0}};
assign ev_complete     = complete ? who : {CHANNELS{1'b0}};
assign ev_complete_irq = a[`BA_IRQ];
assign ev_poison       = (strip_bad && !own_code) || status_bad || cmpl_bad ? who : {CHANNELS{1'b0}};
assign ev_broken       = status_bad ? who : {CHANNELS{1'b0}};
assign ev_error        = error ? who : {CHANNELS{1'b0}};
assign ev_error_code   = code;
assign ev_error_addr   = held_bad_q && is_strip && !own_code ? held_addr_q : a[`BA_ADDR];
assign ev_error_desc   = a[`BA_DESC];

wire unused = &{1'b0, n_awaited, n_responses, n_status};      // the strip credits bound them

endmodule
