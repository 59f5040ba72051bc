// SPDX-License-Identifier: MIT
// pqdma_list - one channel's way along its list of descriptors
//
// Asks for descriptors while there are credits, keeps the checked ones in a queue and holds the current one, from which the
// strip generator takes strip after strip. While one is current the source table of the next one is read into the channel's other
// table. The link of the last descriptor of a group is used only if the doorbell had
// reached beyond that descriptor when it was requested; otherwise it is read again later.
`default_nettype none
`include "pqdma_regs.vh"
`include "pqdma_bundles.vh"

module pqdma_list #(
	parameter [31:0] DESCS   = 32,     // credits, power of two
	parameter [31:0] SOURCES = 16,     // most sources
	parameter        WITH_PQ = 1
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
	input  wire             live,
	input  wire             poisoned,
	input  wire             quiet,
	input  wire             complete,       // a descriptor has completed: its credit returns
	output wire             busy,           // fetches in flight

	// Request to the fetcher; addr and the flags hold while the request stands
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
	input  wire [447:0]     arrive_words,

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
	input  wire             take,           // a strip of take_bytes is taken from it
	input  wire             take_last,
	input  wire [12:0]      take_bytes
);

localparam [6:0] CREDITS = DESCS[6:0];
localparam [5:0] MOST    = SOURCES[5:0];

localparam [7:0] FLAGS_ALL = `PQDMA_FLAG_IRQ | `PQDMA_FLAG_FENCE | `PQDMA_FLAG_WB;
localparam [7:0] FLAGS_OFF = `PQDMA_FLAG_P_OFF | `PQDMA_FLAG_Q_OFF;

// State

