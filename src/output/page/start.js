/* Runs before anything is drawn: the style hides what opens on demand only where a script can open it. */
document.documentElement.classList.add("script");
