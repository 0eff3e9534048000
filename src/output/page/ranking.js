/* Bugs, releases and hosts by how many crashes they have: each entry sets a filter. */

const RANKS_SHOWN = 6, RANKS_MORE = 40;

/* Of each ranking: its filter, and the values and names of what it counts. */
const rankings = [
	{ id: "by-bug", filter: "group", counts: "byGroup", noun: "other group", nameOf: (group) => groups[group].title || groups[group].key },
	{ id: "by-release", filter: "release", counts: "byRelease", noun: "other release", nameOf: (release) => release },
	{ id: "by-host", filter: "host", counts: "byHost", noun: "other host", nameOf: (host) => host },
];

function gauge(part) {
	const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
	const bar = document.createElementNS("http://www.w3.org/2000/svg", "rect");

	drawing.setAttribute("class", "gauge");
	drawing.setAttribute("aria-hidden", "true");
	bar.setAttribute("width", `${100 * part}%`);
	bar.setAttribute("height", "100%");
	drawing.append(bar);
	return drawing;
}

function rankEntry(ranking, value, count, most) {
	const chosen = filters[ranking.filter] === value;
	const none = ranking.filter === "group" ? -1 : "";

	return element("li", {}, button({ class: "rank", "aria-pressed": String(chosen) },
		() => changeFilter(ranking.filter, chosen ? none : value),
		element("span", { class: "name log" }, ranking.nameOf(value)),
		element("span", { class: "count" }, numberText(count)),
		gauge(count / most)));
}

/* The most crashes first; then as they came. What is not known is left out. */
function ranked(ranking, found) {
	return [...found[ranking.counts]].filter(([value]) => value !== "").sort((a, b) => b[1] - a[1]);
}

function showMoreRanks(ranking) {
	ranking.shown += RANKS_MORE;
	update();
	document.querySelectorAll(`#${ranking.id} button`)[ranking.shown - RANKS_MORE]?.focus();
}

/* Redrawing takes the focus from an entry that was just pressed: it is given back. */
function drawRanking(ranking, found) {
	const entries = ranked(ranking, found), list = document.getElementById(ranking.id);
	const focused = [...list.children].findIndex((item) => item.contains(document.activeElement));
	const more = list.parentElement.querySelector(".more");
	const left = entries.length - ranking.shown;

	list.replaceChildren(...entries.slice(0, ranking.shown)
		.map(([value, count]) => rankEntry(ranking, value, count, entries[0][1])));
	more?.remove();
	if (left > 0)
		list.after(button({ class: "more" }, () => showMoreRanks(ranking), `and ${countText(left, ranking.noun)}`));
	if (focused >= 0)
		list.querySelectorAll("button")[focused]?.focus();
}

function drawRankings(found) {
	for (const ranking of rankings) {
		ranking.shown = ranking.shown || RANKS_SHOWN;
		drawRanking(ranking, found);
	}
}
