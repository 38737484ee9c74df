/* Lays tmstat's live view out: one or two lines a device, and a plot where there is room. */
#include "tmstat_draw.h"

#include <curses.h>
#include <stdarg.h>
#include <stdio.h>

#include "tmstat.h"

/* Columns from which a line may have more in it. */
#define FROM_SMALL 36
#define FROM_USUAL 80
#define FROM_WIDE 132
/* Rows of a plot, at most. */
#define TALLEST_PLOT 8

/* What each device has of the screen. */
struct layout {
	int columns;
	int lines; /* of text: 1 or 2 */
	int plot; /* rows of it */
	bool gap; /* an empty row behind it */
};

/* A line of text, cut where the screen ends. */
__attribute__((format(printf, 3, 4))) static void put_line(
	int row, attr_t attributes, const char *format, ...)
{
	char text[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	attron(attributes);
	mvaddnstr(row, 0, text, COLS);
	attroff(attributes);
}

static struct layout choose_layout(int count, int rows)
{
	struct layout layout = {.columns = COLS, .lines = 1};
	int each = count > 0 ? rows / count : rows;

	/* A wide line has all in it. */
	if (each >= 2 && COLS < FROM_WIDE && COLS >= FROM_SMALL)
		layout.lines = 2;
	if (each > layout.lines && COLS >= FROM_SMALL)
		layout.plot = each - layout.lines;
	/* The gap goes before the plot does. */
	layout.gap = layout.plot > 1;
	layout.plot -= layout.gap;
	layout.plot = layout.plot < TALLEST_PLOT ? layout.plot : TALLEST_PLOT;
	return layout;
}

static void put_narrow(int row, attr_t attributes, const struct tmstat_shown *shown)
{
	const struct kex_device *device = shown->device;
	char bytes[16], value[32];

	tmstat_rate_text(shown->rates.bytes, bytes);
	if (device->num_bufs > 0)
		snprintf(value, sizeof(value), "%u/%u", device->bufs_in_use, device->num_bufs);
	else
		snprintf(value, sizeof(value), "%s/s", bytes);
	put_line(row, attributes, "%-10.10s %9s", device->name, value);
}

static void put_small(int row, attr_t attributes, const struct tmstat_shown *shown)
{
	const struct kex_device *device = shown->device;
	char bytes[16];

	tmstat_rate_text(shown->rates.bytes, bytes);
	if (device->num_bufs > 0)
		put_line(row, attributes, "%-11.11s %4u of %-4u full %5.1f%%", device->name,
			device->bufs_in_use, device->num_bufs, 100 * shown->rates.full);
	else
		put_line(row, attributes, "%-11.11s %9s/s wait %5.1f%%", device->name, bytes,
			100 * shown->rates.waits);
}

/* What the small first line has no room for. */
static void put_small_rest(int row, const struct tmstat_shown *shown)
{
	const struct kex_device *device = shown->device;
	char bytes[16], advice[32];

	tmstat_rate_text(shown->rates.bytes, bytes);
	tmstat_advice_text(device, shown->advice, advice);
	if (device->num_bufs > 0)
		put_line(row, 0, "  %s/s, advised: %s", bytes, advice);
	else
		put_line(row, 0, "  %.0f records/s", shown->rates.records);
}

static void put_usual(int row, attr_t attributes, const struct tmstat_shown *shown)
{
	const struct kex_device *device = shown->device;
	char bytes[16];

	tmstat_rate_text(shown->rates.bytes, bytes);
	if (device->num_bufs > 0)
		put_line(row, attributes,
			"%-14.14s %5u of %-5u peak %-5u full %5.1f%%  %7s/s %8.0f rec/s",
			device->name, device->bufs_in_use, device->num_bufs, device->bufs_peak,
			100 * shown->rates.full, bytes, shown->rates.records);
	else
		put_line(row, attributes, "%-14.14s %25s wait %5.1f%%  %7s/s %8.0f rec/s",
			device->name, "", 100 * shown->rates.waits, bytes, shown->rates.records);
}

/* Behind a column, or as a line of its own. */
static void put_events(int row, int column, const struct tmstat_shown *shown)
{
	const struct kex_device *device = shown->device;
	char text[160], advice[32];

	tmstat_advice_text(device, shown->advice, advice);
	snprintf(text, sizeof(text), "events %llu, merged %llu, delivered %llu%s%s",
		(unsigned long long)device->events_raised,
		(unsigned long long)device->events_merged,
		(unsigned long long)device->events_delivered,
		device->num_bufs > 0 ? "; num_bufs advised: " : "",
		device->num_bufs > 0 ? advice : "");
	if (column < COLS)
		mvaddnstr(row, column, text, COLS - column);
}

/* One character for what a value fills of a row, 0 to 1. */
static const char *bar(double share, bool blocks)
{
	static const char *const full[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
	static const char *const plain[] = {" ", ".", ".", ":", ":", "-", "=", "+", "#"};
	int step = share <= 0 ? 0 : 1 + (int)(share * 7.999);

	return (blocks ? full : plain)[step > 8 ? 8 : step];
}

static double value_at(const struct tmstat_past *past, unsigned age)
{
	return age < past->seen && age < TMSTAT_HISTORY
		       ? past->values[(past->seen - 1 - age) % TMSTAT_HISTORY]
		       : 0;
}

/* The newest at the right, as many as there is room for. top: the value that fills it; 0: the
 * largest. */
static void draw_plot(
	const struct tmstat_past *past, double top, int first_row, int height, bool blocks)
{
	int width = COLS - 4;

	if (top <= 0)
		for (unsigned age = 0; age < (unsigned)width; age++)
			if (value_at(past, age) > top)
				top = value_at(past, age);
	for (int row = 0; row < height; row++) {
		move(first_row + row, 2);
		for (int age = width - 1; age >= 0; age--) {
			double filled = top > 0 ? value_at(past, (unsigned)age) / top * height : 0;
			addstr(bar(filled - (height - 1 - row), blocks));
		}
	}
}

static void draw_device(
	const struct tmstat_shown *shown, const struct layout *layout, int row, bool blocks)
{
	const struct kex_device *device = shown->device;
	bool full = device->num_bufs > 0 && device->bufs_in_use >= device->num_bufs;
	attr_t attributes = full ? A_BOLD : A_NORMAL;

	if (layout->columns < FROM_SMALL)
		put_narrow(row, attributes, shown);
	else if (layout->columns < FROM_USUAL)
		put_small(row, attributes, shown);
	else
		put_usual(row, attributes, shown);
	if (layout->columns >= FROM_WIDE)
		put_events(row, FROM_USUAL, shown);
	else if (layout->lines > 1 && layout->columns >= FROM_USUAL)
		put_events(row + 1, 2, shown);
	else if (layout->lines > 1)
		put_small_rest(row + 1, shown);
	if (layout->plot > 0 && shown->past != NULL)
		draw_plot(shown->past, device->num_bufs, row + layout->lines, layout->plot, blocks);
}

void tmstat_draw(const struct tmstat_shown *shown, int count, double interval, bool blocks)
{
	struct layout layout = choose_layout(count, LINES - 1);
	int height = layout.lines + layout.plot + layout.gap;
	int room = LINES - 1, first = 1;

	/* Between the heading and the devices, when nothing is lost by it. */
	if (count * height < room) {
		first = 2;
		room--;
	}
	int fitting = count * height <= room ? count : (room - 1) / height;
	erase();
	put_line(0, A_NORMAL,
		COLS < FROM_SMALL ? "every %g s; q ends" : "Target mode, every %g s; q ends",
		interval);
	if (count == 0)
		put_line(first, A_NORMAL, "no target-mode device");
	for (int i = 0; i < fitting; i++)
		draw_device(&shown[i], &layout, first + i * height, blocks);
	if (fitting < count && LINES > 1)
		put_line(LINES - 1, A_NORMAL, "... %d more", count - (fitting > 0 ? fitting : 0));
	refresh();
}
