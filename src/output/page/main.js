/* The filter bar, the address that holds the state of the page, and the start of all. */

const TYPING_PAUSE = 150; /* ms: while somebody types, nothing is searched */
const OPTION_LONGEST = 60, HOSTS_OFFERED = 2000;
const controls = Object.fromEntries(["text", "verdict", "release", "host", "clear", "chips"]
	.map((name) => [name, document.getElementById(`filter-${name}`)]));
let typing = 0;

function changeFilter(name, value) {
	filters[name] = value;
	update();
}

function clearFilters() {
	Object.assign(filters, { text: "", verdict: "", release: "", host: "", period: -1, group: -1 });
}

/* A filter that no control shows: what it is, and a button that takes it away. */
function chip(name, text) {
	return button({ class: "chip" }, () => {
		changeFilter(name, -1);
		controls.text.focus();
	}, element("span", { class: "log" }, text), element("span", { class: "unseen" }, " (remove this filter)"));
}

function drawControls() {
	for (const name of ["text", "verdict", "release", "host"])
		if (controls[name].value !== filters[name])
			controls[name].value = filters[name];
	const chips = [];
	if (filters.period >= 0)
		chips.push(chip("period", `${unit}: ${periodName(filters.period)}`));
	if (filters.group >= 0)
		chips.push(chip("group", `bug: ${groups[filters.group].title || groups[filters.group].key}`));
	controls.chips.replaceChildren(...chips);
	controls.clear.disabled = !isFiltered();
}

function drawStatus(groupCount, found) {
	const count = found.groups.reduce((sum, group) => sum + group.count, 0);
	const text = isFiltered()
		? `${numberText(groupCount)} of ${countText(groups.length, "group")}, ${numberText(count)} of ${countText(crashCount, "crash")} match`
		: `${countText(groups.length, "group")}, ${countText(crashCount, "crash")}`;
	const status = document.getElementById("status");
	if (status.textContent !== text)
		status.textContent = text;
}

/* Draws all that depends on filters and sorting. */
function update() {
	const found = applyFilters();

	drawControls();
	drawChart(found.periods);
	drawRankings(found);
	drawStatus(drawTable(found), found);
	writeAddress();
}

/* ---- the address: a view can be linked ---- */

function writeAddress() {
	const state = new URLSearchParams();

	for (const name of ["text", "verdict", "release", "host"])
		if (filters[name].trim() !== "")
			state.set(name, filters[name]);
	if (filters.period >= 0)
		state.set("period", periodName(filters.period));
	if (filters.group >= 0)
		state.set("bug", groupName(filters.group));
	if (sorting.key !== "count" || !sorting.descending)
		state.set("sort", (sorting.descending ? "-" : "") + sorting.key);
	for (const group of opened)
		state.append("open", groupName(group));
	try {
		history.replaceState(null, "", `#${state}`);
	} catch {
		/* Shown inside of another page, this one may have no address of its own: then a view cannot be linked. */
	}
}

/* What the address says and this report does not have is passed over. */
function readAddress() {
	const state = new URLSearchParams(location.hash.slice(1));
	const names = groups.map((group, number) => groupName(number));
	const sort = state.get("sort") || "-count", key = sort.replace(/^-/, "");

	for (const name of ["text", "verdict", "release", "host"])
		filters[name] = state.get(name) || "";
	if (!Object.hasOwn(VERDICT_ORDER, filters.verdict))
		filters.verdict = "";
	if (!crashes.release.some((number) => strings[number] === filters.release))
		filters.release = "";
	filters.period = periods.slice(0, -1).findIndex((start, period) => periodName(period) === state.get("period"));
	filters.group = names.indexOf(state.get("bug"));
	if (Object.hasOwn(sortValues, key))
		Object.assign(sorting, { key, descending: sort.startsWith("-") });
	for (const group of [...opened])
		setOpen(group, false);
	for (const name of state.getAll("open"))
		if (names.includes(name))
			setOpen(names.indexOf(name), true);
}

/* ---- the start ---- */

function option(value) {
	const shown = value.length > OPTION_LONGEST ? `${value.slice(0, OPTION_LONGEST)}...` : value;
	return element("option", { value }, shown);
}

function sortedTexts(column) {
	return [...new Set(crashes[column])].map((number) => strings[number]).filter(Boolean).sort(compareTexts);
}

function takeTyped() {
	clearTimeout(typing);
	filters.text = controls.text.value;
	filters.host = controls.host.value;
	update();
}

function prepareControls() {
	controls.release.append(...sortedTexts("release").map(option));
	document.getElementById("hosts").append(...sortedTexts("host").slice(0, HOSTS_OFFERED).map(option));
	for (const name of ["verdict", "release"])
		controls[name].addEventListener("change", () => changeFilter(name, controls[name].value));
	for (const name of ["text", "host"]) {
		controls[name].addEventListener("input", () => {
			clearTimeout(typing);
			typing = setTimeout(takeTyped, TYPING_PAUSE);
		});
		controls[name].addEventListener("change", takeTyped);
	}
	controls.clear.addEventListener("click", () => {
		clearFilters();
		update();
		controls.text.focus();
	});
}

/* On paper nothing can be opened, and no more be shown. */
function openForPrint() {
	sorting.shown = groups.length;
	update();
	for (const details of document.querySelectorAll(".failures details"))
		details.open = true;
}

prepareControls();
prepareChart();
prepareTable();
readAddress();
update();
addEventListener("hashchange", () => {
	if (location.hash === "" || location.hash.includes("=")) {
		readAddress();
		update();
	} else {
		writeAddress(); /* the link to the table was followed: that is no view */
	}
});
addEventListener("beforeprint", openForPrint);
