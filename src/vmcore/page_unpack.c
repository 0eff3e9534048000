/* One function for each way of packing; those whose library was left out at build time have no row in the table. */
#include "vmcore/page_unpack.h"

#include "base/lazy_library.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#ifndef HAVE_LZO
#define HAVE_LZO 0
#endif
#ifndef HAVE_SNAPPY
#define HAVE_SNAPPY 0
#endif
#ifndef HAVE_ZSTD
#define HAVE_ZSTD 0
#endif

#if HAVE_LZO
#include <lzo/lzo1x.h>
#endif
#if HAVE_SNAPPY
#include <snappy-c.h>
#endif
#if HAVE_ZSTD
#include <zstd.h>
#endif

struct page_unpacker {
	z_stream zlib;
	bool zlib_ready;
#if HAVE_ZSTD
	ZSTD_DCtx *zstd; /* made with the first page that needs it: 150 KiB */
#endif
};

struct packed {
	const void *data;
	size_t length;
};

/* *length: how many bytes came out. */
typedef bool unpack_function(struct page_unpacker *unpacker, struct packed packed, void *page, size_t *length,
			     struct error *error);

static bool unpack_zlib(struct page_unpacker *unpacker, struct packed packed, void *page, size_t *length,
			struct error *error)
{
	z_stream *stream = &unpacker->zlib;

	if (!unpacker->zlib_ready && inflateInit(stream) != Z_OK)
		return error_out_of_memory(error);
	unpacker->zlib_ready = true;
	if (inflateReset(stream) != Z_OK)
		return error_set(error, "zlib cannot begin anew");
	stream->next_in = (z_const Bytef *)packed.data;
	stream->avail_in = (uInt)packed.length;
	stream->next_out = page;
	stream->avail_out = (uInt)*length;
	int result = inflate(stream, Z_FINISH);
	*length -= stream->avail_out;
	if (result == Z_STREAM_END)
		return true;
	if (result == Z_BUF_ERROR)
		return error_set(error,
				 stream->avail_out ? "the packed bytes end too early" : "they come to more than a page");
	return error_set(error, "%s", stream->msg ? stream->msg : "invalid data");
}

#if HAVE_LZO
static bool unpack_lzo(struct page_unpacker *unpacker, struct packed packed, void *page, size_t *length, struct error *error)
{
	lzo_uint got = *length;

	(void)unpacker;
	int result = lzo1x_decompress_safe(packed.data, packed.length, page, &got, NULL);
	*length = got;
	return result == LZO_E_OK || error_set(error, "invalid data (LZO error %d)", result);
}
#endif

#if HAVE_SNAPPY
static struct {
	__typeof__(&snappy_uncompress) snappy_uncompress;
} snappy;

static const struct lazy_function snappy_functions[] = { LAZY_FUNCTION(snappy, snappy_uncompress) };

static bool unpack_snappy(struct page_unpacker *unpacker, struct packed packed, void *page, size_t *length,
			  struct error *error)
{
	(void)unpacker;
	if (!snappy.snappy_uncompress && !lazy_library_load(SNAPPY_SONAME, snappy_functions, 1, error))
		return false;
	if (snappy.snappy_uncompress(packed.data, packed.length, page, length) == SNAPPY_OK)
		return true;
	return error_set(error, "invalid data");
}
#endif

#if HAVE_ZSTD
static bool unpack_zstd(struct page_unpacker *unpacker, struct packed packed, void *page, size_t *length,
			struct error *error)
{
	if (!unpacker->zstd)
		unpacker->zstd = ZSTD_createDCtx();
	if (!unpacker->zstd)
		return error_out_of_memory(error);
	*length = ZSTD_decompressDCtx(unpacker->zstd, page, *length, packed.data, packed.length);
	return !ZSTD_isError(*length) || error_set(error, "%s", ZSTD_getErrorName(*length));
}
#endif

static const struct packing {
	uint32_t flag;
	const char *name;
	unpack_function *unpack; /* NULL: not in this build */
} packings[] = {
	{ PAGE_ZLIB, "zlib", unpack_zlib },
#if HAVE_LZO
	{ PAGE_LZO, "LZO", unpack_lzo },
#else
	{ PAGE_LZO, "LZO", NULL },
#endif
#if HAVE_SNAPPY
	{ PAGE_SNAPPY, "snappy", unpack_snappy },
#else
	{ PAGE_SNAPPY, "snappy", NULL },
#endif
#if HAVE_ZSTD
	{ PAGE_ZSTD, "zstd", unpack_zstd },
#else
	{ PAGE_ZSTD, "zstd", NULL },
#endif
};

struct page_unpacker *page_unpacker_new(void)
{
	return calloc(1, sizeof(struct page_unpacker));
}

void page_unpacker_free(struct page_unpacker *unpacker)
{
	if (!unpacker)
		return;
	if (unpacker->zlib_ready)
		inflateEnd(&unpacker->zlib);
#if HAVE_ZSTD
	ZSTD_freeDCtx(unpacker->zstd);
#endif
	free(unpacker);
}

static bool copy_page(struct packed packed, void *page, size_t page_size, struct error *error)
{
	if (packed.length != page_size)
		return error_set(error, "%zu bytes that are not packed, a page of %zu was expected", packed.length,
				 page_size);
	memcpy(page, packed.data, page_size);
	return true;
}

bool page_unpack(struct page_unpacker *unpacker, uint32_t flags, const void *packed, size_t length, void *page,
		 size_t page_size, struct error *error)
{
	struct packed bytes = { packed, length };
	struct error why;

	if (!flags)
		return copy_page(bytes, page, page_size, error);
	for (size_t i = 0; i < sizeof packings / sizeof *packings; i++) {
		const struct packing *packing = &packings[i];
		size_t got = page_size;
		if (packing->flag != flags)
			continue;
		if (!packing->unpack)
			return error_set(error, "it is packed with %s, which this build of kdump-triage cannot unpack",
					 packing->name);
		if (!packing->unpack(unpacker, bytes, page, &got, &why))
			return error_set(error, "it does not unpack with %s: %s", packing->name, why.message);
		if (got != page_size)
			return error_set(error, "it unpacks with %s to %zu bytes, %zu were expected", packing->name, got,
					 page_size);
		return true;
	}
	return error_set(error,
			 "its flags 0x%x name no way of packing that is known (0x1 zlib, 0x2 LZO, 0x4 snappy, 0x20 zstd)",
			 flags);
}
