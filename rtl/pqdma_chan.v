// SPDX-License-Identifier: MIT
// pqdma_chan - one channel as software sees it
//
// Its registers, its state, what is outstanding, its interrupt and its error record. What happens in the
// datapath comes in as events, one clock each; docs/timing.md section 4 gives their order of precedence.
`default_nettype none
`include "pqdma_regs.vh"

module pqdma_chan (
	input  wire         clk,
	input  wire         rst_n,

	// Register port: offsets inside the channel's page
	input  wire         wr,
	input  wire [7:0]   wr_offset,
	input  wire [31:0]  wr_data,
	input  wire [3:0]   wr_strb,
	input  wire [7:0]   rd_offset,
	output wire [31:0]  rd_data,
	output wire         irq,

	// To and from the list follower
	output wire         start,          // RUN from IDLE: take the head
	output wire         clear,          // the abort is over: forget everything
	output wire [63:0]  head_addr,
	output wire [5:0]   head_count,
	output wire [31:0]  tail,
	output wire         running,        // state RUN
	output wire         moving,         // state RUN or STOP
	output wire         live,           // state RUN, STOP or PAUSE
	output wire         poisoned,
	output wire         quiet,          // no strip in flight
	input  wire         list_busy,      // fetches in flight
	input  wire         cur_valid,
	input  wire         eligible,
	output wire         cyclic,
	output wire         compact,
	output wire [31:0]  req_timeout,

	// To the datapath
	output wire [3:0]   burst,
	output wire [1:0]   class_of,
	output wire [3:0]   weight,
	output wire         cmpl_want,      // the completion word is to be written
	output wire [63:0]  cmpl_addr,
	output wire [34:0]  cmpl_word,
	output wire         kill,           // strips of this channel are to be dropped
	output wire         broken,
	output wire [31:0]  dbytes,
	output wire [1:0]   dbad,

	// Events
	input  wire         ev_take,        // a strip was allocated
	input  wire         ev_strip,       // a strip was acknowledged
	input  wire         ev_good,        // ... and its ev_bytes count
	input  wire [12:0]  ev_bytes,
	input  wire [1:0]   ev_bad,         // ... and a check found Q, P different
	input  wire         ev_status_push,
	input  wire         ev_status_done,
	input  wire         ev_complete,
	input  wire         ev_complete_irq,
	input  wire         ev_cmpl_load,   // the completion word is on its way
	input  wire         ev_cmpl_done,
	input  wire         ev_poison,
	input  wire         ev_broken,
	input  wire         ev_error,       // only while live
	input  wire [7:0]   ev_error_code,
	input  wire [63:0]  ev_error_addr,
	input  wire [63:0]  ev_error_desc,
	input  wire         perf_clear
);

localparam [2:0] ST_IDLE  = `PQDMA_STATE_IDLE;   // waits for RUN
localparam [2:0] ST_RUN   = `PQDMA_STATE_RUN;    // follows the list
localparam [2:0] ST_STOP  = `PQDMA_STATE_STOP;   // finishes what has begun
localparam [2:0] ST_FAIL  = `PQDMA_STATE_FAIL;   // waits for ABORT
localparam [2:0] ST_ABORT = `PQDMA_STATE_ABORT;  // waits until nothing is outstanding
localparam [2:0] ST_PAUSE = `PQDMA_STATE_PAUSE;  // finishes the strips that have begun

// State

reg [2:0]  state_q, state_d;
reg [3:0]  burst_q;
reg        cyclic_q;
reg        compact_q;
reg [1:0]  prio_q;
reg [3:0]  weight_q;
reg [7:0]  coal_count_q;
reg [23:0] coal_time_q;
reg [31:0] req_timeout_q;
reg [60:0] cmpl_q;          // address of the completion word, without its low 3 bits
reg        cw_dirty_q;
reg        cw_busy_q;
reg [7:0]  pend_q;          // completions that have not raised DONE
reg [23:0] timer_q;         // clocks since the first of them
reg [31:0] perf_strips_q;
reg [31:0] perf_busy_q;
reg [31:0] perf_wait_q;
reg [31:0] perf_starved_q;
reg [63:0] head_addr_q;
reg [5:0]  head_count_q;
reg [31:0] tail_q;
reg [31:0] done_q;
reg [31:0] bytes_q;
reg [31:0] dbytes_q;        // of the descriptor that is being acknowledged
reg [1:0]  dbad_q;          // of the same
reg [3:0]  irq_status_q;
reg [3:0]  irq_enable_q;
reg [7:0]  err_cause_q;
reg [63:0] err_addr_q;
reg [63:0] err_desc_q;
reg        poison_q;        // strips behind an error are dropped
reg        broken_q;        // a status write failed: later completions do not count
reg [6:0]  inflight_q;      // strips allocated, not acknowledged
reg [6:0]  sts_q;           // status entries not acknowledged

