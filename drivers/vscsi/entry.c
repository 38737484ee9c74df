/* What device drivers, and a diagnosing administrator, ask of an adapter. */
#include <errno.h>
#include <string.h>

#include <sys/scsi.h>

#include "vscsi/vscsi.h"

int vscsi_open(dev_t devno, unsigned long devflag, int chan, int ext)
{
	(void)devflag;
	(void)chan;
	(void)ext;
	return vscsi_find(devno) != NULL ? 0 : ENODEV;
}

static bool valid_address(const struct vscsi *vscsi, uint64_t scsi_id, uint64_t lun_id)
{
	return scsi_id < SCSI_IDS && lun_id < SCSI_LUNS && scsi_id != vscsi->dds.scsi_id;
}

static int start_session(struct vscsi *vscsi, const struct scsi_sciolst *address)
{
	if (!valid_address(vscsi, address->scsi_id, address->lun_id))
		return EINVAL;

	int error = scsi_session_start(
		&vscsi->adapter, address->scsi_id, address->lun_id, SCSI_IM_MODE, NULL);
	if (error != 0)
		return error;
	vscsi->halted[address->scsi_id][address->lun_id] = false;
	/* Target mode knows LUN 0 only. */
	if (address->lun_id == 0)
		port_session_begin(&vscsi->port, (unsigned)address->scsi_id);
	return 0;
}

static int halt_session(struct vscsi *vscsi, const struct scsi_sciolst *address)
{
	if (scsi_session_find(&vscsi->adapter, address->scsi_id, address->lun_id, SCSI_IM_MODE) ==
		NULL)
		return EINVAL;

	int old = disable_lock(vscsi->priority, &vscsi->lock);
	vscsi->halted[address->scsi_id][address->lun_id] = true;
	unlock_enable(old, &vscsi->lock);
	port_halt(&vscsi->port, (unsigned)address->scsi_id, (unsigned)address->lun_id);
	return 0;
}

/* Bus Device Reset: whatever anybody has in progress at the target ends. */
static int reset_session(struct vscsi *vscsi, const struct scsi_sciolst *address)
{
	if (scsi_session_find(&vscsi->adapter, address->scsi_id, address->lun_id, SCSI_IM_MODE) ==
		NULL)
		return EINVAL;
	port_reset_device(&vscsi->port, (unsigned)address->scsi_id);
	return 0;
}

static void describe(const struct vscsi *vscsi, struct scsi_devinfo *info)
{
	*info = (struct scsi_devinfo){.devtype = DD_BUS,
		.devsubtype = DS_CVSCSI,
		.scsi_id = vscsi->dds.scsi_id,
		.max_transfer = vscsi->dds.max_transfer};
}

static int simulate_fault(struct vscsi *vscsi, const struct scsi_fault *fault)
{
	switch (fault->event) {
	case SCSI_FATAL_HDW_ERR:
	case SCSI_ADAP_CMD_FAILED:
	case SCSI_RESET_EVENT:
		port_fault(&vscsi->port, fault->event);
		return 0;
	default:
		return EINVAL;
	}
}

static int stop_session(struct vscsi *vscsi, const struct scsi_sciolst *address)
{
	int error =
		scsi_session_stop(&vscsi->adapter, address->scsi_id, address->lun_id, SCSI_IM_MODE);

	/* Who halts and does not resume has given up. */
	if (error == 0 && address->lun_id == 0)
		port_session_end(&vscsi->port, (unsigned)address->scsi_id,
			vscsi->halted[address->scsi_id][0]);
	return error;
}

/* Operations on a session by its address; the older generation packs it. */
static int session_ioctl(struct vscsi *vscsi, unsigned long cmd, const struct scsi_sciolst *address)
{
	switch (cmd) {
	case SCIOLSTART:
	case SCIOSTART:
		return start_session(vscsi, address);
	case SCIOLSTOP:
	case SCIOSTOP:
		return stop_session(vscsi, address);
	case SCIOLHALT:
	case SCIOHALT:
		return halt_session(vscsi, address);
	default:
		return reset_session(vscsi, address);
	}
}

static int packed_ioctl(struct vscsi *vscsi, unsigned long cmd, unsigned long packed)
{
	const struct scsi_sciolst address = {
		.scsi_id = packed >> 8 & 0xff, .lun_id = packed & 0xff};

	return packed > 0xffff ? EINVAL : session_ioctl(vscsi, cmd, &address);
}

