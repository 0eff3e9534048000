/* The table of groups: sorted by any column, only what passes the filters, and each row opens. */

const GROUPS_SHOWN = 200; /* output/html_groups.c shows as many before the script runs */
const table = document.getElementById("table");
const bodies = groups.map((group, number) => document.getElementById(`g${number}`));
const sorting = { key: "count", descending: true, shown: GROUPS_SHOWN };
const opened = new Set(); /* numbers of groups */
const shown = new Set(); /* those that are on the page now, under the filters */
const VERDICT_ORDER = { known: 0, similar: 1, unknown: 2 };
const compareTexts = new Intl.Collator("en", { numeric: true }).compare;

/* What a column sorts by: of a group's number and of what was counted of it. */
const sortValues = {
	title: (group) => groups[group].title || groups[group].key,
	verdict: (group) => VERDICT_ORDER[groups[group].verdict],
	count: (group, counted) => counted.count,
	hosts: (group, counted) => counted.hosts.size,
	releases: (group, counted) => counted.releases.size,
	first: (group, counted) => counted.first,
	last: (group, counted) => counted.last,
	fix: (group) => groups[group].fix || null,
};
const DESCENDING_FIRST = ["count", "hosts", "releases", "first", "last"];

/* What is not known comes last, whichever way the others are sorted. */
function compareValues(a, b) {
	if (a === null || b === null)
		return (a === null) - (b === null);
	const order = typeof a === "string" ? compareTexts(a, b) : a - b;
	return sorting.descending ? -order : order;
}

function sortedGroups(counts) {
	const valueOf = sortValues[sorting.key];
	return groups.map((group, number) => number).filter((number) => counts[number].count)
		.sort((a, b) => compareValues(valueOf(a, counts[a]), valueOf(b, counts[b])) || a - b);
}

function showDate(cell, seconds) {
	const text = timeText(seconds);
	cell.replaceChildren(text ? element("time", { datetime: `${text.replace(" ", "T")}Z` }, text.slice(0, 10))
				  : element("span", { class: "none" }, "not known"));
}

function showCounts(group, counted) {
	const [, count, hosts, releases] = bodies[group].rows[0].querySelectorAll("td");
	const [first, last] = bodies[group].rows[0].querySelectorAll("td.date");
	const all = counted.count < groups[group].count ? element("small", {}, ` of ${numberText(groups[group].count)}`) : null;

	count.replaceChildren(element("b", {}, numberText(counted.count)), ...(all ? [all] : []));
	hosts.replaceChildren(element("b", {}, numberText(counted.hosts.size)));
	releases.replaceChildren(element("b", {}, numberText(counted.releases.size)));
	showDate(first, counted.first);
	showDate(last, counted.last);
}

function drawSorting() {
	for (const header of table.tHead.rows[0].cells) {
		if (header.dataset.key === sorting.key)
			header.setAttribute("aria-sort", sorting.descending ? "descending" : "ascending");
		else
			header.removeAttribute("aria-sort");
	}
}

/* Moves the rows all at once, and only where they are not in this order yet: moving is slow. */
function putInOrder(order) {
	const rows = order.map((group) => bodies[group]);
	if (rows.every((body, at) => table.tBodies[at] === body))
		return;
	const fragment = document.createDocumentFragment();
	fragment.append(...rows);
	table.tHead.after(fragment);
}

function drawTable(found) {
	const order = sortedGroups(found.groups), visible = new Set(order.slice(0, sorting.shown));

	for (const group of shown)
		bodies[group].classList.toggle("later", !visible.has(group));
	shown.clear();
	for (const group of visible) {
		prepareGroup(group);
		bodies[group].classList.remove("later");
		showCounts(group, found.groups[group]);
		shown.add(group);
	}
	putInOrder([...visible]);
	drawSorting();
	drawMoreGroups(order.length - sorting.shown);
	for (const group of opened)
		drawDumps(group, found.failed);
	document.getElementById("no-match")?.remove();
	if (!order.length)
		table.after(element("p", { id: "no-match", class: "notice" }, "Nothing matches these filters."));
	return order.length;
}

function drawMoreGroups(left) {
	document.getElementById("more-groups")?.remove();
	if (left > 0)
		table.after(button({ id: "more-groups", class: "more" }, showMoreGroups, `Show more groups (${numberText(left)} left)`));
}

function showMoreGroups() {
	const before = sorting.shown;
	sorting.shown += GROUPS_SHOWN;
	update();
	table.tBodies[before]?.querySelector("button").focus();
}

function sortBy(key) {
	sorting.descending = sorting.key === key ? !sorting.descending : DESCENDING_FIRST.includes(key);
	sorting.key = key;
	update();
}

/* Opens or closes a group. */
function setOpen(group, open) {
	if (open)
		opened.add(group);
	else
		opened.delete(group);
	bodies[group].classList.toggle("open", open);
	prepareGroup(group).setAttribute("aria-expanded", String(open));
	if (open)
		drawDumps(group, failedFilters());
}

function toggle(group) {
	setOpen(group, !opened.has(group));
	writeAddress();
}

/* Opens a group and goes there, whatever the filters hide. */
function goTo(group) {
	if (!shown.has(group)) {
		clearFilters();
		sorting.shown = groups.length;
		update();
	}
	setOpen(group, true);
	writeAddress();
	bodies[group].querySelector(".opener").focus({ preventScroll: true });
	bodies[group].scrollIntoView();
}

/*
 * Makes a row open, once: without a mouse, the title is the button; with one, the whole row is, but for selecting text in it.
 * Gives that button.
 */
function prepareGroup(group) {
	const body = bodies[group], name = document.getElementById(`t${group}`), there = name.closest(".opener");
	if (there)
		return there;
	const opener = button({ class: "opener", "aria-expanded": "false", "aria-controls": `d${group}` }, () => toggle(group));

	name.replaceWith(opener);
	opener.append(name);
	body.rows[0].addEventListener("click", (event) => {
		if (!event.target.closest("button, a") && getSelection().isCollapsed)
			toggle(group);
	});
	for (const link of body.querySelectorAll("a.related"))
		link.addEventListener("click", (event) => {
			event.preventDefault();
			goTo(Number(link.dataset.group));
		});
	body.querySelectorAll(".command").forEach(addCopyButton);
	return opener;
}

/* Where the browser does not let us write the clipboard, the command is selected, ready to be copied. */
async function copyCommand(command, copier) {
	try {
		await navigator.clipboard.writeText(command.textContent);
		copier.textContent = "Copied";
	} catch {
		getSelection().selectAllChildren(command);
		copier.textContent = "Selected";
	}
}

function addCopyButton(place) {
	const copier = button({ class: "copy" }, () => copyCommand(place.querySelector("code"), copier), "Copy");
	place.append(copier);
}

function prepareTable() {
	for (const header of table.tHead.rows[0].cells) {
		const name = header.textContent;
		header.replaceChildren(button({ class: "sorter" }, () => sortBy(header.dataset.key), name));
	}
	bodies.slice(0, GROUPS_SHOWN).forEach((body, group) => shown.add(group));
}
