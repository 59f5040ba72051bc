// SPDX-License-Identifier: MIT
// pqdma_dport - where descriptors and source tables are read: on a port of their own, or on the data port
//
// With WITH_DESC_PORT it holds the AR register of the descriptor port. Without, offers go on to the data port's AR register and fetch beats
// come from its R channel; the descriptor port is silent.
`default_nettype none

module pqdma_dport #(
	parameter DATA_W         = 128,
	parameter WITH_DESC_PORT = 0
) (
	input  wire              clk,
	input  wire              rst_n,

	// Descriptor port. rready is always 1: there is a word for each fetch.
	output wire [3:0]        d_axi_arid,
	output wire [63:0]       d_axi_araddr,
	output wire [7:0]        d_axi_arlen,
	output wire [2:0]        d_axi_arsize,
	output wire [1:0]        d_axi_arburst,
	output wire [3:0]        d_axi_aruser,
	output wire [3:0]        d_axi_arcache,
	output wire [2:0]        d_axi_arprot,
	output wire              d_axi_arvalid,
	input  wire              d_axi_arready,
	input  wire [DATA_W-1:0] d_axi_rdata,
	input  wire [1:0]        d_axi_rresp,
	input  wire              d_axi_rlast,
	input  wire              d_axi_rvalid,
	output wire              d_axi_rready,

	// The fetcher
	input  wire              offer,
	input  wire [63:0]       offer_addr,
	input  wire [8:0]        offer_beats,
	input  wire [3:0]        offer_chan,
	output wire              ar_free,
	output wire              beat,
	output wire [DATA_W-1:0] beat_data,
	output wire [1:0]        beat_resp,
	output wire              beat_last,

	// The data port
	output wire              m_offer,
	input  wire              m_ar_free,
	input  wire              m_beat,
	input  wire [DATA_W-1:0] m_data,
	input  wire [1:0]        m_resp,
	input  wire              m_last
);

localparam [31:0] SIZE_32 = $clog2(DATA_W / 8);

generate if (WITH_DESC_PORT != 0) begin : g_port
	reg        arvalid_q;
	reg [63:0] araddr_q;
	reg [7:0]  arlen_q;
	reg [3:0]  aruser_q;

	wire [8:0] len = offer_beats - 9'd1;

	always @(posedge clk) begin
		if (!rst_n) begin
			arvalid_q <= 1'b0;
			araddr_q  <= 64'd0;
			arlen_q   <= 8'd0;
			aruser_q  <= 4'd0;
		end else if (offer && ar_free) begin
			arvalid_q <= 1'b1;
			araddr_q  <= offer_addr;
			arlen_q   <= len[7:0];
			aruser_q  <= offer_chan;
		end else if (d_axi_arready) begin
			arvalid_q <= 1'b0;
		end
	end

	assign d_axi_arid    = 4'd1;
	assign d_axi_araddr  = araddr_q;
	assign d_axi_arlen   = arlen_q;
	assign d_axi_arsize  = SIZE_32[2:0];
	assign d_axi_arburst = 2'b01;
	assign d_axi_aruser  = aruser_q;
	assign d_axi_arcache = 4'b0011;
	assign d_axi_arprot  = 3'b000;
	assign d_axi_arvalid = arvalid_q;
	assign d_axi_rready  = 1'b1;
	assign ar_free       = !arvalid_q || d_axi_arready;
	assign m_offer       = 1'b0;
	assign beat          = d_axi_rvalid;
	assign beat_data     = d_axi_rdata;
	assign beat_resp     = d_axi_rresp;
	assign beat_last     = d_axi_rlast;

	wire unused = &{1'b0, len[8], m_ar_free, m_beat, m_data, m_resp, m_last};
end else begin : g_shared
	assign d_axi_arid    = 4'd0;
	assign d_axi_araddr  = 64'd0;
	assign d_axi_arlen   = 8'd0;
	assign d_axi_arsize  = 3'd0;
	assign d_axi_arburst = 2'd0;
	assign d_axi_aruser  = 4'd0;
	assign d_axi_arcache = 4'd0;
	assign d_axi_arprot  = 3'd0;
	assign d_axi_arvalid = 1'b0;
	assign d_axi_rready  = 1'b0;
	assign ar_free       = m_ar_free;
	assign m_offer       = offer;
	assign beat          = m_beat;
	assign beat_data     = m_data;
	assign beat_resp     = m_resp;
	assign beat_last     = m_last;

	wire unused = &{1'b0, clk, rst_n, d_axi_arready, d_axi_rdata, d_axi_rresp, d_axi_rlast, d_axi_rvalid, offer_addr,
			offer_beats, offer_chan, SIZE_32};
end endgenerate

endmodule
