/* The drivers' skeleton with a driver and a host that fail when they are told to. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/driver.h>
#include <sys/kernel_uio.h>

#include "services/device.h"
#include "suite.h"

#define MAJOR 10

/* The host: what it was asked for, and how it answers. */
static struct {
	int added, removed; /* calls of devswadd, devswdel */
	unsigned published; /* devices that are */
	dev_t open; /* the one device that is, 0 for none */
	int add_error;
	char reason[DDS_REASON];
} host;

int devswadd(dev_t devno, const struct devsw *devsw)
{
	ck_assert_uint_eq(major(devno), MAJOR);
	ck_assert_ptr_nonnull(devsw);
	host.added++;
	return host.add_error;
}

int devswdel(dev_t devno)
{
	ck_assert_uint_eq(major(devno), MAJOR);
	host.removed++;
	return 0;
}

int device_publish(
	dev_t devno, const char *name, int interrupt_class, struct device_counters *counters)
{
	(void)name, (void)interrupt_class, (void)counters;
	ck_assert(!(host.published & 1u << minor(devno)));
	host.published |= 1u << minor(devno);
	return 0;
}

void device_withdraw(dev_t devno)
{
	host.published &= ~(1u << minor(devno));
}

bool device_is_open(dev_t devno)
{
	return devno == host.open;
}

int cfg_refuse(int error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(host.reason, sizeof(host.reason), format, arguments);
	va_end(arguments);
	return error;
}

int uiomove(void *address, size_t count, enum uio_rw direction, struct uio *uiop)
{
	ck_assert_int_eq(direction, UIO_WRITE);
	if (count > uiop->uio_resid)
		count = uiop->uio_resid;
	memcpy(address, uiop->uio_iov->iov_base, count);
	return 0;
}

/* The driver. */
struct toy_dds {
	struct dds_header header;
	int value;
};

struct toy {
	struct toy_dds dds;
	dev_t devno;
};

static struct {
	int init_error, term_error;
	int initialised, terminated; /* calls that succeeded */
	unsigned minors;
} toy;

static bool toy_check(const void *dds, size_t length, char reason[DDS_REASON])
{
	const struct toy_dds *given = dds;

	if (length == sizeof(*given) && given->value >= 0)
		return true;
	snprintf(reason, DDS_REASON, "value %d", given->value);
	return false;
}

static int toy_init(dev_t devno, void *device)
{
	struct toy *new = device;

	new->devno = devno;
	for (unsigned number = 0; number < toy.minors; number++)
		ck_assert_int_eq(device_publish(makedev(major(devno), minor(devno) + number), "toy",
					 -1, NULL),
			0);
	if (toy.init_error == 0)
		toy.initialised++;
	return toy.init_error;
}

static int toy_term(void *device)
{
	ck_assert_ptr_nonnull(device);
	if (toy.term_error == 0)
		toy.terminated++;
	return toy.term_error;
}

static int toy_change(void *device, const void *dds)
{
	struct toy *changed = device;
	const struct toy_dds *to = dds;

	if (to->value == 99)
		return cfg_refuse(EINVAL, "not while it runs");
	changed->dds.value = to->value;
	return 0;
}

static int toy_vpd(void *device, struct uio *uiop)
{
	(void)uiop;
	return ((struct toy *)device)->dds.value == 7 ? 0 : EIO;
}

#define TOYS 3
static void *_Atomic toys[TOYS];
static const struct devsw entry_points;
static const struct driver single = {
	.devices = toys,
	.limit = TOYS,
	.device_size = sizeof(struct toy),
	.dds_size = sizeof(struct toy_dds),
	.check = toy_check,
	.entry_points = &entry_points,
	.init = toy_init,
	.term = toy_term,
	.change = toy_change,
	.vpd = toy_vpd,
};
static void *_Atomic pairs[TOYS];
static const struct driver pair = {
	.devices = pairs,
	.limit = TOYS,
	.minors = 2,
	.device_size = sizeof(struct toy),
	.dds_size = sizeof(struct toy_dds),
	.check = toy_check,
	.init = toy_init,
};

