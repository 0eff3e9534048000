/* Which addresses can be. */
#include "touched/address.h"

enum address_form address_form(uint64_t address)
{
	int64_t four = (int64_t)address >> 47, five = (int64_t)address >> 56;

	if (five != 0 && five != -1)
		return ADDRESS_NOT_CANONICAL;
	return four == 0 || four == -1 ? ADDRESS_CANONICAL : ADDRESS_UNSURE;
}
