# SPDX-License-Identifier: MIT
"""The report page: one HTML file that needs nothing else, made from what is stored in build/ and docs/."""
