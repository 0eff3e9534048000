/* What the filters say, which crashes pass them, and what these are when counted. */

const filters = { text: "", verdict: "", release: "", host: "", period: -1, group: -1 };
const FILTER_BITS = { text: 1, verdict: 2, release: 4, host: 8, period: 16, group: 32 };

const SEARCHED_STRINGS = ["path", "host", "release", "title", "headline", "fingerprint", "symptom", "place", "comm", "panic"];
const SEARCHED_LISTS = ["copies", "trace", "notes"];

const crashPeriods = Int32Array.from(crashes.at, periodOf);
let lowered = null; /* strings in lower case, made when first searched */

function isFiltered() {
	return filters.text.trim() !== "" || filters.verdict !== "" || filters.release !== "" || filters.host !== "" ||
	       filters.period >= 0 || filters.group >= 0;
}

/* A function that tells of a crash whether the word stands anywhere in it or its group. */
function wordTest(word) {
	lowered = lowered || strings.map((text) => text.toLowerCase());
	const inString = Uint8Array.from(lowered, (text) => text.includes(word));
	const inList = Uint8Array.from(lists, (list) => list.some((number) => inString[number]));
	const inGroup = groups.map(({ title, key, fix }) => `${title}\n${key}\n${fix}`.toLowerCase().includes(word));

	return (crash) => inGroup[groupOf[crash]] || SEARCHED_STRINGS.some((column) => inString[crashes[column][crash]]) ||
			  SEARCHED_LISTS.some((column) => inList[crashes[column][crash]]);
}

/* Every word must be found, in any order. */
function textTest() {
	const tests = filters.text.toLowerCase().split(/\s+/).filter(Boolean).map(wordTest);
	return tests.length ? (crash) => tests.every((test) => test(crash)) : null;
}

/* The very host where there is one of that name, else all that have it in their names. */
function hostTest() {
	const host = filters.host.trim().toLowerCase();
	if (host === "")
		return null;
	const names = strings.map((text) => text.toLowerCase());
	const exact = crashes.host.some((number) => names[number] === host);
	const fits = Uint8Array.from(names, (name) => exact ? name === host : name.includes(host));
	return (crash) => fits[crashes.host[crash]] === 1;
}

/* Of each filter that is set, a function that tells whether a crash passes it. */
function filterTests() {
	return {
		text: textTest(),
		verdict: filters.verdict === "" ? null : (crash) => groups[groupOf[crash]].verdict === filters.verdict,
		release: filters.release === "" ? null : (crash) => textOf("release", crash) === filters.release,
		host: hostTest(),
		period: filters.period < 0 ? null : (crash) => crashPeriods[crash] === filters.period,
		group: filters.group < 0 ? null : (crash) => groupOf[crash] === filters.group,
	};
}

/* Of each crash, the bits of the filters that it does not pass; 0: it is shown. */
function failedFilters() {
	const failed = new Uint8Array(crashCount);
	for (const [name, test] of Object.entries(filterTests())) {
		if (!test)
			continue;
		for (let crash = 0; crash < crashCount; crash++)
			if (!test(crash))
				failed[crash] |= FILTER_BITS[name];
	}
	return failed;
}

function countGroups(failed) {
	const counts = groups.map(() => ({ count: 0, hosts: new Set(), releases: new Set(), first: null, last: null }));
	for (let crash = 0; crash < crashCount; crash++) {
		if (failed[crash])
			continue;
		const group = counts[groupOf[crash]], at = crashes.at[crash];
		group.count++;
		if (crashes.host[crash])
			group.hosts.add(crashes.host[crash]);
		if (crashes.release[crash])
			group.releases.add(crashes.release[crash]);
		if (at !== null) {
			group.first = group.first === null ? at : Math.min(group.first, at);
			group.last = group.last === null ? at : Math.max(group.last, at);
		}
	}
	return counts;
}

/* Counts crashes by a value; one's own filter does not count, so that another value can be chosen. */
function countBy(failed, filter, valueOf) {
	const counts = new Map();
	for (let crash = 0; crash < crashCount; crash++) {
		if (failed[crash] & ~FILTER_BITS[filter])
			continue;
		const value = valueOf(crash);
		counts.set(value, (counts.get(value) || 0) + 1);
	}
	return counts;
}

function countPeriods(failed) {
	const bars = Array.from({ length: periodCount }, () => ({ known: 0, similar: 0, unknown: 0, all: 0 }));
	for (let crash = 0; crash < crashCount; crash++) {
		if (failed[crash] & ~FILTER_BITS.period || crashPeriods[crash] < 0)
			continue;
		const bar = bars[crashPeriods[crash]];
		bar[groups[groupOf[crash]].verdict]++;
		bar.all++;
	}
	return bars;
}

/* All that the page shows of what passes the filters. */
function applyFilters() {
	const failed = failedFilters();
	return {
		failed,
		groups: countGroups(failed),
		periods: countPeriods(failed),
		byGroup: countBy(failed, "group", (crash) => groupOf[crash]),
		byRelease: countBy(failed, "release", (crash) => textOf("release", crash)),
		byHost: countBy(failed, "host", (crash) => textOf("host", crash)),
	};
}
