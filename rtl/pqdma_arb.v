// SPDX-License-Identifier: MIT
// pqdma_arb - round robin arbiter
//
// The choice is the first request after the one that was granted last, in a circle. It is combinational; `grant` says that
// the choice is taken in this clock, and only then does the circle turn.
`default_nettype none

module pqdma_arb #(
	parameter [31:0] N = 4      // 1 to 16
) (
	input  wire         clk,
	input  wire         rst_n,
	input  wire [N-1:0] request,
	input  wire         grant,
	output wire         any,
	output wire [N-1:0] choice, // one-hot, 0 if there is no request
	output wire [3:0]   index
);

localparam [31:0] LAST_32 = N - 32'd1;
localparam [3:0]  LAST    = LAST_32[3:0];

// State

reg [3:0] last_q;           // who was granted last

// The circle, walked backwards so that the nearest request is assigned last

reg [15:0] wanted;
reg [4:0]  place;
reg [3:0]  index_d;
integer    i;

always @(*) begin
	wanted = 16'd0;
	wanted[N-1:0] = request;
	index_d = 4'd0;
	place = 5'd0;
	for (i = N; i >= 1; i = i - 1) begin
		place = {1'b0, last_q} + i[4:0];
		if (place > {1'b0, LAST})
			place = place - {1'b0, LAST} - 5'd1;
		if (wanted[place[3:0]])
			index_d = place[3:0];
	end
end

reg [N-1:0] choice_d;
integer     c;

always @(*) begin
	choice_d = {N{1'b0}};
	for (c = 0; c < N; c = c + 1)
		choice_d[c] = request[c] && index_d == c[3:0];
end

// Registers

always @(posedge clk) begin
	if (!rst_n)
		last_q <= LAST;
	else if (grant)
		last_q <= index_d;
end

// Outputs

assign any    = |request;
assign choice = choice_d;
assign index  = index_d;

endmodule
