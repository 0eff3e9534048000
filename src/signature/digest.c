/* By what a catalogue is known again. */
#include "signature/catalogue.h"

#include <string.h>

/* Constants of MurmurHash3's finalizer, fmix64(): each bit of what goes in changes half of the bits. */
static uint64_t mix(uint64_t hash)
{
	hash = (hash ^ hash >> 33) * UINT64_C(0xff51afd7ed558ccd);
	hash = (hash ^ hash >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
	return hash ^ hash >> 33;
}

/* Eight bytes at a time: every file of a catalogue of thousands goes through here at each start. */
uint64_t digest_of(struct text content)
{
	uint64_t hash = mix(content.length + 1), word;

	for (; content.length >= sizeof word; content = text_from_offset(content, sizeof word)) {
		memcpy(&word, content.data, sizeof word);
		hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		hash ^= hash >> 29;
	}
	word = 0;
	if (content.length)
		memcpy(&word, content.data, content.length);
	return mix(hash ^ word);
}

/* A sum does not depend on the order. */
uint64_t catalogue_digest(const struct catalogue *catalogue)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < catalogue->count; i++)
		sum += catalogue->items[i]->digest;
	return mix(sum);
}
