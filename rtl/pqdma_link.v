// SPDX-License-Identifier: MIT
// pqdma_link - from group to group of one channel's list: which descriptor to ask for next, or which link
//
// The link of the last descriptor of a group is used only if the doorbell had reached beyond that descriptor when it was requested;
// otherwise it is read again later. If the doorbell has reached beyond the whole group, the link is read ahead of its descriptors:
// then the next group can be asked for a latency later, and not only when the last of this group has come. A link ahead that
// cannot be read is nothing yet: the last descriptor will tell.
`default_nettype none
`include "pqdma_regs.vh"

module pqdma_link (
	input  wire        clk,
	input  wire        rst_n,

	// The channel
	input  wire        start,
	input  wire        clear,
	input  wire [63:0] head_addr,
	input  wire [5:0]  head_count,
	input  wire [31:0] tail,
	input  wire        cyclic,
	input  wire        compact,

	// Its list
	input  wire        free,            // may ask, if the doorbell lets it
	input  wire        first,           // no descriptor is under way
	input  wire        idle,            // no read is in flight
	output wire        counts,          // a descriptor takes a credit
	output wire        bad_link,        // the next group cannot be asked for, for link_code
	output wire [7:0]  link_code,
	output wire [63:0] link_addr,

	// Request
	output wire        ask,
	output wire [63:0] ask_addr,
	output wire        ask_is_link,
	output wire        ask_takes_link,
	input  wire        granted,

	// A descriptor or a link arrives
	input  wire        arrive,
	input  wire        arrive_is_link,
	input  wire        arrive_takes_link,
	input  wire        arrive_error,
	input  wire [63:0] arrive_link,
	output wire        link_failed      // and the list cannot do without it
);

// State

reg [63:0] link_addr_q;     // next descriptor
reg [5:0]  link_left_q;     // how many stand there
reg        link_known_q;
reg        link_need_q;     // the link has to be read again
reg [63:0] last_addr_q;     // the descriptor that holds that link
reg [31:0] fetched_q;       // descriptors requested since IDLE
reg        ahead_asked_q;   // the link behind this group is in flight
reg        ahead_known_q;   // it is here
reg [63:0] ahead_addr_q;
reg [5:0]  ahead_left_q;

// Requests

wire want    = free && (tail != fetched_q || cyclic);
wire aligned = link_addr_q[4:0] == 5'd0 && (compact || !link_addr_q[5]);
wire linked  = link_known_q && link_left_q != 6'd0 && aligned;

wire group_end = link_left_q == 6'd1;
wire stale     = !cyclic && tail == fetched_q + 32'd1;
wire promised  = !cyclic && tail - fetched_q > {26'd0, link_left_q};

wire ask_ahead = want && linked && !group_end && promised && !first && !ahead_asked_q && !ahead_known_q;
wire ask_desc  = want && linked && !ask_ahead;
wire ask_again = want && !link_known_q && link_need_q;

wire got_desc  = granted && ask_desc;
wire got_end   = got_desc && group_end;
wire got_ahead = granted && ask_ahead;
wire got_again = granted && ask_again;

wire [5:0]  others    = link_left_q - 6'd1;
wire [63:0] next_addr = link_addr_q + (compact ? 64'd32 : `PQDMA_DESC_SIZE);
wire [63:0] end_addr  = link_addr_q + (compact ? {53'd0, others, 5'd0} : {52'd0, others, 6'd0});

// Arrivals

wire        new_link   = arrive && arrive_takes_link && !arrive_error;
wire        new_ahead  = new_link && link_known_q && !got_end;
wire        ahead_lost = arrive && arrive_is_link && arrive_error && ahead_asked_q;
wire [63:0] new_addr   = {arrive_link[63:6], compact && arrive_link[5], 5'd0};
wire [5:0]  new_left   = {!compact && arrive_link[5], arrive_link[4:0]};

// Registers

always @(posedge clk) begin
	if (!rst_n || clear) begin
		link_addr_q  <= 64'd0;
		link_left_q  <= 6'd0;
		link_known_q <= 1'b0;
		link_need_q  <= 1'b0;
		last_addr_q  <= 64'd0;
		fetched_q    <= 32'd0;
	end else begin
		fetched_q <= fetched_q + {31'd0, counts};
		if (start) begin
			link_addr_q  <= head_addr;
			link_left_q  <= head_count;
			link_known_q <= 1'b1;
			link_need_q  <= 1'b0;
		end
		if (got_desc) begin
			last_addr_q <= link_addr_q;
			link_addr_q <= next_addr;
			link_left_q <= others;
		end
		if (got_end) begin
			link_addr_q  <= ahead_addr_q;
			link_left_q  <= ahead_left_q;
			link_known_q <= ahead_known_q;
			link_need_q  <= stale;
		end
		if (got_again)
			link_need_q <= 1'b0;
		if (ahead_lost && (got_end || !link_known_q))
			link_need_q <= 1'b1;
		if (new_link && !new_ahead) begin
			link_addr_q  <= new_addr;
			link_left_q  <= new_left;
			link_known_q <= 1'b1;
		end
	end
end

always @(posedge clk) begin
	if (!rst_n || clear) begin
		ahead_asked_q <= 1'b0;
		ahead_known_q <= 1'b0;
		ahead_addr_q  <= 64'd0;
		ahead_left_q  <= 6'd0;
	end else begin
		ahead_asked_q <= got_ahead || (ahead_asked_q && !(arrive && arrive_is_link));
		ahead_known_q <= new_ahead || (ahead_known_q && !got_end);
		if (new_ahead) begin
			ahead_addr_q <= new_addr;
			ahead_left_q <= new_left;
		end
	end
end

// Outputs

assign counts         = got_desc || link_failed || bad_link;
assign bad_link       = want && link_known_q && !linked && idle;
assign link_code      = aligned ? `PQDMA_ERR_BAD_LINK : `PQDMA_ERR_BAD_ALIGN;
assign link_addr      = link_addr_q;
assign ask            = ask_ahead || ask_desc || ask_again;
assign ask_addr       = ask_ahead ? end_addr : ask_desc ? link_addr_q : last_addr_q;
assign ask_is_link    = ask_ahead || ask_again;
assign ask_takes_link = ask_is_link || (group_end && !stale && !ahead_asked_q && !ahead_known_q);
assign link_failed    = arrive && arrive_is_link && arrive_error && !ahead_asked_q;

endmodule
