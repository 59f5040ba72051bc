// SPDX-License-Identifier: MIT
// pqdma_request - the next piece of a peripheral copy, and whether its request line asks for it
//
// Wires only. A burst request goes before a single one; a copy that is not paced is always asked for.
`default_nettype none
`include "pqdma_bundles.vh"

module pqdma_request #(
	parameter [31:0] LINES = 4
) (
	input  wire [`BD_W-1:0] cur,
	input  wire [LINES-1:0] drq_single,
	input  wire [LINES-1:0] drq_burst,
	input  wire [LINES-1:0] drq_last,
	output wire             asked,
	output wire [10:0]      piece,          // bytes
	output wire             piece_last      // it ends the descriptor
);

reg     burst;
reg     single;
reg     last;
integer l;

always @(*) begin
	burst = 1'b0;
	single = 1'b0;
	last = 1'b0;
	for (l = 0; l < LINES; l = l + 1)
		if (cur[`BD_LINE] == l[4:0]) begin
			burst = drq_burst[l];
			single = drq_single[l];
			last = drq_last[l];
		end
end

wire        paced  = cur[`BD_PACED];
wire [2:0]  width  = cur[`BD_DDEV] ? cur[`BD_DW] : cur[`BD_SW];
wire [10:0] one    = 11'd1 << width;
wire [10:0] wanted = paced && !burst ? one : one << cur[`BD_BURST];
wire [31:0] left   = cur[`BD_LEFT];
wire        rest   = left <= {21'd0, wanted};

assign asked      = !paced || burst || single;
assign piece      = rest ? left[10:0] : wanted;
assign piece_last = rest || (paced && last);

wire unused = &{1'b0, cur};

endmodule
