/* The dumps of a group, a page of them at a time; what is known of one is made when it is opened. */

const DUMPS_SHOWN = 50;
const drawnDumps = new Map(); /* of each group that was opened, which dumps it lists, as a text */

/* Rows of a description list, for what is known. */
function facts(rows) {
	return element("dl", { class: "facts" }, ...rows.filter(([, value]) => value !== "" && value !== null)
		.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", { class: "log" }, value))));
}

/* "nginx (pid 1242) on CPU 3", as much of it as is known. */
function processText(crash) {
	const comm = textOf("comm", crash), pid = crashes.pid[crash], cpu = crashes.cpu[crash];
	const who = pid < 0 ? comm : comm ? `${comm} (pid ${pid})` : `pid ${pid}`;

	return cpu < 0 ? who : `${who}${who ? " on " : ""}CPU ${cpu}`;
}

const AFFECTED_TEXTS = new Map([["yes", "yes"], ["no", "no: this release should not have the bug"], ["unknown", "not known"]]);

function dumpFacts(crash) {
	const line = crashes.line[crash];
	const others = crashes.other_crashes[crash];

	return facts([
		["Path", textOf("path", crash)],
		["Time", timeText(crashes.at[crash])],
		["Headline", textOf("headline", crash)],
		["Title", textOf("title", crash)],
		["Where", textOf("place", crash)],
		["Process", processText(crash)],
		["Panic", textOf("panic", crash)],
		["Symptom", textOf("symptom", crash)],
		["Affected", AFFECTED_TEXTS.get(textOf("affected", crash)) || ""],
		["Fix", textOf("fix", crash)],
		["Fingerprint", textOf("fingerprint", crash)],
		["Read from", textOf("input", crash) + (line > 0 ? `, line ${numberText(line)}` : "")],
		["Same log", others > 0 ? `and ${countText(others, "other crash")}` : ""],
		["Incomplete", crashes.incomplete[crash] ? "the input could be read only in part" : ""],
	]);
}

function copyList(crash) {
	const copies = textsOf("copies", crash);
	return copies.length ? [element("h4", {}, "Copies"), element("ul", { class: "log" },
		...copies.map((path) => element("li", {}, path)))] : [];
}

function traceList(crash) {
	const frames = textsOf("trace", crash), more = crashes.more_frames[crash];
	if (!frames.length)
		return [];
	return [element("h4", {}, "Call trace"), element("pre", { class: "log" }, frames.join("\n")),
		more > 0 ? element("p", { class: "remark" }, `and ${countText(more, "more frame")}`) : null];
}

function evidenceTable(crash) {
	const list = lists[crashes.evidence[crash]], rows = [];
	for (let i = 0; i + 2 < list.length; i += 3)
		rows.push(element("tr", {}, element("th", { scope: "row" }, strings[list[i]].replaceAll("_", " ")),
			element("td", { class: "number" }, list[i + 1] > 0 ? String(list[i + 1]) : ""),
			element("td", { class: "log" }, strings[list[i + 2]])));
	if (!rows.length)
		return [];
	return [element("h4", {}, "Evidence"), element("table", { class: "evidence" },
		element("caption", { class: "unseen" }, "What the signature matched, line by line"),
		element("thead", {}, element("tr", {}, ...["Clause", "Line", "Text"]
			.map((name) => element("th", { scope: "col" }, name)))),
		element("tbody", {}, ...rows))];
}

function noteList(crash) {
	const notes = textsOf("notes", crash);
	return notes.length ? [element("h4", {}, "Notes"), element("ul", {}, ...notes.map((note) => element("li", {}, note)))] : [];
}

function fillDump(details, crash) {
	if (details.children.length > 1)
		return;
	details.append(element("div", { class: "dump" },
		element("div", {}, dumpFacts(crash), ...copyList(crash), ...noteList(crash)),
		element("div", {}, ...traceList(crash), ...evidenceTable(crash))));
}

function dumpEntry(crash) {
	const time = timeText(crashes.at[crash]);
	const copies = lists[crashes.copies[crash]].length;
	const details = element("details", {}, element("summary", {}, element("span", { class: "dump-row" },
		element("span", { class: time ? "time" : "time none" }, time.slice(0, 16) || "time not known"),
		element("span", { class: "log host" }, textOf("host", crash) || "host not known"),
		element("span", { class: "log release" }, textOf("release", crash) || "release not known"),
		element("span", { class: "log headline" }, textOf("headline", crash) || textOf("title", crash)),
		element("span", { class: "log path" }, textOf("path", crash),
			copies ? element("small", {}, copies === 1 ? " and a copy" : ` and ${numberText(copies)} copies`) : null))));

	details.addEventListener("toggle", () => fillDump(details, crash));
	return element("li", {}, details);
}

/* Those that pass the filters; the latest first, as they stand in the data. */
function matchingCrashes(group, failed) {
	const matching = [];
	for (let crash = firstCrash[group]; crash < firstCrash[group + 1]; crash++)
		if (!failed[crash])
			matching.push(crash);
	return matching;
}

function addDumps(list, matching, group) {
	const from = list.children.length, rest = matching.length - from - DUMPS_SHOWN;

	list.parentElement.querySelector(".more")?.remove();
	list.append(...matching.slice(from, from + DUMPS_SHOWN).map(dumpEntry));
	if (rest > 0)
		list.after(button({ class: "more" }, () => {
			addDumps(list, matching, group);
			list.children[from + DUMPS_SHOWN].querySelector("summary").focus();
		}, `Show ${Math.min(rest, DUMPS_SHOWN)} more dumps (${numberText(rest)} left)`));
}

/* Nothing is redrawn that shows the same already: what the reader has opened in it stays open. */
function drawDumps(group, failed) {
	const matching = matchingCrashes(group, failed), place = bodies[group].querySelector(".dumps");
	const all = groups[group].count, shown = matching.join();
	const list = element("ol", { class: "dump-list" });

	if (drawnDumps.get(group) === shown)
		return;
	drawnDumps.set(group, shown);
	place.replaceChildren(element("h3", {}, "Dumps ", element("small", {}, matching.length < all
		? `${numberText(matching.length)} of ${numberText(all)} match the filters` : numberText(all))), list);
	addDumps(list, matching, group);
}
