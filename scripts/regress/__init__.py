# SPDX-License-Identifier: MIT
"""The parts of scripts/run and scripts/report: jobs, engines, causes of failures, stored results and what is made from them."""
