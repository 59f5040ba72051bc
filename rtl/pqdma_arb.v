// SPDX-License-Identifier: MIT
// pqdma_arb - weighted round robin arbiter with classes
//
// Only requests of the highest class that requests have a chance. Among them the one that was granted last goes on until it has had its
// weight; then comes the next one in a circle. Each class has a circle of its own, so that one that comes and goes does not change whose
// turn it is in the classes below. The choice is combinational; `grant` says that it is taken in this clock, and only then does the
// circle of its class turn.
`default_nettype none

module pqdma_arb #(
	parameter [31:0] N = 4      // 1 to 16
) (
	input  wire           clk,
	input  wire           rst_n,
	input  wire [N-1:0]   request,
	input  wire [N*2-1:0] class_of,
	input  wire [N*4-1:0] weight,   // 0 counts as 1
	input  wire           grant,
	output wire           any,
	output wire [N-1:0]   choice,   // one-hot, 0 if there is no request
	output wire [3:0]     index
);

localparam [31:0] LAST_32 = N - 32'd1;
localparam [3:0]  LAST    = LAST_32[3:0];

// State

reg [15:0] last_q;          // of each class: who was granted last
reg [15:0] turn_q;          // and how often in a row

// Requests of the highest class

reg [1:0]   highest;
integer     c;

always @(*) begin
	highest = 2'd0;
	for (c = 0; c < N; c = c + 1)
		if (request[c] && class_of[c*2 +: 2] > highest)
			highest = class_of[c*2 +: 2];
end

wire [3:0]  last = last_q[{highest, 2'b00} +: 4];
wire [3:0]  turn = turn_q[{highest, 2'b00} +: 4];

reg [15:0]  top;
reg [3:0]   last_weight;
integer     t;

always @(*) begin
	top = 16'd0;
	last_weight = 4'd1;
	for (t = 0; t < N; t = t + 1) begin
		top[t] = request[t] && class_of[t*2 +: 2] == highest;
		if (last == t[3:0] && weight[t*4 +: 4] != 4'd0)
			last_weight = weight[t*4 +: 4];
	end
end

// The circle, walked backwards so that the nearest request is assigned last

reg [4:0] place;
reg [3:0] index_d;
integer   i;

always @(*) begin
	index_d = 4'd0;
	place = 5'd0;
	for (i = N; i >= 1; i = i - 1) begin
		place = {1'b0, last} + i[4:0];
		if (place > {1'b0, LAST})
			place = place - {1'b0, LAST} - 5'd1;
		if (top[place[3:0]])
			index_d = place[3:0];
	end
	if (top[last] && turn < last_weight)
		index_d = last;
end

reg [N-1:0] choice_d;
integer     o;

always @(*) begin
	choice_d = {N{1'b0}};
	for (o = 0; o < N; o = o + 1)
		choice_d[o] = request[o] && index_d == o[3:0];
end

// Registers

always @(posedge clk) begin
	if (!rst_n) begin
		last_q <= {4{LAST}};
		turn_q <= {4{4'd15}};
	end else if (grant) begin
		last_q[{highest, 2'b00} +: 4] <= index_d;
		if (index_d != last)
			turn_q[{highest, 2'b00} +: 4] <= 4'd1;
		else if (turn != 4'd15)
			turn_q[{highest, 2'b00} +: 4] <= turn + 4'd1;
	end
end

// Outputs

assign any    = |request;
assign choice = choice_d;
assign index  = index_d;

endmodule