// Register writes

function [31:0] merge;
	input [31:0] old;
	input [31:0] data;
	input [3:0]  strb;
	merge = {strb[3] ? data[31:24] : old[31:24], strb[2] ? data[23:16] : old[23:16],
		 strb[1] ? data[15:8]  : old[15:8],  strb[0] ? data[7:0]   : old[7:0]};
endfunction

wire wr_byte0  = wr && wr_strb[0];
wire wr_ctrl   = wr_byte0 && wr_offset == `PQDMA_CH_CTRL;
wire wr_tail   = wr && wr_offset == `PQDMA_CH_TAIL && state_q != ST_ABORT;
wire wr_clear  = wr_byte0 && wr_offset == `PQDMA_CH_IRQ_STATUS;

wire cmd_abort = wr_ctrl && wr_data[`PQDMA_CTRL_ABORT_SHIFT];
wire cmd_stop  = wr_ctrl && !cmd_abort && wr_data[`PQDMA_CTRL_STOP_SHIFT];
wire cmd_pause = wr_ctrl && !cmd_abort && !cmd_stop && wr_data[`PQDMA_CTRL_PAUSE_SHIFT];
wire cmd_run   = wr_ctrl && !cmd_abort && !cmd_stop && !cmd_pause && wr_data[`PQDMA_CTRL_RUN_SHIFT];

wire [31:0] cfg      = {12'd0, weight_q, 2'd0, prio_q, 2'd0, compact_q, cyclic_q, 4'd0, burst_q};
wire [31:0] new_cfg  = merge(cfg, wr_data, wr_strb);
wire [31:0] new_cmpl = merge({cmpl_q[28:0], 3'd0}, wr_data, wr_strb);
wire [31:0] new_tail = merge(tail_q, wr_data, wr_strb);
wire [31:0] ahead    = new_tail - done_q;
wire        bad_tail = wr_tail && (ahead > `PQDMA_TAIL_WINDOW || (state_q != ST_IDLE && ahead < tail_q - done_q));

// Next state

wire idle_now = state_q == ST_ABORT && inflight_q == 7'd0 && sts_q == 7'd0 && !cw_dirty_q && !cw_busy_q && !list_busy;

always @(*) begin
	state_d = state_q;
	case (state_q)
	ST_IDLE:
		if (cmd_abort)
			state_d = ST_ABORT;
		else if (cmd_run)
			state_d = ST_RUN;
	ST_RUN:
		if (cmd_abort)
			state_d = ST_ABORT;
		else if (ev_error)
			state_d = ST_FAIL;
		else if (cmd_stop)
			state_d = ST_STOP;
		else if (cmd_pause)
			state_d = ST_PAUSE;
	ST_STOP:
		if (cmd_abort)
			state_d = ST_ABORT;
		else if (ev_error)
			state_d = ST_FAIL;
		else if (cmd_run)
			state_d = ST_RUN;
	ST_PAUSE:
		if (cmd_abort)
			state_d = ST_ABORT;
		else if (ev_error)
			state_d = ST_FAIL;
		else if (cmd_stop)
			state_d = ST_STOP;
		else if (cmd_run)
			state_d = ST_RUN;
	ST_FAIL:
		if (cmd_abort)
			state_d = ST_ABORT;
	ST_ABORT:
		if (idle_now)
			state_d = ST_IDLE;
	default:
		state_d = ST_IDLE;
	endcase
end

// Coalescing: DONE is raised by count, by time, or by an error

