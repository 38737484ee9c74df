/* What device drivers, the Configure method and a diagnosing administrator ask of an adapter. */
#include <errno.h>
#include <string.h>
#include <sys/scsi.h>

#include "iscsi/initiator.h"

static int initiator_open(dev_t devno, unsigned long devflag, int chan, int ext)
{
	(void)devflag;
	(void)chan;
	(void)ext;
	return initiator_find(devno) != NULL ? 0 : ENODEV;
}

/* The unit of an open session, NULL when it is not open. With the mutex held. */
static struct unit *find_open(struct initiator *initiator, const struct scsi_sciolst *address)
{
	if (scsi_session_find(
		    &initiator->adapter, address->scsi_id, address->lun_id, SCSI_IM_MODE) == NULL)
		return NULL;
	return unit_get(initiator, address->scsi_id, address->lun_id);
}

static void set_halted(struct initiator *initiator, struct unit *unit, bool halted)
{
	int old = disable_lock(initiator->priority, &initiator->lock);
	unit->halted = halted;
	unlock_enable(old, &initiator->lock);
}

/* The login follows, so that events are told to who never sends a command. */
static int start_session(struct initiator *initiator, const struct scsi_sciolst *address)
{
	pthread_mutex_lock(&initiator->mutex);
	struct unit *unit = unit_get(initiator, address->scsi_id, address->lun_id);
	int error = unit != NULL ? scsi_session_start(&initiator->adapter, address->scsi_id,
					   address->lun_id, SCSI_IM_MODE, unit)
				 : EINVAL;
	if (error == 0) {
		unit->watchers++;
		unit->target->watchers++;
		set_halted(initiator, unit, false);
		if (unit->target->state == SESSION_DOWN)
			unit->target->next_try = 0;
	}
	pthread_mutex_unlock(&initiator->mutex);
	if (error == 0)
		hardware_kick(initiator);
	return error;
}

/* Under the mutex: the hardware reports to no session that is not there any more. */
static int stop_session(struct initiator *initiator, const struct scsi_sciolst *address)
{
	pthread_mutex_lock(&initiator->mutex);
	struct unit *unit = find_open(initiator, address);
	int error = unit != NULL ? scsi_session_stop(&initiator->adapter, address->scsi_id,
					   address->lun_id, SCSI_IM_MODE)
				 : EINVAL;
	if (error == 0) {
		unit->watchers--;
		unit->target->watchers--;
	}
	pthread_mutex_unlock(&initiator->mutex);
	return error;
}

static int halt_session(struct initiator *initiator, const struct scsi_sciolst *address)
{
	pthread_mutex_lock(&initiator->mutex);
	struct unit *unit = find_open(initiator, address);
	if (unit != NULL) {
		set_halted(initiator, unit, true);
		command_halt(unit);
	}
	pthread_mutex_unlock(&initiator->mutex);
	hardware_kick(initiator);
	return unit != NULL ? 0 : EINVAL;
}

/* A reset of the logical unit: what anybody has in progress there ends. */
static int reset_session(struct initiator *initiator, const struct scsi_sciolst *address)
{
	pthread_mutex_lock(&initiator->mutex);
	struct unit *unit = find_open(initiator, address);
	int error = unit == NULL ? EINVAL : session_reset(unit) ? 0 : EIO;
	pthread_mutex_unlock(&initiator->mutex);
	hardware_kick(initiator);
	return error;
}

static void describe(const struct initiator *initiator, struct scsi_devinfo *info)
{
	*info = (struct scsi_devinfo){.devtype = DD_BUS,
		.devsubtype = DS_ISCSI,
		.max_transfer = initiator->settings.max_transfer};
}

/* What can be done for real: units that are in use are reset, or sessions dropped. */
static int make_fault(struct initiator *initiator, const struct scsi_fault *fault)
{
	bool drop = fault->event == SCSI_FAULT_SESSION;
	int error = ENOTCONN;

	if (!drop && fault->event != SCSI_RESET_EVENT)
		return EOPNOTSUPP;
	pthread_mutex_lock(&initiator->mutex);
	for (unsigned number = 0; number < ISCSI_NUMBERS; number++) {
		struct target *target = initiator->targets[number];
		if (target == NULL || target->state != SESSION_UP)
			continue;
		for (struct unit *unit = target->units; unit != NULL && !drop; unit = unit->next)
			if (unit->watchers > 0 && session_reset(unit))
				error = 0;
		if (!drop)
			continue;
		session_drop(target, "dropped by scsifault");
		error = 0;
	}
	pthread_mutex_unlock(&initiator->mutex);
	hardware_kick(initiator);
	return error;
}

/* Operations on a session by its address; the older generation packs it. */
static int session_ioctl(
	struct initiator *initiator, unsigned long cmd, const struct scsi_sciolst *address)
{
	switch (cmd) {
	case SCIOLSTART:
	case SCIOSTART:
		return start_session(initiator, address);
	case SCIOLSTOP:
	case SCIOSTOP:
		return stop_session(initiator, address);
	case SCIOLHALT:
	case SCIOHALT:
		return halt_session(initiator, address);
	default:
		return reset_session(initiator, address);
	}
}

static int packed_ioctl(struct initiator *initiator, unsigned long cmd, unsigned long packed)
{
	const struct scsi_sciolst address = {
		.scsi_id = packed >> 8 & 0xff, .lun_id = packed & 0xff};

	return packed > 0xffff ? EINVAL : session_ioctl(initiator, cmd, &address);
}

