// SPDX-License-Identifier: MIT
// pqdma_lane - one byte lane of the strip buffer
//
// A memory of bytes with a port that writes or adds (exclusive or), and a port that reads. A byte written at an edge can be read, and
// added to, from the next clock on.
`default_nettype none

module pqdma_lane #(
	parameter ROW_W = 8
) (
	input  wire             clk,
	input  wire             write,
	input  wire             fresh,      // write; else add
	input  wire [ROW_W-1:0] write_row,
	input  wire [7:0]       write_data,
	input  wire [ROW_W-1:0] read_row,
	output wire [7:0]       read_data
);

reg [7:0] mem [0:(1 << ROW_W)-1];

always @(posedge clk) begin
	if (write)
		mem[write_row] <= fresh ? write_data : mem[write_row] ^ write_data;
end

assign read_data = mem[read_row];

endmodule