wire       counts  = ev_complete && ev_complete_irq;
wire       raise   = (counts && ({1'b0, pend_q} + 9'd1 >= {1'b0, coal_count_q} || state_q == ST_FAIL)) ||
		     (pend_q != 8'd0 && coal_time_q != 24'd0 && {1'b0, timer_q} + 25'd1 >= {1'b0, coal_time_q}) ||
		     (pend_q != 8'd0 && ev_error);
wire [3:0] irq_set = {idle_now, bad_tail, ev_error, raise};
wire [3:0] irq_clr = wr_clear ? wr_data[3:0] : 4'd0;

// Registers

always @(posedge clk) begin
	if (!rst_n) begin
		state_q      <= ST_IDLE;
		burst_q      <= 4'd8;
		cyclic_q     <= 1'b0;
		compact_q    <= 1'b0;
		prio_q       <= 2'd0;
		weight_q     <= 4'd0;
		coal_count_q <= 8'd0;
		coal_time_q  <= 24'd0;
		cmpl_q       <= 61'd0;
		req_timeout_q <= 32'd0;
		head_addr_q  <= 64'd0;
		head_count_q <= 6'd0;
		irq_status_q <= 4'd0;
		irq_enable_q <= 4'd0;
	end else begin
		state_q      <= state_d;
		irq_status_q <= (irq_status_q & ~irq_clr) | irq_set;
		if (wr && wr_offset == `PQDMA_CH_CFG)
			{weight_q, prio_q, compact_q, cyclic_q, burst_q} <= {new_cfg[19:16], new_cfg[13:12], new_cfg[9:8], new_cfg[3:0]};
		if (wr && wr_offset == `PQDMA_CH_IRQ_COAL)
			{coal_time_q, coal_count_q} <= merge({coal_time_q, coal_count_q}, wr_data, wr_strb);
		if (wr && wr_offset == `PQDMA_CH_REQ_TIMEOUT)
			req_timeout_q <= merge(req_timeout_q, wr_data, wr_strb);
		if (wr && wr_offset == `PQDMA_CH_CMPL_LO)
			cmpl_q[28:0] <= new_cmpl[31:3];
		if (wr && wr_offset == `PQDMA_CH_CMPL_HI)
			cmpl_q[60:29] <= merge(cmpl_q[60:29], wr_data, wr_strb);
		if (wr && wr_offset == `PQDMA_CH_HEAD_LO)
			head_addr_q[31:0] <= merge(head_addr_q[31:0], wr_data, wr_strb);
		if (wr && wr_offset == `PQDMA_CH_HEAD_HI)
			head_addr_q[63:32] <= merge(head_addr_q[63:32], wr_data, wr_strb);
		if (wr_byte0 && wr_offset == `PQDMA_CH_HEAD_COUNT)
			head_count_q <= wr_data[5:0];
		if (wr_byte0 && wr_offset == `PQDMA_CH_IRQ_ENABLE)
			irq_enable_q <= wr_data[3:0];
	end
end

always @(posedge clk) begin
	if (!rst_n || idle_now) begin
		tail_q      <= 32'd0;
		done_q      <= 32'd0;
		bytes_q     <= 32'd0;
		dbytes_q    <= 32'd0;
		dbad_q      <= 2'd0;
		err_cause_q <= 8'd0;
		err_addr_q  <= 64'd0;
		err_desc_q  <= 64'd0;
		poison_q    <= 1'b0;
		broken_q    <= 1'b0;
		pend_q      <= 8'd0;
		timer_q     <= 24'd0;
		cw_dirty_q  <= 1'b0;
	end else begin
		if (wr_tail && !bad_tail)
			tail_q <= new_tail;
		if (ev_complete)
			done_q <= done_q + 32'd1;
		if (ev_good)
			bytes_q <= bytes_q + {19'd0, ev_bytes};
		if (ev_status_push) begin
			dbytes_q <= 32'd0;
			dbad_q   <= 2'd0;
		end else if (ev_good) begin
			dbytes_q <= dbytes_q + {19'd0, ev_bytes};
			dbad_q   <= dbad_q | ev_bad;
		end
		if (ev_error) begin
			err_cause_q <= ev_error_code;
			err_addr_q  <= ev_error_addr;
			err_desc_q  <= ev_error_desc;
		end
		if (ev_poison)
			poison_q <= 1'b1;
		if (ev_broken)
			broken_q <= 1'b1;
		if (raise) begin
			pend_q  <= 8'd0;
			timer_q <= 24'd0;
		end else begin
			pend_q  <= pend_q + {7'd0, counts && pend_q != 8'd255};
			timer_q <= pend_q != 8'd0 && coal_time_q != 24'd0 ? timer_q + 24'd1 : 24'd0;
		end
		if ((ev_complete || ev_error) && cmpl_q != 61'd0)
			cw_dirty_q <= 1'b1;
		else if (ev_cmpl_load)
			cw_dirty_q <= 1'b0;
	end
end

always @(posedge clk) begin
	if (!rst_n) begin
		inflight_q <= 7'd0;
		sts_q      <= 7'd0;
		cw_busy_q  <= 1'b0;
	end else begin
		cw_busy_q  <= ev_cmpl_load || (cw_busy_q && !ev_cmpl_done);
		inflight_q <= inflight_q + {6'd0, ev_take} - {6'd0, ev_strip};
		sts_q      <= sts_q + {6'd0, ev_status_push} - {6'd0, ev_status_done};
	end
end

wire busy = !quiet || sts_q != 7'd0 || cw_dirty_q || cw_busy_q || list_busy || (cur_valid && moving);

always @(posedge clk) begin
	if (!rst_n || perf_clear) begin
		perf_strips_q  <= 32'd0;
		perf_busy_q    <= 32'd0;
		perf_wait_q    <= 32'd0;
		perf_starved_q <= 32'd0;
	end else begin
		perf_strips_q  <= perf_strips_q + {31'd0, ev_take};
		perf_busy_q    <= perf_busy_q + {31'd0, busy};
		perf_wait_q    <= perf_wait_q + {31'd0, eligible && !ev_take};
		perf_starved_q <= perf_starved_q + {31'd0, running && tail_q != done_q && !cur_valid};
	end
end

// Outputs

reg [31:0] rd_data_d;

always @(*) begin
	case (rd_offset)
	`PQDMA_CH_STATUS:      rd_data_d = {28'd0, busy, state_q};
	`PQDMA_CH_CFG:         rd_data_d = cfg;
	`PQDMA_CH_HEAD_LO:     rd_data_d = head_addr_q[31:0];
	`PQDMA_CH_HEAD_HI:     rd_data_d = head_addr_q[63:32];
	`PQDMA_CH_HEAD_COUNT:  rd_data_d = {26'd0, head_count_q};
	`PQDMA_CH_TAIL:        rd_data_d = tail_q;
	`PQDMA_CH_DONE:        rd_data_d = done_q;
	`PQDMA_CH_BYTES:       rd_data_d = bytes_q;
	`PQDMA_CH_IRQ_STATUS:  rd_data_d = {28'd0, irq_status_q};
	`PQDMA_CH_IRQ_ENABLE:  rd_data_d = {28'd0, irq_enable_q};
	`PQDMA_CH_ERR_CAUSE:   rd_data_d = {24'd0, err_cause_q};
	`PQDMA_CH_ERR_ADDR_LO: rd_data_d = err_addr_q[31:0];
	`PQDMA_CH_ERR_ADDR_HI: rd_data_d = err_addr_q[63:32];
	`PQDMA_CH_ERR_DESC_LO: rd_data_d = err_desc_q[31:0];
	`PQDMA_CH_ERR_DESC_HI: rd_data_d = err_desc_q[63:32];
	`PQDMA_CH_IRQ_COAL:    rd_data_d = {coal_time_q, coal_count_q};
	`PQDMA_CH_REQ_TIMEOUT: rd_data_d = req_timeout_q;
	`PQDMA_CH_CMPL_LO:     rd_data_d = {cmpl_q[28:0], 3'd0};
	`PQDMA_CH_CMPL_HI:     rd_data_d = cmpl_q[60:29];
	`PQDMA_CH_PERF_STRIPS: rd_data_d = perf_strips_q;
	`PQDMA_CH_PERF_BUSY:   rd_data_d = perf_busy_q;
	`PQDMA_CH_PERF_WAIT:   rd_data_d = perf_wait_q;
	`PQDMA_CH_PERF_STARVED: rd_data_d = perf_starved_q;
	default:               rd_data_d = 32'd0;
	endcase
end

assign rd_data    = rd_data_d;
assign irq        = |(irq_status_q & irq_enable_q);
assign start      = state_q == ST_IDLE && cmd_run;
assign clear      = idle_now;
assign head_addr  = head_addr_q;
assign head_count = head_count_q;
assign tail       = tail_q;
assign running    = state_q == ST_RUN;
assign moving     = state_q == ST_RUN || state_q == ST_STOP;
assign live       = moving || state_q == ST_PAUSE;
assign cyclic     = cyclic_q;
assign compact    = compact_q;
assign req_timeout = req_timeout_q;
assign class_of   = prio_q;
assign weight     = weight_q;
assign cmpl_want  = cw_dirty_q && !cw_busy_q;
assign cmpl_addr  = {cmpl_q, 3'd0};
assign cmpl_word  = {state_q, done_q};
assign poisoned   = poison_q;
assign quiet      = inflight_q == 7'd0;
assign burst      = burst_q;
assign kill       = poison_q || state_q == ST_ABORT;
assign broken     = broken_q;
assign dbytes     = dbytes_q;
assign dbad       = dbad_q;

// Bits of CFG and CMPL_LO that are not built
wire unused = &{1'b0, new_cfg, new_cmpl[2:0]};

endmodule
