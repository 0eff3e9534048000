/* make_report_page FLEET: writes the HTML report of a made-up fleet to standard output; for tests that read or show it. */
#include "made_up_fleet.h"

#include <stdio.h>

int main(int argc, char **argv)
{
	struct made_up made;

	if (argc != 2 || !made_up_fleet(argv[1], &made)) {
		fprintf(stderr, "make_report_page: one of these fleets:");
		for (size_t i = 0; made_up_names[i]; i++)
			fprintf(stderr, " %s", made_up_names[i]);
		fprintf(stderr, "\n");
		return 2;
	}
	bool written = output_fleet_html(stdout, &made.fleet, &made.heading);
	made_up_free(&made);
	return written && !fflush(stdout) ? 0 : 1;
}