static int kernel_ioctl(struct vscsi *vscsi, unsigned long cmd, void *arg)
{
	switch (cmd) {
	case SCIOLSTART:
	case SCIOLSTOP:
	case SCIOLHALT:
	case SCIOLRESET:
		return session_ioctl(vscsi, cmd, arg);
	case SCIOSTART:
	case SCIOSTOP:
	case SCIOHALT:
	case SCIORESET:
		return packed_ioctl(vscsi, cmd, *(const unsigned long *)arg);
	case SCIOLINQU:
		return command_inquire(&vscsi->commands, arg);
	case SCIOLTUR:
		return command_test_ready(&vscsi->commands, arg);
	case SCIOLSTUNIT:
		return command_start_unit(&vscsi->commands, arg);
	case SCIOLREAD:
		return command_read_block(&vscsi->commands, arg);
	case SCIOLCMD:
		return command_pass(&vscsi->commands, arg);
	case SCIOSTARTTGT:
		return target_start(vscsi, arg);
	case SCIOSTOPTGT:
		return target_stop(vscsi, arg);
	case SCIOTUNETGT:
		return target_tune(vscsi, arg);
	default:
		return EINVAL;
	}
}

const struct ioctl_entry vscsi_ioctls[] = {
	{IOCINFO_SCSI, IOCTL_OPEN},
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
	{SCIOSTARTTGT, IOCTL_EXTENSION},
	{SCIOSTOPTGT, IOCTL_EXTENSION},
	{SCIOTUNETGT, IOCTL_EXTENSION},
	{SCIOEVENT, IOCTL_EXTENSION},
	{SCIOSTART, IOCTL_EXTENSION},
	{SCIOSTOP, IOCTL_EXTENSION},
	{SCIOHALT, IOCTL_EXTENSION},
	{SCIORESET, IOCTL_EXTENSION},
	{0},
};

int vscsi_ioctl(dev_t devno, unsigned long cmd, void *arg, unsigned long devflag, int chan, int ext)
{
	struct vscsi *vscsi = vscsi_find(devno);

	(void)chan;
	(void)ext;
	if (vscsi == NULL)
		return ENODEV;
	if (arg == NULL)
		return EFAULT;
	switch (cmd) {
	case IOCINFO_SCSI:
		describe(vscsi, arg);
		return 0;
	case SCIOFAULT:
		return simulate_fault(vscsi, arg);
	case SCIOLEVENT:
		return scsi_event_register(&vscsi->adapter, arg, devflag);
	case SCIOEVENT:
		return scsi_event_register_sc(&vscsi->adapter, arg, devflag);
	default:
		return kernel_ioctl(vscsi, cmd, arg);
	}
}

/* Whether the session's queue takes the command: not while halted, unless it resumes it. */
static bool resume(struct vscsi *vscsi, const struct scsi_buf *command)
{
	int old = disable_lock(vscsi->priority, &vscsi->lock);
	bool *halted = &vscsi->halted[command->scsi_id][command->lun_id];
	if (command->flags & SC_RESUME)
		*halted = false;
	bool accepted = !*halted;
	unlock_enable(old, &vscsi->lock);
	return accepted;
}

static int check_request(struct vscsi *vscsi, const struct scsi_buf *command)
{
	const struct scsi_cmd *cdb = &command->scsi_command;

	if (command->scsi_id >= SCSI_IDS || command->lun_id >= SCSI_LUNS || cdb->scsi_length == 0 ||
		cdb->scsi_length > sizeof(cdb->scsi_cdb) ||
		command->bufstruct.b_bcount > vscsi->dds.max_transfer)
		return EINVAL;
	if (scsi_session_find(&vscsi->adapter, command->scsi_id, command->lun_id, SCSI_IM_MODE) ==
		NULL)
		return EINVAL;
	return resume(vscsi, command) ? 0 : EIO;
}

int vscsi_strategy(struct buf *bp)
{
	struct scsi_buf *command = (struct scsi_buf *)bp;
	struct vscsi *vscsi = vscsi_find(bp->b_dev);

	if (vscsi == NULL)
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

	int error = check_request(vscsi, command);
	if (error != 0) {
		bp->b_error = error;
		bp->b_flags |= B_ERROR;
		iodone(bp);
		return 0;
	}
	port_submit(&vscsi->port, command);
	return 0;
}
