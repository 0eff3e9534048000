/* Addresses of x86-64. Private to touched/. */
#ifndef TOUCHED_ADDRESS_H
#define TOUCHED_ADDRESS_H

#include <stdint.h>

enum { FIRST_PAGE = 4096 };

/*
 * Bits 47 to 63 must be equal, or with five levels of page tables 56 to 63 (Intel SDM 1, 3.3.7.1). How many levels a machine
 * had is not asked: what is good with one and not with the other is unsure.
 */
enum address_form { ADDRESS_CANONICAL, ADDRESS_UNSURE, ADDRESS_NOT_CANONICAL };

enum address_form address_form(uint64_t address);

#endif