reg [63:0]      link_addr_q;    // next descriptor
reg [5:0]       link_left_q;    // how many stand there
reg             link_known_q;
reg             link_need_q;    // the link has to be read again
reg [63:0]      last_addr_q;    // the descriptor that holds that link
reg [31:0]      fetched_q;      // descriptors requested since IDLE
reg [6:0]       credits_q;      // requested and not completed
reg [4:0]       infl_q;         // reads in flight
reg             dead_q;         // nothing sensible can be fetched any more
reg             cur_valid_q;
reg [`BD_W-1:0] cur_q;
reg [31:0]      cur_pos_q;
reg             cur_set_q;
reg             set_q;          // the table of the descriptor at the head of the queue
reg [3:0]       asked_q;        // blocks of it that are requested
reg [3:0]       got_q;          // blocks of it that are there
reg             table_error_q;
reg             table_decerr_q;
reg [63:0]      table_addr_q;   // block that failed
reg             fence_wait_q;   // waits until the bytes before the fence are acknowledged

// Requests

wire want    = running && !dead_q && tail != fetched_q && credits_q < CREDITS;
wire aligned = link_addr_q[5:0] == 6'd0;
wire linked  = link_known_q && link_left_q != 6'd0 && aligned;

wire [`BD_W-1:0] head;
wire             empty;
wire             head_table = !empty && head[`BD_CODE] == `PQDMA_ERR_NONE && head[`BD_OP] >= `PQDMA_OP_XOR;
wire [5:0]       head_k     = head[`BD_K];
wire [3:0]       blocks     = head_k[5:2] + {3'd0, |head_k[1:0]};
wire             table_ready = !head_table || got_q == blocks;

wire req_table = head_table && asked_q != blocks && running && !poisoned && !table_held;
wire req_desc  = !req_table && want && linked;
wire req_link  = !req_table && want && !link_known_q && link_need_q;
wire bad_link = !req_table && want && link_known_q && !linked && infl_q == 5'd0;

wire group_end = link_left_q == 6'd1;
wire stale     = tail == fetched_q + 32'd1;

wire got_desc = fetch_granted && req_desc;
wire got_link = fetch_granted && req_link;
wire ask_table = fetch_granted && req_table;

// Arrivals, checked

wire [7:0]  op     = arrive_words[7:0];
wire [7:0]  flags  = arrive_words[15:8];
wire [15:0] tag    = arrive_words[31:16];
wire [31:0] length = arrive_words[63:32];
wire [63:0] src    = arrive_words[127:64];
wire [63:0] dst    = arrive_words[191:128];
wire [63:0] link   = arrive_words[255:192];
wire [63:0] dst2   = arrive_words[319:256];
wire [5:0]  k      = arrive_words[389:384];
wire        moves  = op >= `PQDMA_OP_COPY;
wire        tabled = op >= `PQDMA_OP_XOR;
wire        is_pq  = op == `PQDMA_OP_PQ || op == `PQDMA_OP_MATRIX;
wire        may_pq = is_pq || op == `PQDMA_OP_PQ_VAL;

wire [7:0] fetch_code = arrive_decerr ? `PQDMA_ERR_FETCH_DECERR : `PQDMA_ERR_FETCH_SLVERR;
wire [7:0] link_code  = aligned ? `PQDMA_ERR_BAD_LINK : `PQDMA_ERR_BAD_ALIGN;

reg [7:0] flags_known;      // flags that mean something for this operation
reg [7:0] check_code;

always @(*) begin
	flags_known = FLAGS_ALL;
	if (is_pq || op == `PQDMA_OP_XOR)
		flags_known = flags_known | `PQDMA_FLAG_CONT;
	if (may_pq)
		flags_known = flags_known | FLAGS_OFF;
end

always @(*) begin
	check_code = `PQDMA_ERR_NONE;
	if (op > (WITH_PQ != 0 ? `PQDMA_OP_MATRIX : `PQDMA_OP_XOR_VAL))
		check_code = `PQDMA_ERR_BAD_OP;
	else if ((flags & ~flags_known) != 8'd0 || (flags & FLAGS_OFF) == FLAGS_OFF)
		check_code = `PQDMA_ERR_BAD_FLAGS;
	else if (moves == (length == 32'd0))
		check_code = `PQDMA_ERR_BAD_LENGTH;
	else if (tabled && (k == 6'd0 || k > MOST || src[5:0] != 6'd0))
		check_code = `PQDMA_ERR_BAD_SOURCES;
end

wire arrive_table = arrive && arrive_is_table;
wire arrive_desc = arrive && !arrive_is_link && !arrive_is_table;
wire link_failed = arrive && arrive_is_link && arrive_error;
wire new_link    = arrive && arrive_takes_link && !arrive_error;

reg             push;
reg [`BD_W-1:0] push_data;

always @(*) begin
	push = arrive_desc || link_failed || bad_link;
	push_data = {`BD_W{1'b0}};
	if (!arrive) begin
		push_data[`BD_CODE] = link_code;
		push_data[`BD_DESC] = link_addr_q;
		push_data[`BD_SRC]  = link_addr_q;
	end else begin
		push_data[`BD_DESC] = arrive_addr;
		push_data[`BD_SRC]  = arrive_addr;
		if (arrive_error) begin
			push_data[`BD_CODE] = fetch_code;
		end else begin
			push_data[`BD_CODE]  = check_code;
			push_data[`BD_OP]    = op;
			push_data[`BD_FLAGS] = flags;
			push_data[`BD_TAG]   = tag;
			push_data[`BD_LEFT]  = length;
			push_data[`BD_DST]   = dst;
			push_data[`BD_DST2]  = dst2;
			push_data[`BD_K]     = k;
			if (check_code == `PQDMA_ERR_NONE)
				push_data[`BD_SRC] = src;
		end
	end
end

// Queue and current descriptor

wire [$clog2(DESCS):0] queued;
wire                   load = (!cur_valid_q || take_last) && !empty && running && !poisoned && table_ready;

pqdma_fifo #(.WIDTH(`BD_W), .DEPTH(DESCS)) u_queue (
	.clk       (clk),
	.rst_n     (rst_n),
	.clear     (clear),
	.push      (push),
	.push_data (push_data),
	.pop       (load),
	.head      (head),
	.empty     (empty),
	.count     (queued)
);

wire is_copy = cur_q[`BD_OP] == `PQDMA_OP_COPY;

// Registers

always @(posedge clk) begin
	if (!rst_n || clear) begin
		link_addr_q  <= 64'd0;
		link_left_q  <= 6'd0;
		link_known_q <= 1'b0;
		link_need_q  <= 1'b0;
		last_addr_q  <= 64'd0;
	end else begin
		if (start) begin
			link_addr_q  <= head_addr;
			link_left_q  <= head_count;
			link_known_q <= 1'b1;
			link_need_q  <= 1'b0;
		end
		if (got_desc) begin
			last_addr_q <= link_addr_q;
			link_addr_q <= link_addr_q + `PQDMA_DESC_SIZE;
			link_left_q <= link_left_q - 6'd1;
			if (group_end) begin
				link_known_q <= 1'b0;
				link_need_q  <= stale;
			end
		end
		if (got_link)
			link_need_q <= 1'b0;
		if (new_link) begin
			link_addr_q  <= {link[63:6], 6'd0};
			link_left_q  <= link[5:0];
			link_known_q <= 1'b1;
		end
	end
end

always @(posedge clk) begin
	if (!rst_n || clear) begin
		fetched_q <= 32'd0;
		credits_q <= 7'd0;
		infl_q    <= 5'd0;
		dead_q    <= 1'b0;
	end else begin
		fetched_q <= fetched_q + {31'd0, got_desc || link_failed || bad_link};
		credits_q <= credits_q + {6'd0, got_desc || link_failed || bad_link} - {6'd0, complete};
		infl_q    <= infl_q + {4'd0, fetch_granted} - {4'd0, arrive};
		if (bad_link || (arrive && !arrive_is_table && arrive_error))
			dead_q <= 1'b1;
	end
end

always @(posedge clk) begin
	if (!rst_n || clear) begin
		cur_valid_q  <= 1'b0;
		cur_q        <= {`BD_W{1'b0}};
		cur_pos_q    <= 32'd0;
		cur_set_q    <= 1'b0;
		fence_wait_q <= 1'b0;
	end else begin
		if (load) begin
			cur_valid_q <= 1'b1;
			cur_q       <= head;
			cur_pos_q   <= 32'd0;
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
			cur_q[`BD_DST]  <= cur_q[`BD_DST] + {51'd0, take_bytes};
			cur_q[`BD_DST2] <= cur_q[`BD_DST2] + {51'd0, take_bytes};
			cur_pos_q       <= cur_pos_q + {19'd0, take_bytes};
			if (is_copy)
				cur_q[`BD_SRC] <= cur_q[`BD_SRC] + {51'd0, take_bytes};
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
assign fetch            = req_table || req_desc || req_link;
assign fetch_addr       = req_table ? head[`BD_SRC] + {54'd0, asked_q, 6'd0} : req_desc ? link_addr_q : last_addr_q;
assign fetch_is_table   = req_table;
assign fetch_is_link    = req_link;
assign fetch_takes_link = req_link || (req_desc && group_end && !stale);
assign table_write      = arrive_table;
assign table_set        = set_q;
assign table_block      = got_q[2:0];
assign cur_valid        = cur_valid_q;
assign cur              = cur_q;
assign cur_pos          = cur_pos_q;
assign cur_set          = cur_set_q;
assign eligible         = cur_valid_q && live && !poisoned && !fence_wait_q;

// Words 5 and 6 have fields that no operation uses yet; the credits bound the queue.
wire unused = &{1'b0, queued, arrive_words};

endmodule
