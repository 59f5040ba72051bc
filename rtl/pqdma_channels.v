// SPDX-License-Identifier: MIT
// pqdma_channels - the channels, from register write and descriptor to strip, and from acknowledge to event
//
// Each channel is a pair: pqdma_chan as software sees it, pqdma_list that follows its list. All channels share the strip generator,
// which takes from their lists, and the acknowledge stage, whose events go back to them. Wires only.
`default_nettype none
`include "pqdma_bundles.vh"

module pqdma_channels #(
	parameter CHANNELS    = 4,
	parameter DATA_W      = 128,
	parameter STRIP_BYTES = 1024,
	parameter STRIPS      = 32,
	parameter DESCS       = 32,
	parameter LINES       = 4,
	parameter ROW_W       = 8   // log2 of the rows of the buffer
) (
	input  wire                   clk,
	input  wire                   rst_n,

	// Registers, one bit or one word a channel
	input  wire [CHANNELS-1:0]    chan_wr,
	input  wire [7:0]             chan_wr_offset,
	input  wire [31:0]            wr_data,
	input  wire [3:0]             wr_strb,
	input  wire [7:0]             chan_rd_offset,
	output wire [CHANNELS*32-1:0] chan_rd_data,
	input  wire                   perf_clear,
	output wire [CHANNELS-1:0]    irq,

	// Requests of peripherals
	input  wire [LINES-1:0]       drq_single,
	input  wire [LINES-1:0]       drq_burst,
	input  wire [LINES-1:0]       drq_last,
	output wire [LINES-1:0]       dack,

	// AXI4 write response
	input  wire [1:0]             m_axi_bresp,
	input  wire                   m_axi_bvalid,
	output wire                   m_axi_bready,

	// Fetches that the lists want, one bit or one word a channel
	output wire [CHANNELS-1:0]    fetch,
	input  wire [CHANNELS-1:0]    fetch_granted,
	output wire [CHANNELS*64-1:0] fetch_addr,
	output wire [CHANNELS-1:0]    fetch_is_table,
	output wire [CHANNELS-1:0]    fetch_is_link,
	output wire [CHANNELS-1:0]    fetch_takes_link,
	output wire [CHANNELS-1:0]    compact,     // descriptors have 32 bytes instead of 64

	// A descriptor or a piece of a source table arrives, checked
	input  wire [CHANNELS-1:0]    arrive,
	input  wire                   arrive_is_table,
	input  wire                   arrive_is_link,
	input  wire                   arrive_takes_link,
	input  wire [63:0]            arrive_addr,
	input  wire                   arrive_error,
	input  wire                   arrive_decerr,
	input  wire [`BD_W-1:0]       arrive_data,
	input  wire [63:0]            arrive_link,
	output wire [CHANNELS-1:0]    table_write,
	output wire [CHANNELS-1:0]    table_set,
	output wire [CHANNELS*3-1:0]  table_block,
	input  wire [CHANNELS-1:0]    table_held,  // reads are still made from this set of the channel's

	// The strip, in the clock of `taken`; `strip_read` is high with it if it has reads
	output wire                   taken,
	output wire [`BS_W-1:0]       strip,
	output wire                   strip_read,
	output wire [`BX_W-1:0]       job,
	output wire [ROW_W-1:0]       first_row,
	input  wire                   seq_busy,    // reads of an earlier strip are left
	input  wire                   read_ready,
	input  wire                   read_full,
	input  wire [8:0]             rows_released,
	output wire                   no_room,     // a strip waits for credits, buffer or read queue

	// From and to the write engine
	input  wire                   ack_push,
	input  wire [`BA_W-1:0]       ack,
	output wire                   sts_empty,
	output wire [`BC_W-1:0]       sts,
	input  wire                   sts_pop,
	output wire [CHANNELS-1:0]    kill,        // strips of these channels are dropped
	input  wire [CHANNELS-1:0]    write_poison,

	// Completion words
	output wire [CHANNELS-1:0]    cmpl_want,
	output wire [CHANNELS*64-1:0] cmpl_addr,
	output wire [CHANNELS*35-1:0] cmpl_word,
	input  wire [CHANNELS-1:0]    cmpl_load    // this channel's is written
);

// What the channels and their lists tell the strip generator, and what it takes

wire [CHANNELS*4-1:0]     burst;
wire [CHANNELS*2-1:0]     class_of;
wire [CHANNELS*4-1:0]     weight;
wire [CHANNELS-1:0]       eligible;
wire [CHANNELS*`BD_W-1:0] cur;
wire [CHANNELS*32-1:0]    cur_pos;
wire [CHANNELS-1:0]       cur_set;
wire [CHANNELS*11-1:0]    piece;
wire [CHANNELS-1:0]       piece_last;
wire [CHANNELS-1:0]       take;
wire                      take_last;
wire [12:0]               take_bytes;
wire                      take_row;

// What the acknowledge stage must know of the channels, and the events it makes

wire [CHANNELS-1:0]    live;
wire [CHANNELS-1:0]    broken;
wire [CHANNELS*32-1:0] dbytes;
wire [CHANNELS*2-1:0]  dbad;
wire [CHANNELS-1:0]    cmpl_done;
wire                   strip_released;
wire [CHANNELS-1:0]    ev_strip;
wire [CHANNELS-1:0]    ev_good;
wire [12:0]            ev_bytes;
wire [1:0]             ev_bad;
wire [CHANNELS-1:0]    ev_status_push;
wire [CHANNELS-1:0]    ev_status_done;
wire [CHANNELS-1:0]    ev_complete;
wire                   ev_complete_irq;
wire [CHANNELS-1:0]    ev_poison;
wire [CHANNELS-1:0]    ev_broken;
wire [CHANNELS-1:0]    ev_error;
wire [7:0]             ev_error_code;
wire [63:0]            ev_error_addr;
wire [63:0]            ev_error_desc;

genvar c;

generate for (c = 0; c < CHANNELS; c = c + 1) begin : g_chan
	wire        start;
	wire        clear;
	wire [63:0] head_addr;
	wire [5:0]  head_count;
	wire [31:0] tail;
	wire        running;
	wire        moving;
	wire        cyclic;
	wire [31:0] req_timeout;
	wire        poisoned;
	wire        quiet;
	wire        list_busy;
	wire        cur_valid;

	pqdma_chan u_chan (
		.clk             (clk),
		.rst_n           (rst_n),
		.wr              (chan_wr[c]),
		.wr_offset       (chan_wr_offset),
		.wr_data         (wr_data),
		.wr_strb         (wr_strb),
		.rd_offset       (chan_rd_offset),
		.rd_data         (chan_rd_data[c*32 +: 32]),
		.irq             (irq[c]),
		.start           (start),
		.clear           (clear),
		.head_addr       (head_addr),
		.head_count      (head_count),
		.tail            (tail),
		.running         (running),
		.moving          (moving),
		.live            (live[c]),
		.poisoned        (poisoned),
		.quiet           (quiet),
		.list_busy       (list_busy),
		.cur_valid       (cur_valid),
		.eligible        (eligible[c]),
		.cyclic          (cyclic),
		.compact         (compact[c]),
		.req_timeout     (req_timeout),
		.burst           (burst[c*4 +: 4]),
		.class_of        (class_of[c*2 +: 2]),
		.weight          (weight[c*4 +: 4]),
		.cmpl_want       (cmpl_want[c]),
		.cmpl_addr       (cmpl_addr[c*64 +: 64]),
		.cmpl_word       (cmpl_word[c*35 +: 35]),
		.kill            (kill[c]),
		.broken          (broken[c]),
		.dbytes          (dbytes[c*32 +: 32]),
		.dbad            (dbad[c*2 +: 2]),
		.ev_take         (take[c]),
		.ev_strip        (ev_strip[c]),
		.ev_good         (ev_good[c]),
		.ev_bytes        (ev_bytes),
		.ev_bad          (ev_bad),
		.ev_status_push  (ev_status_push[c]),
		.ev_status_done  (ev_status_done[c]),
		.ev_complete     (ev_complete[c]),
		.ev_complete_irq (ev_complete_irq),
		.ev_cmpl_load    (cmpl_load[c]),
		.ev_cmpl_done    (cmpl_done[c]),
		.ev_poison       (ev_poison[c] || write_poison[c]),
		.ev_broken       (ev_broken[c]),
		.ev_error        (ev_error[c]),
		.ev_error_code   (ev_error_code),
		.ev_error_addr   (ev_error_addr),
		.ev_error_desc   (ev_error_desc),
		.perf_clear      (perf_clear)
	);

	pqdma_list #(
		.DESCS (DESCS),
		.LINES (LINES)
	) u_list (
		.clk               (clk),
		.rst_n             (rst_n),
		.start             (start),
		.clear             (clear),
		.head_addr         (head_addr),
		.head_count        (head_count),
		.tail              (tail),
		.running           (running),
		.moving            (moving),
		.cyclic            (cyclic),
		.compact           (compact[c]),
		.poisoned          (poisoned),
		.quiet             (quiet),
		.complete          (ev_complete[c]),
		.busy              (list_busy),
		.acked             (ev_strip[c]),
		.req_timeout       (req_timeout),
		.drq_single        (drq_single),
		.drq_burst         (drq_burst),
		.drq_last          (drq_last),
		.fetch             (fetch[c]),
		.fetch_granted     (fetch_granted[c]),
		.fetch_addr        (fetch_addr[c*64 +: 64]),
		.fetch_is_table    (fetch_is_table[c]),
		.fetch_is_link     (fetch_is_link[c]),
		.fetch_takes_link  (fetch_takes_link[c]),
		.arrive            (arrive[c]),
		.arrive_is_table   (arrive_is_table),
		.arrive_is_link    (arrive_is_link),
		.arrive_takes_link (arrive_takes_link),
		.arrive_addr       (arrive_addr),
		.arrive_error      (arrive_error),
		.arrive_decerr     (arrive_decerr),
		.arrive_data       (arrive_data),
		.arrive_link       (arrive_link),
		.table_write       (table_write[c]),
		.table_set         (table_set[c]),
		.table_block       (table_block[c*3 +: 3]),
		.table_held        (table_held[c]),
		.cur_valid         (cur_valid),
		.eligible          (eligible[c]),
		.cur               (cur[c*`BD_W +: `BD_W]),
		.cur_pos           (cur_pos[c*32 +: 32]),
		.cur_set           (cur_set[c]),
		.piece             (piece[c*11 +: 11]),
		.piece_last        (piece_last[c]),
		.take              (take[c]),
		.take_last         (take[c] && take_last),
		.take_bytes        (take_bytes),
		.take_row          (take[c] && take_row)
	);
