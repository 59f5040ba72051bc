# SPDX-License-Identifier: MIT
"""The speed targets: what is asked, what is measured, and why where a target is missed."""
from bench_peers import LATENCIES, OFFSETS
from bench_tables import SOURCES, only, table

NEEDS = {
    "64": ("measure_w_use", "measure_compact", "measure_launch", "measure_gaps"),
    "64d": ("measure_compact", "measure_scattered", "measure_launch", "measure_unaligned", "measure_gaps"),
    "128": ("measure_w_use", "measure_compact", "measure_launch", "measure_gaps", "measure_sums"),
    "long": ("measure_unaligned",),
}
HALF_DIGIT = 0.0005		# figures have three digits


def verdict(reached):
    return "reached" if reached else "**missed**"


def launch(found, build):
    return max(only(found[build], kind="launch", form="compact", latency=l)["beyond_latency"] for l in LATENCIES)


def idle(found):
    return max(max(line["r"], line["w"]) for build in ("64", "64d", "128") for line in found[build] if line["kind"] == "gaps")


def use(lines, latency, form="compact", group=31, scattered=0, size=64):
    return only(lines, kind="copy", form=form, group=group, scattered=scattered, reads=32, size=size, latency=latency)


def port_bound(line, bits):
    """n/(n+d) of one port; what is read of a descriptor are 56 bytes, of a compact one 24, in whole beats"""
    beat = bits // 8
    return line["size"] / (line["size"] + -(-(56 if line["form"] == "full" else 24) // beat) * beat)


def below_bound(found, build):
    """(worst share of the bound, its line) on one port; builds with one port are named by their bits"""
    lines = [line for line in found[build] if line["kind"] == "copy" and not line["scattered"]]
    return min(((line["w"] / port_bound(line, int(build)), line) for line in lines), key=lambda pair: pair[0])


def worst_offsets(lines):
    return min(only(lines, kind="unaligned", size=1024, src=s, dst=d)["w"] for s, d in OFFSETS)


def share(values):
    return " / ".join(f"{v:.3f}" for v in values)


def rows(found):
    two = found["64d"]
    launch_64, launch_128 = launch(found, "64d"), launch(found, "128")
    ours, apart = [[use(two, l, **how)["w"] for l in LATENCIES] for how in ({}, {"group": 8, "scattered": 1})]
    bounds = {build: below_bound(found, build) for build in ("64", "128")}
    r_all = min(only(found["128"], kind="sums", op=op, k=k, size=4096, latency=l, unaligned=0, reads=32)["r_all"]
                for op in ("xor", "pq") for k in SOURCES for l in LATENCIES)
    offsets = worst_offsets(two)
    yield ("doorbell to first data read, compact descriptor", "64 bits", "at most 5 + L", f"{launch_64} + L", launch_64 <= 5, LAUNCH_CAUSE)
    yield ("the same", "128 bits", "at most 5 + L", f"{launch_128} + L", launch_128 <= 5, "")
    yield ("idle clocks between chained descriptors, R and W", "all, L = 1 to 100", "0", idle(found), idle(found) == 0, "")
    yield ("W use, 64 B, L = 1 / 10 / 50 / 100", "64 bits, two ports, compact", "1.00", share(ours), min(ours) >= 1 - HALF_DIGIT,
           DEPTH_CAUSE)
    yield ("the same, groups of 8 in random places", "64 bits, two ports, compact", "1.00", share(apart), min(apart) >= 1 - HALF_DIGIT,
           LINK_CAUSE)
    for build, (worst, line) in bounds.items():
        yield ("W use over the bound n/(n+d), worst of all sizes, L = 1 to 100", f"{build} bits, one port", "1.00",
               f"{worst:.3f} ({line['size']} B, {line['form']}, L = {line['latency']})", worst >= 1 - 3 * HALF_DIGIT, BOUND_CAUSE)
    yield ("copy of 1 KiB, worst of the offsets", "64 bits, two ports", "0.992", f"{offsets:.3f}", offsets >= 0.992 - HALF_DIGIT,
           EDGE_CAUSE.format(long=worst_offsets(found["long"])))
    yield ("R use by xor and pq of k = 2 to 16, all beats, L = 1 to 100", "128 bits, one port", "at least 0.99", f"{r_all:.3f}",
           r_all >= 0.99, "")


LAUNCH_CAUSE = ("a read starts only when all that is needed of the descriptor has come: 3 beats here, 2 on 128 bits; the rest are 2 clocks "
                "from the doorbell to the address and 2 from the last beat to the read, because every output is a register behind a "
                "register of state")
DEPTH_CAUSE = "32 descriptor credits (`DESCS`) are fewer than two latencies ask for"
LINK_CAUSE = ("where a group stands is written in the link behind the one before it, so each group costs at least L + 2 clocks, here for "
              "8 x 8 beats; nothing is guessed")
BOUND_CAUSE = ("the link of each group is a beat more; on 128 bits also 16 data reads of 4 beats bring at most 64 beats in 104 clocks, and "
               "32 credits are fewer than two latencies of 100 ask for")
EDGE_CAUSE = ("source and destination off by different offsets: a strip ends at a multiple of `STRIP_BYTES` of the destination, and "
              "the source beat across that edge is read for both strips; with `STRIP_BYTES=2048` it is {long:.3f}")


def page(found):
    """The table of targets from {build: lines}."""
    shown = [(what, where, want, got, verdict(reached), "" if reached else cause) for what, where, want, got, reached, cause in rows(found)]
    return table(["what", "where", "target", "measured", "", "cause"], shown)
