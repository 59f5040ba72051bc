// SPDX-License-Identifier: MIT
// Waves show their end, where the marker is. The filter above the table of tests: by name, and only what did not pass.
"use strict";
for (const waves of document.querySelectorAll(".scroll.end"))
	new ResizeObserver(() => { waves.scrollLeft = waves.scrollWidth; }).observe(waves);
for (const box of document.querySelectorAll(".filter")) {
	const name = box.querySelector("input[type=search]"), only = box.querySelector("input[type=checkbox]");
	const rows = box.parentElement.querySelectorAll("tbody tr");
	const apply = () => {
		for (const row of rows) {
			const fits = row.cells[0].textContent.includes(name.value.trim());
			row.hidden = !fits || (only.checked && !row.querySelector(".fail, .none"));
		}
	};
	name.addEventListener("input", apply);
	only.addEventListener("change", apply);
}