end endgenerate

pqdma_strip #(
	.CHANNELS    (CHANNELS),
	.DATA_W      (DATA_W),
	.STRIP_BYTES (STRIP_BYTES),
	.STRIPS      (STRIPS),
	.ROW_W       (ROW_W)
) u_strip (
	.clk            (clk),
	.rst_n          (rst_n),
	.eligible       (eligible),
	.cur            (cur),
	.cur_pos        (cur_pos),
	.cur_set        (cur_set),
	.burst          (burst),
	.compact        (compact),
	.piece          (piece),
	.piece_last     (piece_last),
	.class_of       (class_of),
	.weight         (weight),
	.take           (take),
	.take_last      (take_last),
	.take_bytes     (take_bytes),
	.take_row       (take_row),
	.taken          (taken),
	.strip          (strip),
	.seq_free       (!seq_busy),
	.read_ready     (read_ready),
	.read_full      (read_full),
	.no_room        (no_room),
	.read           (strip_read),
	.job            (job),
	.first_row      (first_row),
	.rows_released  (rows_released),
	.strip_released (strip_released)
);

pqdma_ack #(
	.CHANNELS (CHANNELS),
	.STRIPS   (STRIPS),
	.LINES    (LINES)
) u_ack (
	.clk             (clk),
	.rst_n           (rst_n),
	.m_axi_bresp     (m_axi_bresp),
	.m_axi_bvalid    (m_axi_bvalid),
	.m_axi_bready    (m_axi_bready),
	.push            (ack_push),
	.push_data       (ack),
	.sts_empty       (sts_empty),
	.sts             (sts),
	.sts_pop         (sts_pop),
	.dack            (dack),
	.live            (live),
	.broken          (broken),
	.dbytes          (dbytes),
	.dbad            (dbad),
	.strip_released  (strip_released),
	.ev_strip        (ev_strip),
	.ev_good         (ev_good),
	.ev_bytes        (ev_bytes),
	.ev_bad          (ev_bad),
	.ev_status_push  (ev_status_push),
	.ev_status_done  (ev_status_done),
	.ev_cmpl_done    (cmpl_done),
	.ev_complete     (ev_complete),
	.ev_complete_irq (ev_complete_irq),
	.ev_poison       (ev_poison),
	.ev_broken       (ev_broken),
	.ev_error        (ev_error),
	.ev_error_code   (ev_error_code),
	.ev_error_addr   (ev_error_addr),
	.ev_error_desc   (ev_error_desc)
);

endmodule
