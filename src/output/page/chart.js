/* The bars over time: each chooses its period. output/html_chart.c drew them; here their heights follow the filters. */

const bars = [...document.querySelectorAll("#bars .bar")];
const STACKED = ["known", "similar", "unknown"]; /* from the bottom up */

function barText(period, bar) {
	const parts = STACKED.filter((verdict) => bar[verdict]).map((verdict) => `${numberText(bar[verdict])} ${verdict}`);
	const detail = parts.length ? ` (${parts.join(", ")})` : "";
	return `${unit === "week" ? "week from " : ""}${periodName(period)}: ${countText(bar.all, "crash")}${detail}`;
}

function drawBar(period, bar, most) {
	const text = barText(period, bar);
	let below = 100;

	for (const verdict of STACKED) {
		const rectangle = bars[period].querySelector(`.${verdict}`);
		const height = most ? 100 * bar[verdict] / most : 0;
		below -= height;
		rectangle.setAttribute("y", `${below}%`);
		rectangle.setAttribute("height", `${height}%`);
	}
	bars[period].setAttribute("aria-label", text);
	bars[period].setAttribute("aria-pressed", String(filters.period === period));
	bars[period].querySelector("title").textContent = text;
}

function drawChart(counts) {
	const most = Math.max(0, ...counts.map((bar) => bar.all));
	if (!bars.length)
		return;
	counts.forEach((bar, period) => drawBar(period, bar, most));
	document.querySelector(".chart .scale span").textContent = numberText(most);
}

/* One stop of the Tab key for all bars; arrows go from bar to bar. */
function moveAmongBars(event) {
	const from = bars.indexOf(event.target.closest(".bar"));
	const places = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: bars.length - 1 };
	const to = bars[places[event.key]];

	if (event.key === "Enter" || event.key === " ") {
		event.preventDefault();
		choosePeriod(from);
	} else if (event.key in places) {
		event.preventDefault();
		if (to)
			focusBar(to);
	}
}

function focusBar(bar) {
	bars.forEach((other) => other.setAttribute("tabindex", other === bar ? "0" : "-1"));
	bar.focus();
}

function choosePeriod(period) {
	changeFilter("period", filters.period === period ? -1 : period);
}

function prepareChart() {
	const chart = document.getElementById("bars");
	if (!chart)
		return;
	chart.setAttribute("role", "group"); /* a picture has no buttons in it */
	chart.addEventListener("keydown", moveAmongBars);
	bars.forEach((bar, period) => {
		bar.setAttribute("role", "button");
		bar.setAttribute("tabindex", period === bars.length - 1 ? "0" : "-1");
		bar.append(document.createElementNS("http://www.w3.org/2000/svg", "title"));
		bar.addEventListener("click", () => choosePeriod(period));
	});
}