static int kernel_ioctl(struct initiator *initiator, unsigned long cmd, void *arg)
{
	switch (cmd) {
	case SCIOLSTART:
	case SCIOLSTOP:
	case SCIOLHALT:
	case SCIOLRESET:
		return session_ioctl(initiator, cmd, arg);
	case SCIOSTART:
	case SCIOSTOP:
	case SCIOHALT:
	case SCIORESET:
		return packed_ioctl(initiator, cmd, *(const unsigned long *)arg);
	case SCIOLINQU:
		return command_inquire(&initiator->commands, arg);
	case SCIOLTUR:
		return command_test_ready(&initiator->commands, arg);
	case SCIOLSTUNIT:
		return command_start_unit(&initiator->commands, arg);
	case SCIOLREAD:
		return command_read_block(&initiator->commands, arg);
	case SCIOLCMD:
		return command_pass(&initiator->commands, arg);
	default:
		return EINVAL;
	}
}

static const struct ioctl_entry ioctls[] = {
	{IOCINFO_SCSI, IOCTL_OPEN},
	{ISCSISCAN, IOCTL_PRIVILEGE},
	{ISCSIFOUND, IOCTL_PRIVILEGE},
	{SCIOFAULT, IOCTL_PRIVILEGE},
	{SCIOLEVENT, IOCTL_EXTENSION},
	{SCIOLSTART, IOCTL_EXTENSION},
	{SCIOLSTOP, IOCTL_EXTENSION},
	{SCIOLHALT, IOCTL_EXTENSION},
	{SCIOLRESET, IOCTL_EXTENSION},
	{SCIOLINQU, IOCTL_EXTENSION},
	{SCIOLTUR, IOCTL_EXTENSION},
	{SCIOLSTUNIT, IOCTL_EXTENSION},
	{SCIOLREAD, IOCTL_EXTENSION},
	{SCIOLCMD, IOCTL_EXTENSION},
	{SCIOEVENT, IOCTL_EXTENSION},
	{SCIOSTART, IOCTL_EXTENSION},
	{SCIOSTOP, IOCTL_EXTENSION},
	{SCIOHALT, IOCTL_EXTENSION},
	{SCIORESET, IOCTL_EXTENSION},
	{0},
};

static int initiator_ioctl(
	dev_t devno, unsigned long cmd, void *arg, unsigned long devflag, int chan, int ext)
{
	struct initiator *initiator = initiator_find(devno);

	(void)chan;
	(void)ext;
	if (initiator == NULL)
		return ENODEV;
	if (arg == NULL)
		return EFAULT;
	switch (cmd) {
	case IOCINFO_SCSI:
		describe(initiator, arg);
		return 0;
	case ISCSISCAN:
		return scan_start(initiator, arg);
	case ISCSIFOUND:
		return scan_found(initiator, arg);
	case SCIOFAULT:
		return make_fault(initiator, arg);
	case SCIOLEVENT:
		return scsi_event_register(&initiator->adapter, arg, devflag);
	case SCIOEVENT:
		return scsi_event_register_sc(&initiator->adapter, arg, devflag);
	default:
		return kernel_ioctl(initiator, cmd, arg);
	}
}

/* Whether the session's queue takes the command: not while halted, unless it resumes it. */
static bool resume(struct initiator *initiator, const struct scsi_session *session,
	const struct scsi_buf *command)
{
	struct unit *unit = session->driver_data;
	int old = disable_lock(initiator->priority, &initiator->lock);

	if (command->flags & SC_RESUME)
		unit->halted = false;
	bool accepted = !unit->halted;
	unlock_enable(old, &initiator->lock);
	return accepted;
}

static int check_request(struct initiator *initiator, const struct scsi_buf *command)
{
	const struct scsi_cmd *cdb = &command->scsi_command;

	if (cdb->scsi_length == 0 || cdb->scsi_length > sizeof(cdb->scsi_cdb) ||
		command->bufstruct.b_bcount > initiator->settings.max_transfer)
		return EINVAL;
	struct scsi_session *session = scsi_session_find(
		&initiator->adapter, command->scsi_id, command->lun_id, SCSI_IM_MODE);
	if (session == NULL)
		return EINVAL;
	return resume(initiator, session, command) ? 0 : EIO;
}

int initiator_strategy(struct buf *bp)
{
	struct scsi_buf *command = (struct scsi_buf *)bp;
	struct initiator *initiator = initiator_find(bp->b_dev);

	if (initiator == NULL)
		return ENODEV;

	bp->b_flags &= ~(B_DONE | B_ERROR);
	bp->b_error = 0;
	bp->b_resid = bp->b_bcount;
	command->status_validity = 0;
	command->scsi_status = SC_GOOD_STATUS;
	command->adapter_status = 0;
	command->sense_length = 0;
	command->held_off = 0;
	command->held_off_time = 0;

	int error = check_request(initiator, command);
	if (error != 0) {
		bp->b_error = error;
		bp->b_flags |= B_ERROR;
		iodone(bp);
		return 0;
	}
	hardware_submit(initiator, command);
	return 0;
}

const struct devsw initiator_entry_points = {
	.d_open = initiator_open,
	.d_ioctl = initiator_ioctl,
	.d_ioctls = ioctls,
	.d_strategy = initiator_strategy,
};
