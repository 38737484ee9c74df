/* The device switch table and what extensions do with other extensions' devices. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/buf.h>
#include <sys/sysmacros.h>

#include "base/cleanup.h"
#include "processor/environment.h"
#include "processor/thread.h"
#include "services/device.h"
#include "services/devsw.h"
#include "services/trace.h"

#define MAJORS 256

struct switch_entry {
	bool defined;
	struct devsw devsw;
	struct module *module;
};

/* Guards the table; never held while a driver is called. */
static pthread_mutex_t table_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct switch_entry table[MAJORS];

int devswadd(dev_t devno, const struct devsw *devsw)
{
	struct kern_thread *thread = kern_thread_current();

	if (!environment_is_process("devswadd"))
		return EPERM;
	if (major(devno) >= MAJORS)
		return EINVAL;
	if (devsw_is_open(major(devno)))
		return EEXIST;
	pthread_mutex_lock(&table_mutex);
	table[major(devno)] = (struct switch_entry){
		.defined = true, .devsw = *devsw, .module = thread != NULL ? thread->module : NULL};
	pthread_mutex_unlock(&table_mutex);
	return 0;
}

int devswdel(dev_t devno)
{
	if (!environment_is_process("devswdel"))
		return EPERM;
	if (major(devno) >= MAJORS)
		return ENODEV;
	if (devsw_is_open(major(devno)))
		return EEXIST;
	pthread_mutex_lock(&table_mutex);
	bool defined = table[major(devno)].defined;
	table[major(devno)] = (struct switch_entry){0};
	pthread_mutex_unlock(&table_mutex);
	return defined ? 0 : ENODEV;
}

bool devsw_lookup(dev_t devno, struct devsw *entry)
{
	if (major(devno) >= MAJORS)
		return false;
	pthread_mutex_lock(&table_mutex);
	bool defined = table[major(devno)].defined;
	*entry = table[major(devno)].devsw;
	pthread_mutex_unlock(&table_mutex);
	return defined;
}

struct module *devsw_module(unsigned major_number)
{
	pthread_mutex_lock(&table_mutex);
	struct module *module = major_number < MAJORS ? table[major_number].module : NULL;
	pthread_mutex_unlock(&table_mutex);
	return module;
}

int devsw_status(dev_t devno)
{
	struct devsw entry;

	if (!devsw_lookup(devno, &entry))
		return DSW_UNDEFINED;
	return DSW_DEFINED | (entry.d_read != NULL ? DSW_CREAD : 0) |
	       (entry.d_write != NULL ? DSW_CWRITE : 0) |
	       (entry.d_strategy != NULL ? DSW_BLOCK : 0) |
	       (entry.d_select != NULL ? DSW_SELECT : 0);
}

int devswqry(dev_t devno, unsigned *status, void **dsdptr)
{
	struct devsw entry = {0};

	if (!environment_is_process("devswqry"))
		return EPERM;
	bool defined = devsw_lookup(devno, &entry);
	if (status != NULL)
		*status = (unsigned)devsw_status(devno);
	if (dsdptr != NULL)
		*dsdptr = defined ? entry.d_dsdptr : NULL;
	return 0;
}

int cfg_refuse(int error, const char *format, ...)
{
	struct kern_thread *thread = kern_thread_current();
	va_list arguments;

	if (thread != NULL) {
		va_start(arguments, format);
		vsnprintf(thread->reason, sizeof(thread->reason), format, arguments);
		va_end(arguments);
	}
	return error;
}

int device_open(dev_t devno, int flags, pid_t pid)
{
	struct kern_thread *thread = kern_thread_current();
	dev_t outer = thread->device;
	struct devsw entry;

	pthread_mutex_lock(&configuration_mutex);
	int error = device_stopped(devno) ? EIO : ENODEV;
	if (error != EIO && devsw_lookup(devno, &entry) && entry.d_open != NULL) {
		uintptr_t outer_entry = thread->entry;
		thread->device = devno;
		memcpy(&thread->entry, &entry.d_open, sizeof(thread->entry));
		error = entry.d_open(devno, (unsigned long)flags, 0, 0);
		thread->device = outer;
		thread->entry = outer_entry;
	}
	trace_numbers(HOOK_OPEN, (uint32_t)error, devno, (uint64_t)flags);
	if (error == 0)
		device_count_open(devno, pid);
	pthread_mutex_unlock(&configuration_mutex);
	return error;
}

int device_close(dev_t devno, pid_t pid)
{
	struct devsw entry;

	pthread_mutex_lock(&configuration_mutex);
	int error = 0;
	if (devsw_lookup(devno, &entry) && entry.d_close != NULL)
		error = entry.d_close(devno, 0);
	device_count_close(devno, pid);
	trace_numbers(HOOK_CLOSE, (uint32_t)error, devno, 0);
	pthread_mutex_unlock(&configuration_mutex);
	return error;
}

struct file {
	dev_t devno;
	struct devsw entry;
};

int fp_opendev(dev_t devno, int oflag, int chan, int ext, struct file **fpp)
{
	(void)chan;
	(void)ext;
	if (!environment_may_sleep("fp_opendev"))
		return EPERM;
	AUTO_FREE struct file *file = calloc(1, sizeof(*file));
	if (file == NULL)
		return ENOMEM;
	int error = device_open(devno, oflag | DKERNEL, 0);
	if (error != 0)
		return error;
	file->devno = devno;
	devsw_lookup(devno, &file->entry);
	*fpp = TAKE(file);
	return 0;
}

int fp_ioctl(struct file *fp, unsigned long cmd, void *arg, int ext)
{
	if (!environment_may_sleep("fp_ioctl"))
		return EPERM;
	if (fp->entry.d_ioctl == NULL)
		return ENODEV;
	return fp->entry.d_ioctl(fp->devno, cmd, arg, DKERNEL, 0, ext);
}

int fp_close(struct file *fp)
{
	if (!environment_may_sleep("fp_close"))
		return EPERM;
	int error = device_close(fp->devno, 0);
	free(fp);
	return error;
}

int devstrat(struct buf *bp)
{
	struct devsw entry;

	if (!environment_is_iodone("devstrat"))
		return EPERM;
	if (!devsw_lookup(bp->b_dev, &entry) || entry.d_strategy == NULL)
		return ENODEV;
	trace_numbers(HOOK_STRATEGY, (uint32_t)bp->b_bcount, bp->b_dev, (uint64_t)bp->b_flags);
	return entry.d_strategy(bp);
}
