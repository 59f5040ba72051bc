/* SPDX-License-Identifier: MIT */
/* The software of the example: a client of dmaengine, as it would be a kernel thread. */
#ifndef EXAMPLE_CLIENT_H
#define EXAMPLE_CLIENT_H

#include <stdint.h>

#define EXAMPLE_COPIES 8
#define EXAMPLE_COPY_BYTES 16384
#define EXAMPLE_WORDS 32		/* to the serial port */
#define EXAMPLE_LINE 0			/* its request line */
#define EXAMPLE_SERIAL 0x10000000u	/* its register */

/**
 * struct example_result - what the client has seen
 * @copies: that arrived
 * @words:  given to the serial port
 * @text:   of which these are the first bytes
 */
struct example_result {
	unsigned int copies;
	unsigned int words;
	unsigned char text[EXAMPLE_WORDS * 4];
};

/** example_client() - a kernel task; @arg is a struct example_result, filled in. Returns 0 or a negative error number */
int example_client(void *arg);

#endif
