/* Prompts of crash(8). */
#include "log/session.h"

#include "log/console.h"

/* Above its first prompt, crash quotes the panic, which would be taken for another one: "       PANIC: "Oops: 0002"". */
static bool is_quoted_panic(struct text line)
{
	return text_starts(text_trim_start(line), "PANIC: \"");
}

bool session_is_other(struct session *session, struct text line)
{
	struct text command = line;

	if (text_eat(&command, "crash> ") || text_is(line, "crash>")) {
		command = text_trim(command);
		session->other = !text_starts(command, "log") && !text_starts(command, "dmesg");
		return true;
	}
	return is_quoted_panic(line) || (session->other && !console_is_stamped(text_trim_start(line)));
}
