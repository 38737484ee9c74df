/* The adapter as SVR5's SDI sees it: an HBA with one channel, version 4. */
#include <errno.h>
#include <string.h>

#include "vscsi/vscsi.h"

/* One INQUIRY past the sessions: SDI asks devices that nobody has opened. */
static int inquire(void *driver, int bus, int target, int lun, uint8_t data[SDI_INQUIRY])
{
	struct vscsi *vscsi = driver;
	struct scsi_buf request = {
		.bufstruct = {.b_flags = B_READ,
			.b_dev = vscsi->devno,
			.b_addr = data,
			.b_bcount = SDI_INQUIRY,
			.b_resid = SDI_INQUIRY},
		.scsi_command = {.scsi_cdb = {0x12, 0, 0, 0, SDI_INQUIRY}, .scsi_length = 6},
		.scsi_id = (uint64_t)target,
		.lun_id = (uint64_t)lun,
		.timeout_value = 5,
	};

	(void)bus;
	port_submit(&vscsi->port, &request);
	return iowait(&request.bufstruct);
}

int hba_enter(struct vscsi *vscsi)
{
	vscsi->hba = (struct sdi_hba){.name = vscsi->dds.header.logical_name,
		.version = SDI_VERSION_VAR,
		.priority = vscsi->priority,
		.buses = 1,
		.targets = SCSI_IDS,
		.luns = SCSI_LUNS,
		.own_target = (int)vscsi->dds.scsi_id,
		.devno = vscsi->devno,
		.driver = vscsi,
		.inquire = inquire};
	return sdi_register(&vscsi->hba) < 0 ? EINVAL : 0;
}

void hba_event(struct vscsi *vscsi, int target, uint32_t events)
{
	static const struct {
		uint32_t flag;
		int code;
	} codes[] = {
		{SCSI_RESET_EVENT, SDI_FLT_RESET},
		{SCSI_ADAP_CMD_FAILED, SDI_FLT_CMD},
		{SCSI_FATAL_HDW_ERR, SDI_FLT_HBA},
	};

	/* SDI drivers have no jobs here that would fail instead. */
	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
		if (events & codes[i].flag)
			sdi_xaen(codes[i].code, vscsi->hba.number, target, -1, 0, events);
}
