// SPDX-License-Identifier: MIT
// pqdma_table - the source tables: two for each channel
//
// A table is written in blocks of four entries as they stand in memory, and read entry by entry. Four banks, one for each entry of a
// block. An entry written at an edge can be read from the next clock on.
`default_nettype none

module pqdma_table #(
	parameter CHANNELS = 4,
	parameter SOURCES  = 16
) (
	input  wire         clk,

	input  wire         write,
	input  wire [3:0]   write_chan,
	input  wire         write_set,
	input  wire [2:0]   write_block,
	input  wire [511:0] write_words,

	input  wire [3:0]   read_chan,
	input  wire         read_set,
	input  wire [4:0]   read_entry,
	output wire [63:0]  read_addr,
	output wire [7:0]   read_a,
	output wire [7:0]   read_b
);

localparam BLOCKS = SOURCES / 4;
localparam ROW_W  = $clog2(CHANNELS * 2 * BLOCKS);
localparam BLK_W  = $clog2(BLOCKS);

wire [8:0] write_row9 = {1'b0, write_chan, write_set, 3'd0} >> (3 - BLK_W) | {6'd0, write_block};
wire [8:0] read_row9  = {1'b0, read_chan, read_set, 3'd0} >> (3 - BLK_W) | {6'd0, read_entry[4:2]};

wire [ROW_W-1:0] write_row = write_row9[ROW_W-1:0];
wire [ROW_W-1:0] read_row  = read_row9[ROW_W-1:0];

wire [319:0] entries;       // of the four banks

genvar i;

generate for (i = 0; i < 4; i = i + 1) begin : g_bank
	reg [79:0] mem [0:CHANNELS*2*BLOCKS-1];

	always @(posedge clk) begin
		if (write)
			mem[write_row] <= write_words[i*128 +: 80];
	end

	assign entries[i*80 +: 80] = mem[read_row];
end endgenerate

reg [79:0] entry;
integer    b;

always @(*) begin
	entry = 80'd0;
	for (b = 0; b < 4; b = b + 1)
		if (read_entry[1:0] == b[1:0])
			entry = entries[b*80 +: 80];
end

assign read_addr = entry[63:0];
assign read_a    = entry[71:64];
assign read_b    = entry[79:72];

wire unused = &{1'b0, write_row9, read_row9, write_words};

endmodule
