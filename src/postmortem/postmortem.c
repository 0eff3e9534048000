/* What was found, and freeing it. */
#include "postmortem/postmortem.h"

void postmortem_free(struct postmortem *postmortem)
{
	arena_free(&postmortem->arena);
	*postmortem = (struct postmortem){ 0 };
}
