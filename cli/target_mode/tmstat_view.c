/* tmstat on a terminal: looks again and again, and draws what it saw at any size. */
#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/message.h"
#include "cli/shared/host_access.h"
#include "tmstat.h"
#include "tmstat_draw.h"

/* A device's past, which stays while the device comes and goes. */
struct past {
	char name[sizeof(((struct kex_device *)0)->name)];
	struct tmstat_past values;
	struct past *next;
};

struct view {
	const char *pattern;
	double interval;
	bool blocks; /* the terminal shows block characters */
	struct tm_sample now, before;
	struct past *pasts;
	struct tmstat_shown *shown; /* of each device of the last look */
};

static void view_release(struct view *view)
{
	tm_sample_release(&view->now);
	tm_sample_release(&view->before);
	free(view->shown);
	while (view->pasts != NULL) {
		struct past *gone = view->pasts;
		view->pasts = gone->next;
		free(gone);
	}
}

static struct tmstat_past *find_past(struct view *view, const char *name)
{
	struct past *past = view->pasts;

	while (past != NULL && strcmp(past->name, name) != 0)
		past = past->next;
	if (past != NULL)
		return &past->values;
	past = calloc(1, sizeof(*past));
	if (past == NULL)
		return NULL;
	snprintf(past->name, sizeof(past->name), "%s", name);
	past->next = view->pasts;
	view->pasts = past;
	return &past->values;
}

/* What is shown of a device; the last value goes to its past. */
static struct tmstat_shown look_at(struct view *view, const struct kex_device *device)
{
	const struct kex_device *before = tm_sample_find(&view->before, device);
	double seconds = tm_sample_interval(&view->before, &view->now);
	struct tmstat_past *past = find_past(view, device->name);
	struct tmstat_shown shown = {
		.device = device, .advice = tm_advise(before, device, seconds), .past = past};

	if (before != NULL)
		shown.rates = tm_rates_between(before, device, seconds);
	if (past != NULL)
		past->values[past->seen++ % TMSTAT_HISTORY] =
			device->num_bufs > 0 ? device->bufs_in_use : shown.rates.bytes;
	return shown;
}

/* False when the host does not answer. */
static bool look(struct view *view)
{
	tm_sample_release(&view->before);
	view->before = view->now;
	view->now = (struct tm_sample){0};
	if (!tm_sample_take(&view->now, view->pattern))
		return false;
	free(view->shown);
	view->shown = calloc((size_t)view->now.count + 1, sizeof(*view->shown));
	for (ssize_t i = 0; i < view->now.count && view->shown != NULL; i++)
		view->shown[i] = look_at(view, &view->now.devices[i]);
	return true;
}

/* Draws until the next look is due; another size of the terminal is drawn at once. True for q. */
static bool show(const struct view *view, int64_t due)
{
	for (;;) {
		tmstat_draw(view->shown, view->shown != NULL ? (int)view->now.count : 0,
			view->interval, view->blocks);
		int64_t left = due - clock_nanoseconds();
		timeout(left > 0 ? (int)(left / 1000000 + 1) : 0);
		int key = getch();
		if (key == 'q' || key == 'Q' || key == 3)
			return true;
		if (key == ERR || left <= 0)
			return false;
	}
}

/* Until q, or until the terminal is gone. */
static bool run(struct view *view)
{
	do {
		if (!look(view))
			return false;
	} while (!show(view, clock_nanoseconds() + (int64_t)(view->interval * 1e9)));
	return true;
}

bool tmstat_view(const char *pattern, double interval)
{
	AUTO(view_release) struct view view = {.pattern = pattern, .interval = interval};

	setlocale(LC_ALL, "");
	view.blocks = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	SCREEN *screen = newterm(NULL, stdout, stdin);
	if (screen == NULL) {
		message("the terminal '%s' is not known; use -n, or --json",
			getenv("TERM") != NULL ? getenv("TERM") : "");
		return false;
	}
	raw();
	noecho();
	curs_set(0);
	bool ok = run(&view);
	endwin();
	delscreen(screen);
	if (!ok)
		message("%s", host_reason());
	return ok;
}