static void begin(unsigned minors)
{
	memset(&host, 0, sizeof(host));
	memset(&toy, 0, sizeof(toy));
	toy.minors = minors;
}

/* A configuration call with a DDS of that value. */
static int configure(const struct driver *driver, unsigned number, int cmd, int value)
{
	struct toy_dds dds = {.header = {.logical_name = "toy0"}, .value = value};
	struct iovec part = {.iov_base = &dds, .iov_len = sizeof(dds)};
	struct uio uio = {.uio_iov = &part, .uio_iovcnt = 1, .uio_resid = sizeof(dds)};

	host.reason[0] = '\0';
	return driver_configure(driver, makedev(MAJOR, number), cmd, &uio);
}

static struct toy *find(const struct driver *driver, unsigned number)
{
	return driver_find(driver, makedev(MAJOR, number));
}

START_TEST(the_first_device_enters_the_switch_table_and_the_last_leaves_it)
{
	begin(1);
	ck_assert_int_eq(configure(&single, 0, CFG_INIT, 1), 0);
	ck_assert_int_eq(configure(&single, 2, CFG_INIT, 2), 0);
	ck_assert_int_eq(host.added, 1);
	ck_assert_uint_eq(host.published, 0x5);
	ck_assert_int_eq(find(&single, 2)->dds.value, 2);
	ck_assert_ptr_null(find(&single, 1));
	ck_assert_int_eq(configure(&single, 0, CFG_TERM, 0), 0);
	ck_assert_int_eq(host.removed, 0);
	ck_assert_uint_eq(host.published, 0x4);
	ck_assert_int_eq(configure(&single, 2, CFG_TERM, 0), 0);
	ck_assert_int_eq(host.removed, 1);
	ck_assert_uint_eq(host.published, 0);
	ck_assert_int_eq(toy.terminated, 2);
	/* And once more. */
	ck_assert_int_eq(configure(&single, 0, CFG_INIT, 1), 0);
	ck_assert_int_eq(host.added, 2);
	ck_assert_int_eq(configure(&single, 0, CFG_TERM, 0), 0);
}
END_TEST

START_TEST(a_call_that_the_device_is_not_in_the_state_for_is_refused)
{
	begin(1);
	ck_assert_int_eq(configure(&single, TOYS, CFG_INIT, 1), EINVAL);
	ck_assert_str_eq(host.reason, "minor number 3: the driver has 0 to 2");
	ck_assert_int_eq(configure(&single, 1, CFG_TERM, 0), ENODEV);
	ck_assert_int_eq(configure(&single, 1, CFG_CHANGE, 1), ENODEV);
	ck_assert_int_eq(configure(&single, 1, CFG_QVPD, 1), ENODEV);
	ck_assert_int_eq(configure(&single, TOYS, CFG_TERM, 0), ENODEV);
	ck_assert_int_eq(configure(&single, 1, 12345, 1), EINVAL);
	ck_assert_int_eq(configure(&single, 1, CFG_INIT, -1), EINVAL);
	ck_assert_str_eq(host.reason, "value -1");
	ck_assert_int_eq(toy.initialised, 0);
	ck_assert_int_eq(configure(&single, 1, CFG_INIT, 1), 0);
	ck_assert_int_eq(configure(&single, 1, CFG_INIT, 1), EEXIST);
	ck_assert_int_eq(toy.initialised, 1);
	host.open = makedev(MAJOR, 1);
	ck_assert_int_eq(configure(&single, 1, CFG_TERM, 0), EBUSY);
	ck_assert_str_eq(host.reason, "toy0 is open");
	host.open = 0;
	toy.term_error = EBUSY;
	ck_assert_int_eq(configure(&single, 1, CFG_TERM, 0), EBUSY);
	ck_assert_uint_eq(host.published, 0x2);
	ck_assert_ptr_nonnull(find(&single, 1));
	ck_assert_int_eq(host.removed, 0);
	toy.term_error = 0;
	ck_assert_int_eq(configure(&single, 1, CFG_TERM, 0), 0);
}
END_TEST

