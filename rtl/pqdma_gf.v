// SPDX-License-Identifier: MIT
// pqdma_gf - two products of a bus word with constants in GF(2^8), byte by byte
//
// Polynomial x^8 + x^4 + x^3 + x^2 + 1 (0x11d), as RAID-6 uses it. The multiples of the data by powers of x are made once and
// serve both products. The common case of a copy or an xor, a = 1 and b = 0, leaves the multiples alone: it costs no time in simulation.
`default_nettype none

module pqdma_gf #(
	parameter DATA_W = 128
) (
	input  wire [DATA_W-1:0] data,
	input  wire [7:0]        a,
	input  wire [7:0]        b,
	output wire [DATA_W-1:0] a_data,
	output wire [DATA_W-1:0] b_data
);

localparam BYTES = DATA_W / 8;

localparam [DATA_W-1:0] LOW  = {BYTES{8'h01}};
localparam [DATA_W-1:0] HIGH = {BYTES{8'hfe}};

reg [DATA_W-1:0] power;     // data times x^i
reg [DATA_W-1:0] carry;     // 1 in each byte that overflows
reg [DATA_W-1:0] a_sum;
reg [DATA_W-1:0] b_sum;
integer          i;

always @(*) begin
	power = data;
	carry = {DATA_W{1'b0}};
	a_sum = data;
	b_sum = {DATA_W{1'b0}};
	if (a != 8'd1 || b != 8'd0) begin
		a_sum = {DATA_W{1'b0}};
		for (i = 0; i < 8; i = i + 1) begin
			if (a[i])
				a_sum = a_sum ^ power;
			if (b[i])
				b_sum = b_sum ^ power;
			carry = (power >> 7) & LOW;
			power = ((power << 1) & HIGH) ^ carry ^ (carry << 2) ^ (carry << 3) ^ (carry << 4);
		end
	end
end

assign a_data = a_sum;
assign b_data = b_sum;

endmodule
