// SPDX-License-Identifier: MIT
// pqdma_axil - AXI4-Lite slave
//
// Turns the five channels into one register write and one register read, each done in the clock of its
// handshake when it can be. Never waits for the engine behind it.
`default_nettype none

module pqdma_axil (
	input  wire        clk,
	input  wire        rst_n,

	// AXI4-Lite. Address and data of a write may come in any order; each is held until the other is there.
	input  wire [12:0] s_axil_awaddr,
	input  wire        s_axil_awvalid,
	output wire        s_axil_awready,
	input  wire [31:0] s_axil_wdata,
	input  wire [3:0]  s_axil_wstrb,
	input  wire        s_axil_wvalid,
	output wire        s_axil_wready,
	output wire [1:0]  s_axil_bresp,
	output wire        s_axil_bvalid,
	input  wire        s_axil_bready,
	input  wire [12:0] s_axil_araddr,
	input  wire        s_axil_arvalid,
	output wire        s_axil_arready,
	output wire [31:0] s_axil_rdata,
	output wire [1:0]  s_axil_rresp,
	output wire        s_axil_rvalid,
	input  wire        s_axil_rready,

	// Register port. wr is high for one clock with its address and data; the answer, whether there is
	// such a register, comes in the same clock. Likewise the data of rd_addr.
	output wire        wr,
	output wire [12:0] wr_addr,
	output wire [31:0] wr_data,
	output wire [3:0]  wr_strb,
	input  wire        wr_exists,
	output wire [12:0] rd_addr,
	input  wire [31:0] rd_data,
	input  wire        rd_exists
);

localparam [1:0] RESP_OKAY   = 2'b00;
localparam [1:0] RESP_SLVERR = 2'b10;

// State

reg        aw_full_q;
reg [12:0] aw_addr_q;
reg        w_full_q;
reg [31:0] w_data_q;
reg [3:0]  w_strb_q;
reg        bvalid_q;
reg [1:0]  bresp_q;
reg        rvalid_q;
reg [31:0] rdata_q;
reg [1:0]  rresp_q;

// Writes

wire aw_xfer = s_axil_awvalid && s_axil_awready;
wire w_xfer  = s_axil_wvalid && s_axil_wready;

assign wr      = (aw_full_q || aw_xfer) && (w_full_q || w_xfer) && (!bvalid_q || s_axil_bready);
assign wr_addr = aw_full_q ? aw_addr_q : s_axil_awaddr;
assign wr_data = w_full_q ? w_data_q : s_axil_wdata;
assign wr_strb = w_full_q ? w_strb_q : s_axil_wstrb;

// Reads

wire ar_xfer = s_axil_arvalid && s_axil_arready;

assign rd_addr = s_axil_araddr;

// Registers

always @(posedge clk) begin
	if (!rst_n) begin
		aw_full_q <= 1'b0;
		w_full_q  <= 1'b0;
		bvalid_q  <= 1'b0;
		bresp_q   <= RESP_OKAY;
	end else if (wr) begin
		aw_full_q <= 1'b0;
		w_full_q  <= 1'b0;
		bvalid_q  <= 1'b1;
		bresp_q   <= wr_exists ? RESP_OKAY : RESP_SLVERR;
	end else begin
		if (aw_xfer)
			aw_full_q <= 1'b1;
		if (w_xfer)
			w_full_q <= 1'b1;
		if (s_axil_bready)
			bvalid_q <= 1'b0;
	end
end

always @(posedge clk) begin
	if (!rst_n) begin
		aw_addr_q <= 13'd0;
		w_data_q  <= 32'd0;
		w_strb_q  <= 4'd0;
	end else begin
		if (aw_xfer)
			aw_addr_q <= s_axil_awaddr;
		if (w_xfer) begin
			w_data_q <= s_axil_wdata;
			w_strb_q <= s_axil_wstrb;
		end
	end
end

always @(posedge clk) begin
	if (!rst_n) begin
		rvalid_q <= 1'b0;
		rdata_q  <= 32'd0;
		rresp_q  <= RESP_OKAY;
	end else if (ar_xfer) begin
		rvalid_q <= 1'b1;
		rdata_q  <= rd_data;
		rresp_q  <= rd_exists ? RESP_OKAY : RESP_SLVERR;
	end else if (s_axil_rready) begin
		rvalid_q <= 1'b0;
	end
end

// Outputs

assign s_axil_awready = !aw_full_q;
assign s_axil_wready  = !w_full_q;
assign s_axil_bvalid  = bvalid_q;
assign s_axil_bresp   = bresp_q;
assign s_axil_arready = !rvalid_q;
assign s_axil_rvalid  = rvalid_q;
assign s_axil_rdata   = rdata_q;
assign s_axil_rresp   = rresp_q;

endmodule
