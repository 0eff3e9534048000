/* What the tests of lost workers share. */
#ifndef TEST_POOL_LOST_H
#define TEST_POOL_LOST_H

#include "test_pool.h"

static inline void expect_echo(struct pool *pool, uint64_t ticket)
{
	submit(pool, ticket, "echo on");
	expect(pool, POOL_MESSAGE, ticket, "on");
	expect(pool, POOL_DONE, ticket, "");
}

/* Three workers do something at the same time. */
static inline void expect_all_well(struct pool *pool)
{
	int done = 0, messages = 0;

	shared->gate = 0;
	for (uint64_t i = 0; i < 3; i++)
		submit(pool, i, "gate open");
	assert_int_equal(pool_busy(pool), 3);
	shared->gate = 1;
	while (done < 3) {
		struct pool_event event = next(pool);
		assert_true(event.type == POOL_MESSAGE || event.type == POOL_DONE);
		*(event.type == POOL_DONE ? &done : &messages) += 1;
	}
	assert_int_equal(messages, 3);
}

/* Whatever befalls one, its neighbours' requests go on, and afterwards there are as many workers as before. */
static inline void lose_one(struct pool *pool, const char *request, const char *words)
{
	int messages = 0;

	shared->gate = 0;
	submit(pool, 1, "gate one");
	submit(pool, 2, request);
	submit(pool, 3, "gate three");
	expect(pool, POOL_LOST, 2, words);
	assert_int_equal(pool_busy(pool), 2);
	shared->gate = 1;
	for (int done = 0; done < 2;) {
		struct pool_event event = next(pool);
		assert_true(event.ticket == 1 || event.ticket == 3);
		assert_true(event.type == POOL_MESSAGE || event.type == POOL_DONE);
		if (event.type == POOL_MESSAGE)
			messages += text_is(event.message, event.ticket == 1 ? "one" : "three");
		else
			done++;
	}
	assert_int_equal(messages, 2);
	expect_all_well(pool);
}

#endif
