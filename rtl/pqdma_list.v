// SPDX-License-Identifier: MIT
// pqdma_list - one channel's way along its list of descriptors
//
// Asks for descriptors while there are credits, keeps the checked ones in a queue and holds the current one, from which the
// strip generator takes strip after strip. While one is current the source table of the next one is read into the channel's other
// table.
`default_nettype none
`include "pqdma_regs.vh"
`include "pqdma_bundles.vh"

module pqdma_list #(
	parameter [31:0] DESCS   = 32,     // credits, power of two
	parameter [31:0] LINES   = 4       // request lines
) (
	input  wire             clk,
	input  wire             rst_n,

	// The channel
	input  wire             start,
	input  wire             clear,
	input  wire [63:0]      head_addr,
	input  wire [5:0]       head_count,
	input  wire [31:0]      tail,
	input  wire             running,
	input  wire             moving,
	input  wire             cyclic,
	input  wire             compact,
	input  wire             poisoned,
	input  wire             quiet,
	input  wire             complete,       // a descriptor has completed: its credit returns
	output wire             busy,           // fetches in flight
	input  wire             acked,          // a strip of the channel is acknowledged
	input  wire [31:0]      req_timeout,

	// Request lines
	input  wire [LINES-1:0] drq_single,
	input  wire [LINES-1:0] drq_burst,
	input  wire [LINES-1:0] drq_last,

	// Request to the fetcher
	output wire             fetch,
	input  wire             fetch_granted,
	output wire [63:0]      fetch_addr,
	output wire             fetch_is_table,
	output wire             fetch_is_link,
	output wire             fetch_takes_link,

	// A descriptor, or a block of a table, arrives
	input  wire             arrive,
	input  wire             arrive_is_table,
	input  wire             arrive_is_link,
	input  wire             arrive_takes_link,
	input  wire [63:0]      arrive_addr,
	input  wire             arrive_error,
	input  wire             arrive_decerr,
	input  wire [`BD_W-1:0] arrive_data,    // checked, or what says why it is not
	input  wire [63:0]      arrive_link,

	// Where a block of a table goes, and that the sequencer still reads the table `table_set`
	output wire             table_write,
	output wire             table_set,
	output wire [2:0]       table_block,
	input  wire             table_held,

	// The current descriptor, for the strip generator
	output wire             cur_valid,
	output wire             eligible,
	output wire [`BD_W-1:0] cur,
	output wire [31:0]      cur_pos,        // bytes of it taken so far
	output wire             cur_set,        // its table
	output wire [10:0]      piece,          // of a peripheral: bytes of the next piece
	output wire             piece_last,     // and that it ends the descriptor
	input  wire             take,           // a strip of take_bytes is taken from it
	input  wire             take_last,
	input  wire [12:0]      take_bytes,
	input  wire             take_row        // the strip ends a row, others follow
);

localparam [6:0] CREDITS = DESCS[6:0];

// State

reg [6:0]       credits_q;      // requested and not completed
reg [4:0]       infl_q;         // reads in flight
reg             dead_q;         // nothing sensible can be fetched any more
reg             cur_valid_q;
reg [`BD_W-1:0] cur_q;
reg [31:0]      cur_pos_q;
reg [31:0]      cur_length_q;   // of a row
reg [63:0]      row_src_q;      // where the row began
reg [63:0]      row_dst_q;
reg             cur_set_q;
reg             set_q;          // the table of the descriptor at the head of the queue
reg [3:0]       asked_q;        // blocks of it that are requested
reg [3:0]       got_q;          // blocks of it that are there
reg             table_error_q;
reg             table_decerr_q;
reg [63:0]      table_addr_q;   // block that failed
reg [1:0]       hold_q;         // clocks until the lines show what follows a dack
reg [31:0]      waited_q;       // clocks that a piece has waited for its line
reg             fence_wait_q;   // waits until the bytes before the fence are acknowledged

// Requests

