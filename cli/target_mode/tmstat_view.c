/* tmstat on a terminal: a table that is drawn again and again, and a plot of each device's past. */
#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "cli/shared/host_access.h"
#include "tmstat.h"

#define HISTORY 512

/* What a device's plot shows: of a receiver the buffers in use, of a sender the bytes a second. */
struct past {
	char name[sizeof(((struct kex_device *)0)->name)];
	double values[HISTORY]; /* a ring; the newest at (seen - 1) % HISTORY */
	unsigned seen;
	struct past *next;
};

struct view {
	const char *pattern;
	double interval;
	bool wide; /* the terminal shows block characters */
	struct tm_sample now, before;
	struct past *pasts;
};

static void view_release(struct view *view)
{
	tm_sample_release(&view->now);
	tm_sample_release(&view->before);
	while (view->pasts != NULL) {
		struct past *gone = view->pasts;
		view->pasts = gone->next;
		free(gone);
	}
}

static struct past *find_past(struct view *view, const char *name)
{
	struct past *past = view->pasts;

	while (past != NULL && strcmp(past->name, name) != 0)
		past = past->next;
	if (past != NULL)
		return past;
	past = calloc(1, sizeof(*past));
	if (past == NULL)
		return NULL;
	snprintf(past->name, sizeof(past->name), "%s", name);
	past->next = view->pasts;
	view->pasts = past;
	return past;
}

/* One character for a share of the height. */
static const char *bar(const struct view *view, double share)
{
	static const char *const blocks[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
	static const char *const plain[] = {" ", ".", ".", ":", ":", "-", "=", "+", "#"};
	int step = share <= 0 ? 0 : 1 + (int)(share * 7.999);

	return (view->wide ? blocks : plain)[step > 8 ? 8 : step];
}

static double value_at(const struct past *past, unsigned age)
{
	return age < past->seen && age < HISTORY ? past->values[(past->seen - 1 - age) % HISTORY]
						 : 0;
}

/* The newest at the right, as many as there is room for. */
static void draw_past(const struct view *view, const struct past *past, double top, int width)
{
	if (top <= 0)
		for (unsigned age = 0; age < (unsigned)width; age++)
			if (value_at(past, age) > top)
				top = value_at(past, age);
	for (int column = width - 1; column >= 0; column--)
		addstr(bar(view, top > 0 ? value_at(past, (unsigned)column) / top : 0));
}

static void draw_device(struct view *view, const struct kex_device *device, int *row)
{
	const struct kex_device *before = tm_sample_find(&view->before, device);
	double seconds = tm_sample_interval(&view->before, &view->now);
	struct tm_rates rates = tm_rates_between(before, device, seconds);
	bool target = device->num_bufs > 0;
	char bytes[16], advice[32];
	struct past *past = find_past(view, device->name);

	if (before == NULL)
		rates = (struct tm_rates){0};
	tmstat_rate_text(rates.bytes, bytes);
	tmstat_advice_text(device, tm_advise(before, device, seconds), advice);
	if (target && device->bufs_in_use >= device->num_bufs)
		attron(A_BOLD);
	if (target)
		mvprintw((*row)++, 0,
			"%-14.14s %5u of %-5u peak %-5u full %5.1f%%  %9s/s  %8.0f rec/s",
			device->name, device->bufs_in_use, device->num_bufs, device->bufs_peak,
			100 * rates.full, bytes, rates.records);
	else
		mvprintw((*row)++, 0, "%-14.14s %26s waits %5.1f%%  %9s/s  %8.0f rec/s",
			device->name, "", 100 * rates.waits, bytes, rates.records);
	attroff(A_BOLD);
	mvprintw((*row)++, 2, "events %llu, merged %llu, delivered %llu%s%s",
		(unsigned long long)device->events_raised,
		(unsigned long long)device->events_merged,
		(unsigned long long)device->events_delivered, target ? "; num_bufs advised: " : "",
		target ? advice : "");
	if (past == NULL)
		return;
	past->values[past->seen++ % HISTORY] = target ? device->bufs_in_use : rates.bytes;
	move((*row)++, 2);
	draw_past(view, past, target ? device->num_bufs : 0, COLS > 4 ? COLS - 4 : 1);
	(*row)++;
}

static void draw(struct view *view)
{
	int row = 2;

	erase();
	mvprintw(0, 0, "Target mode, every %g s; q ends", view->interval);
	if (view->now.count == 0)
		mvprintw(2, 0, "kexd has no device of target mode now");
	for (ssize_t i = 0; i < view->now.count && row + 3 < LINES; i++)
		draw_device(view, &view->now.devices[i], &row);
	refresh();
}

/* Until q, or until the terminal is gone. */
static bool run(struct view *view)
{
	timeout((int)(view->interval * 1000));
	for (;;) {
		tm_sample_release(&view->before);
		view->before = view->now;
		view->now = (struct tm_sample){0};
		if (!tm_sample_take(&view->now, view->pattern))
			return false;
		draw(view);
		int key = getch();
		if (key == 'q' || key == 'Q' || key == 3)
			return true;
	}
}

bool tmstat_view(const char *pattern, double interval)
{
	AUTO(view_release) struct view view = {.pattern = pattern, .interval = interval};

	setlocale(LC_ALL, "");
	view.wide = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
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
