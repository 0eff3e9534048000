"use strict";

/*
 * The data of the page, as output/html_data.c writes it: strings, each once; lists of their numbers; crashes as columns, those
 * of one group behind those of the other; groups; where periods of the chart begin. Every text comes from dumps and logs, and
 * is only ever shown as text.
 */
const { strings, lists, crashes, groups, unit, periods } = JSON.parse(document.getElementById("data").textContent);
const crashCount = crashes.path.length;
const periodCount = Math.max(0, periods.length - 1); /* the last one is the end of all */

/* Of each crash the number of its group; of each group, its first crash. */
const groupOf = new Uint32Array(crashCount);
const firstCrash = new Uint32Array(groups.length + 1);

function numberGroups() {
	let crash = 0;
	groups.forEach((group, number) => {
		firstCrash[number] = crash;
		groupOf.fill(number, crash, crash + group.count);
		crash += group.count;
	});
	firstCrash[groups.length] = crash;
}

/* A crash's text in a column of strings; its texts in a column of lists. */
function textOf(column, crash) {
	return strings[crashes[column][crash]];
}

function textsOf(column, crash) {
	return lists[crashes[column][crash]].map((number) => strings[number]);
}

/* The period that a time (seconds since 1970) lies in, or -1. */
function periodOf(time) {
	if (time === null || !periodCount || time < periods[0] || time >= periods[periodCount])
		return -1;
	let low = 0, high = periodCount;
	while (high - low > 1) {
		const middle = (low + high) >> 1;
		if (periods[middle] <= time)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* What tells a group from the others, also in the next report. */
function groupName(group) {
	return `${groups[group].verdict}:${groups[group].key}`;
}

/* "2025-01-31 17:04:59" in UTC; empty where there is no such time. */
function timeText(seconds) {
	const date = new Date(seconds === null ? NaN : seconds * 1000);
	return isNaN(date) ? "" : date.toISOString().replace("T", " ").replace(/\.\d+Z$/, "");
}

const PERIOD_NAME_LENGTH = { day: 10, week: 10, month: 7, year: 4 };

function periodName(period) {
	return timeText(periods[period]).slice(0, PERIOD_NAME_LENGTH[unit]);
}

function numberText(number) {
	return number.toLocaleString("en-US");
}

function countText(number, noun) {
	const plural = noun.endsWith("crash") ? `${noun}es` : `${noun}s`;
	return `${numberText(number)} ${number === 1 ? noun : plural}`;
}

/* An element with attributes and children; a child that is a string becomes text, one that is null is left out. */
function element(tag, attributes, ...children) {
	const made = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes))
		made.setAttribute(name, value);
	made.append(...children.filter((child) => child !== null));
	return made;
}

function button(attributes, act, ...children) {
	const made = element("button", { type: "button", ...attributes }, ...children);
	made.addEventListener("click", act);
	return made;
}

numberGroups();