wire [`BD_W-1:0] head;
wire             empty;
wire             head_table = !empty && head[`BD_CODE] == `PQDMA_ERR_NONE && head[`BD_OP] >= `PQDMA_OP_XOR;
wire [5:0]       head_k     = head[`BD_K];
wire [3:0]       blocks     = head_k[5:2] + {3'd0, |head_k[1:0]};
wire             table_ready = !head_table || got_q == blocks;

wire req_table = head_table && asked_q != blocks && running && !poisoned && !table_held;
wire ask_table = fetch_granted && req_table;

wire        counts;
wire        bad_link;
wire [7:0]  link_code;
wire [63:0] link_addr;
wire        link_failed;
wire        link_ask;
wire [63:0] link_ask_addr;
wire        link_ask_is_link;
wire        link_ask_takes_link;

pqdma_link u_link (
	.clk               (clk),
	.rst_n             (rst_n),
	.start             (start),
	.clear             (clear),
	.head_addr         (head_addr),
	.head_count        (head_count),
	.tail              (tail),
	.cyclic            (cyclic),
	.compact           (compact),
	.free              (running && !dead_q && credits_q < CREDITS && !req_table),
	.first             (credits_q == 7'd0),
	.idle              (infl_q == 5'd0),
	.counts            (counts),
	.bad_link          (bad_link),
	.link_code         (link_code),
	.link_addr         (link_addr),
	.ask               (link_ask),
	.ask_addr          (link_ask_addr),
	.ask_is_link       (link_ask_is_link),
	.ask_takes_link    (link_ask_takes_link),
	.granted           (fetch_granted && !req_table),
	.arrive            (arrive),
	.arrive_is_link    (arrive_is_link),
	.arrive_takes_link (arrive_takes_link),
	.arrive_error      (arrive_error),
	.arrive_link       (arrive_link),
	.link_failed       (link_failed)
);

// Arrivals

wire arrive_table = arrive && arrive_is_table;
wire arrive_desc  = arrive && !arrive_is_link && !arrive_is_table;

reg             push;
reg [`BD_W-1:0] push_data;

always @(*) begin
	push = arrive_desc || link_failed || bad_link;
	push_data = arrive_data;
	if (!arrive) begin
		push_data = {`BD_W{1'b0}};
		push_data[`BD_ROWS] = 32'd1;
		push_data[`BD_CODE] = link_code;
		push_data[`BD_DESC] = link_addr;
		push_data[`BD_SRC]  = link_addr;
	end
end

// Queue and current descriptor

wire [$clog2(DESCS):0] queued;
wire                   room = (!cur_valid_q || take_last) && running && !poisoned;
wire                   load = room && !empty && table_ready;

// Nothing waits and what arrives needs no table: it becomes current at once
wire push_table = push_data[`BD_CODE] == `PQDMA_ERR_NONE && push_data[`BD_OP] >= `PQDMA_OP_XOR;
wire direct     = room && empty && push && !push_table;

wire [`BD_W-1:0] next = empty ? push_data : head;

pqdma_fifo #(.WIDTH(`BD_W), .DEPTH(DESCS)) u_queue (
	.clk       (clk),
	.rst_n     (rst_n),
	.clear     (clear),
	.push      (push && !direct),
	.push_data (push_data),
	.pop       (load),
	.head      (head),
	.empty     (empty),
	.count     (queued)
);

// An address behind a strip of n bytes

function [63:0] moved;
	input [63:0] addr;
	input [1:0]  mode;
	input [12:0] n;
	moved = mode == 2'd0 ? addr + {51'd0, n} : mode == 2'd1 ? addr : addr - {51'd0, n};
endfunction

// Peripherals: the next piece, and whether its line asks for it

wire        is_peri = cur_q[`BD_PERI] && cur_q[`BD_CODE] == `PQDMA_ERR_NONE;
wire        asked;
wire        free    = quiet && hold_q == 2'd0;
wire        waits   = cur_valid_q && is_peri && moving && free && !asked;
wire [31:0] waited  = waited_q + 32'd1;
wire        timed_out = waits && req_timeout != 32'd0 && waited >= req_timeout;

pqdma_request #(.LINES(LINES)) u_request (
	.cur        (cur_q),
	.drq_single (drq_single),
	.drq_burst  (drq_burst),
	.drq_last   (drq_last),
	.asked      (asked),
	.piece      (piece),
	.piece_last (piece_last)
);

wire        is_copy  = cur_q[`BD_OP] == `PQDMA_OP_COPY;
wire        is_table = cur_q[`BD_OP] >= `PQDMA_OP_XOR;
wire [63:0] strides  = cur_q[`BD_DST2];
wire [63:0] next_src = row_src_q + {{32{strides[31]}}, strides[31:0]};
wire [63:0] next_dst = row_dst_q + {{32{strides[63]}}, strides[63:32]};

// Registers

always @(posedge clk) begin
	if (!rst_n || clear) begin
		credits_q <= 7'd0;
		infl_q    <= 5'd0;
		dead_q    <= 1'b0;
	end else begin
		credits_q <= credits_q + {6'd0, counts} - {6'd0, complete};
		infl_q    <= infl_q + {4'd0, fetch_granted} - {4'd0, arrive};
		if (bad_link || link_failed || (arrive_desc && arrive_error))
			dead_q <= 1'b1;
	end
end

always @(posedge clk) begin
	if (!rst_n || clear) begin
		cur_valid_q  <= 1'b0;
		cur_q        <= {`BD_W{1'b0}};
		cur_pos_q    <= 32'd0;
		cur_length_q <= 32'd0;
		row_src_q    <= 64'd0;
		row_dst_q    <= 64'd0;
		cur_set_q    <= 1'b0;
		fence_wait_q <= 1'b0;
		hold_q       <= 2'd0;
		waited_q     <= 32'd0;
	end else begin
		hold_q   <= acked ? 2'd3 : hold_q == 2'd0 ? 2'd0 : hold_q - 2'd1;
		waited_q <= load || direct || take ? 32'd0 : waits ? waited : waited_q;
		if (timed_out) begin
			cur_q[`BD_CODE] <= `PQDMA_ERR_REQ_TIMEOUT;
			cur_q[`BD_SRC]  <= cur_q[`BD_DDEV] ? cur_q[`BD_DST] : cur_q[`BD_SRC];
		end
		if (load || direct) begin
			cur_valid_q  <= 1'b1;
			cur_q        <= next;
			cur_pos_q    <= 32'd0;
			cur_length_q <= next[`BD_LEFT];
			row_src_q    <= next[`BD_SRC];
			row_dst_q    <= next[`BD_DST];
			if (head_table) begin
				cur_set_q <= set_q;
				if (table_error_q) begin
					cur_q[`BD_CODE] <= table_decerr_q ? `PQDMA_ERR_FETCH_DECERR : `PQDMA_ERR_FETCH_SLVERR;
					cur_q[`BD_SRC]  <= table_addr_q;
				end
			end
		end else if (take) begin
			cur_valid_q     <= !take_last;
			cur_q[`BD_LEFT] <= cur_q[`BD_LEFT] - {19'd0, take_bytes};
			cur_q[`BD_DST]  <= moved(cur_q[`BD_DST], cur_q[`BD_DMODE], take_bytes);
			if (is_table)
				cur_q[`BD_DST2] <= cur_q[`BD_DST2] + {51'd0, take_bytes};
			cur_pos_q       <= cur_pos_q + {19'd0, take_bytes};
			if (is_copy)
				cur_q[`BD_SRC] <= moved(cur_q[`BD_SRC], cur_q[`BD_SMODE], take_bytes);
			if (take_row) begin
				cur_q[`BD_ROWS] <= cur_q[`BD_ROWS] - 32'd1;
				cur_q[`BD_LEFT] <= cur_length_q;
				cur_q[`BD_DST]  <= next_dst;
				row_dst_q       <= next_dst;
				if (is_copy) begin
					cur_q[`BD_SRC] <= next_src;
					row_src_q      <= next_src;
				end
			end
		end
		if (take_last && |(cur_q[`BD_FLAGS] & `PQDMA_FLAG_FENCE))
			fence_wait_q <= 1'b1;
		else if (quiet)
			fence_wait_q <= 1'b0;
	end
end

always @(posedge clk) begin
	if (!rst_n || clear) begin
		set_q         <= 1'b0;
		asked_q       <= 4'd0;
		got_q         <= 4'd0;
		table_error_q <= 1'b0;
	end else if (load && head_table) begin
		set_q         <= !set_q;
		asked_q       <= 4'd0;
		got_q         <= 4'd0;
		table_error_q <= 1'b0;
	end else begin
		asked_q       <= asked_q + {3'd0, ask_table};
		got_q         <= got_q + {3'd0, arrive_table};
		table_error_q <= table_error_q || (arrive_table && arrive_error);
	end
end

always @(posedge clk) begin
	if (arrive_table && arrive_error && !table_error_q) begin
		table_decerr_q <= arrive_decerr;
		table_addr_q   <= arrive_addr;
	end
end

// Outputs

assign busy             = infl_q != 5'd0;
assign fetch            = req_table || link_ask;
assign fetch_addr       = req_table ? head[`BD_SRC] + {54'd0, asked_q, 6'd0} : link_ask_addr;
assign fetch_is_table   = req_table;
assign fetch_is_link    = !req_table && link_ask_is_link;
assign fetch_takes_link = !req_table && link_ask_takes_link;
assign table_write      = arrive_table;
assign table_set        = set_q;
assign table_block      = got_q[2:0];
assign cur_valid        = cur_valid_q;
assign cur              = cur_q;
assign cur_pos          = cur_pos_q;
assign cur_set          = cur_set_q;
assign eligible         = cur_valid_q && moving && !poisoned && !fence_wait_q && (!is_peri || (free && asked));

wire unused = &{1'b0, queued};      // the credits bound it

endmodule
