// SPDX-License-Identifier: MIT
// pqdma_buf - one half of the strip buffer: rows of one bus word each
//
// Each byte lane has its own write address. That is what lets a rotated beat land in two rows at once.
`default_nettype none

module pqdma_buf #(
	parameter DATA_W = 128,
	parameter ROW_W  = 8
) (
	input  wire                clk,

	// Lanes in `write` take their byte in `write_row`, those in `carry` too in the row after it. If not fresh, the byte
	// is added to what stands there.
	input  wire                fresh,
	input  wire [DATA_W/8-1:0] write,
	input  wire [ROW_W-1:0]    write_row,
	input  wire [DATA_W/8-1:0] carry,
	input  wire [DATA_W-1:0]   write_data,

	input  wire [ROW_W-1:0]    read_row,
	output wire [DATA_W-1:0]   read_data
);

localparam BYTES = DATA_W / 8;

localparam [ROW_W-1:0] ROW_ONE = 1;

wire [ROW_W-1:0] next_row = write_row + ROW_ONE;

genvar l;

generate for (l = 0; l < BYTES; l = l + 1) begin : g_lane
	pqdma_lane #(.ROW_W(ROW_W)) u_lane (
		.clk        (clk),
		.write      (write[l]),
		.fresh      (fresh),
		.write_row  (carry[l] ? next_row : write_row),
		.write_data (write_data[l*8 +: 8]),
		.read_row   (read_row),
		.read_data  (read_data[l*8 +: 8])
	);
end endgenerate

endmodule
