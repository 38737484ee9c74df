#include "fake_queue.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

const struct tunable scheduler = {.attribute = "scheduler",
			     .path = "queue/scheduler",
			     .form = TUNABLE_CHOICE},
		     nr_requests = {.attribute = "nr_requests",
			     .path = "queue/nr_requests",
			     .form = TUNABLE_NUMBER,
			     .maximum = "queue/nr_requests_max",
			     .order = 1},
		     read_expire = {.attribute = "read_expire",
			     .path = "queue/iosched/read_expire",
			     .form = TUNABLE_NUMBER,
			     .order = 1},
		     max_sectors = {.attribute = "max_sectors_kb",
			     .path = "queue/max_sectors_kb",
			     .form = TUNABLE_NUMBER,
			     .maximum = "queue/max_hw_sectors_kb",
			     .rounds = true},
		     read_ahead = {.attribute = "read_ahead_kb",
			     .path = "queue/read_ahead_kb",
			     .form = TUNABLE_NUMBER,
			     .rounds = true},
		     wbt = {.attribute = "wbt_lat_usec",
			     .path = "queue/wbt_lat_usec",
			     .form = TUNABLE_NUMBER};

int work_as_queue(struct fake *fake, const char *path, char *value)
{
	bool deadline = strstr(fake_get(fake, QUEUE "scheduler"), "[mq-deadline]") != NULL;
	long number = strtol(value, NULL, 10);

	if (strcmp(path, QUEUE "scheduler") == 0) {
		if (strcmp(value, "none") != 0 && strcmp(value, "mq-deadline") != 0)
			return EINVAL;
		bool wanted = strcmp(value, "mq-deadline") == 0;
		if (wanted != deadline) {
			fake_set(fake, QUEUE "nr_requests", wanted ? "256" : "128");
			fake_set(fake, QUEUE "iosched/read_expire", wanted ? "500" : NULL);
		}
		strcpy(value, wanted ? "none [mq-deadline] kyber " : "[none] mq-deadline kyber ");
	} else if (strcmp(path, QUEUE "nr_requests") == 0) {
		if (number > (deadline ? 1024 : 128))
			return EINVAL;
		if (number < 4)
			strcpy(value, "4");
	} else if (strcmp(path, QUEUE "max_sectors_kb") == 0) {
		if (number == 1)
			return EINVAL;
		if (number > 1280 || number == 0)
			strcpy(value, "1280");
		fake_set(fake, QUEUE "read_ahead_kb", "2560");
	} else if (strcmp(path, QUEUE "read_ahead_kb") == 0) {
		sprintf(value, "%ld", number & ~3L);
	} else if (strcmp(path, QUEUE "wbt_lat_usec") == 0 && number == -1) {
		strcpy(value, "75000");
	}
	return 0;
}

void open_queue(struct fake *fake)
{
	fake_open(fake);
	fake_set(fake, QUEUE "scheduler", "[none] mq-deadline kyber ");
	fake_set(fake, QUEUE "nr_requests", "128");
	fake_set(fake, QUEUE "nr_requests_max", "128");
	fake_set(fake, QUEUE "max_sectors_kb", "1024");
	fake_set(fake, QUEUE "max_hw_sectors_kb", "1280");
	fake_set(fake, QUEUE "read_ahead_kb", "128");
	fake_set(fake, QUEUE "wbt_lat_usec", "2000");
	fake->on_write = work_as_queue;
}

enum tunable_outcome write_one(struct fake *fake, const struct tunable *tunable, const char *value)
{
	struct tunable_change change = {.tunable = tunable, .value = value};

	return tunable_write(&fake->tree, "block/sda", &change);
}

void assert_sentence(struct fake *fake, const struct tunable_change *change, const char *sentence)
{
	AUTO(text_release) struct text text = {0};

	tunable_explain(&fake->tree, "block/sda", change, &text);
	ck_assert_str_eq(text.data != NULL ? text.data : "", sentence);
}
