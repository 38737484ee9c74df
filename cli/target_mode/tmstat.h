/* Between tmstat's modes. */
#pragma once

#include "tm_rates.h"

/* The live view on a terminal, until q or Ctrl-C; false with a message. */
bool tmstat_view(const char *pattern, double interval);

/* "64" or, for a device that advice makes no sense for, "-". */
void tmstat_advice_text(const struct kex_device *device, struct tm_advice advice, char text[32]);

/* Bytes a second with a unit: "1.5M". */
void tmstat_rate_text(double bytes, char text[16]);