START_TEST(a_step_that_fails_leaves_nothing)
{
	begin(1);
	toy.init_error = EIO;
	ck_assert_int_eq(configure(&single, 0, CFG_INIT, 1), EIO);
	ck_assert_int_eq(toy.terminated, 0);
	ck_assert_int_eq(host.added, 0);
	ck_assert_uint_eq(host.published, 0);
	toy.init_error = 0;
	host.add_error = EEXIST;
	ck_assert_int_eq(configure(&single, 0, CFG_INIT, 1), EEXIST);
	ck_assert_int_eq(toy.terminated, 1);
	ck_assert_uint_eq(host.published, 0);
	ck_assert_ptr_null(find(&single, 0));
	host.add_error = 0;
	ck_assert_int_eq(configure(&single, 0, CFG_INIT, 1), 0);
	ck_assert_int_eq(host.added, 2);
	ck_assert_int_eq(configure(&single, 0, CFG_TERM, 0), 0);
}
END_TEST

START_TEST(change_and_vpd_are_the_drivers)
{
	begin(1);
	ck_assert_int_eq(configure(&single, 0, CFG_INIT, 1), 0);
	ck_assert_int_eq(configure(&single, 0, CFG_QVPD, 0), EIO);
	ck_assert_int_eq(configure(&single, 0, CFG_CHANGE, 7), 0);
	ck_assert_int_eq(configure(&single, 0, CFG_QVPD, 0), 0);
	ck_assert_int_eq(configure(&single, 0, CFG_CHANGE, -1), EINVAL);
	ck_assert_str_eq(host.reason, "value -1");
	ck_assert_int_eq(configure(&single, 0, CFG_CHANGE, 99), EINVAL);
	ck_assert_str_eq(host.reason, "not while it runs");
	ck_assert_int_eq(find(&single, 0)->dds.value, 7);
	ck_assert_int_eq(configure(&single, 0, CFG_TERM, 0), 0);
}
END_TEST

START_TEST(a_device_has_several_minor_numbers)
{
	begin(2);
	ck_assert_int_eq(configure(&pair, 3, CFG_INIT, 1), EINVAL);
	ck_assert_str_eq(host.reason, "minor number 3: the driver has multiples of 2 below 6");
	ck_assert_int_eq(configure(&pair, 6, CFG_INIT, 1), EINVAL);
	ck_assert_int_eq(configure(&pair, 2, CFG_INIT, 1), 0);
	ck_assert_int_eq(configure(&pair, 4, CFG_INIT, 1), 0);
	ck_assert_uint_eq(host.published, 0x3c);
	ck_assert_ptr_eq(find(&pair, 3), find(&pair, 2));
	ck_assert_uint_eq(minor(find(&pair, 5)->devno), 4);
	ck_assert_ptr_null(find(&pair, 1));
	/* Without entry points nothing is in the switch table; without change or vpd neither is. */
	ck_assert_int_eq(host.added, 0);
	ck_assert_int_eq(configure(&pair, 2, CFG_CHANGE, 1), EINVAL);
	ck_assert_int_eq(configure(&pair, 2, CFG_QVPD, 1), EINVAL);
	host.open = makedev(MAJOR, 3);
	ck_assert_int_eq(configure(&pair, 2, CFG_TERM, 0), EBUSY);
	host.open = 0;
	ck_assert_int_eq(configure(&pair, 3, CFG_TERM, 0), 0);
	ck_assert_uint_eq(host.published, 0x30);
	ck_assert_int_eq(configure(&pair, 4, CFG_TERM, 0), 0);
	ck_assert_int_eq(host.removed, 0);
	ck_assert_uint_eq(host.published, 0);
}
END_TEST

SUITE_MAIN("driver", the_first_device_enters_the_switch_table_and_the_last_leaves_it,
	a_call_that_the_device_is_not_in_the_state_for_is_refused, a_step_that_fails_leaves_nothing,
	change_and_vpd_are_the_drivers, a_device_has_several_minor_numbers)
