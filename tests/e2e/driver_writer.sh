#!/bin/bash
# docs/writing-a-driver.md, as its reader would follow it; and a checker that finds what is wrong.
. "$(dirname "$0")/lib.sh"
source_tree=$(cd "$(dirname "$0")/../.." && pwd)
mkdir "$work/reader" && cd "$work/reader" || exit 1
cp "$source_tree"/docs/example/watch.* .
lines=$(wc -l <watch.c)
grep -q "C file of $lines lines" "$source_tree/docs/writing-a-driver.md" || fail "the example has $lines lines"
cp -a "$stage" "$work/installed"
PREFIX=$work/installed
eval "$("$PREFIX/bin/odmcfg" env)"
configured_machine

# The commands of the document, as they are printed there.
command_of() { sed -n "s/^    \($1.*\)/\1/p" "$source_tree/docs/writing-a-driver.md" | head -1; }
build=$(command_of gcc)
[ -n "$build" ] || fail "the document has no gcc command"
eval "$build" || fail "the example does not build: $build"
check=$(command_of "odmcfg kexcheck")
expect 0 eval "$check"
output_is <<<"watch: nothing was found"
expect 0 eval "$(command_of install)"
expect 0 eval "$(command_of 'odmcfg schema')"
expect 0 eval "$(command_of mkdev | sed 's/#.*//')"
output_is <<<"watch0 Available"
expect 0 lsattr -El watch0
output_has "file_mode  0640 Mode of the special file"
expect 0 odmcfg kexstat -l watch0 -F "device open class"
output_is <<<"watch0 0 3"
expect 1 mkdev -c watch -s scsi -t watch -p scsi0 -w 4,7
error_has "minor number 1: the driver has 0 to 0"
expect 0 rmdev -dl watch1

cat >read_watch.c <<'END'
#include <fcntl.h>
#include <kex.h>
#include <stdio.h>
int main(void)
{
	char line[64];
	struct kex_file *file = kex_open("watch0", O_RDONLY);
	ssize_t length = file != NULL ? kex_read(file, line, sizeof(line)) : -1;
	printf("%.*s", (int)length, length > 0 ? line : "");
	kex_close(file);
	return length <= 0;
}
END
flags=""
nm -D "$PREFIX"/lib*/*/libkex.so.0 "$PREFIX"/lib*/libkex.so.0 2>/dev/null | grep -q __asan &&
	flags="-fsanitize=address,undefined"
export PKG_CONFIG_PATH LD_LIBRARY_PATH
PKG_CONFIG_PATH=$(dirname "$(find "$PREFIX" -name kex.pc)")
LD_LIBRARY_PATH=$(dirname "$PKG_CONFIG_PATH")
# shellcheck disable=SC2046,SC2086
gcc -D_GNU_SOURCE $flags -o read_watch read_watch.c $(pkg-config --cflags --libs kex) || fail "gcc"
./read_watch >line &
reader=$!
await is_open watch0
expect 1 rmdev -l watch0
expect 0 eval "$(command_of 'odmcfg scsifault' | sed 's/#.*//')"
wait $reader || fail "nothing was read"
[ "$(cat line)" = "events 0x4" ] || fail "read: $(cat line)"
expect 0 eval "$(command_of 'rmdev -dl')"
unset LD_LIBRARY_PATH

# What the checker finds.
expect 2 odmcfg kexcheck
expect 2 odmcfg kexcheck -a nonsense watch.so
expect 1 odmcfg kexcheck nosuch.so
error_has "No such file"
expect 1 odmcfg kexcheck watch.cfg
output_has "watch: it can't be loaded"
expect 1 odmcfg kexcheck --dds watch.cfg watch.so
output_has "CFG_INIT is refused: not a text DDS"

cat >bad.c <<'END'
/* Makes one mistake after the other; which of them, attribute mistake says. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/device.h>
#include <sys/intr.h>
#include <sys/malloc.h>
#include <sys/scsi_buf.h>
#include <sys/sleep.h>
#include <sys/text_dds.h>

static struct text_dds dds;
static struct file *adapter;
static long mistake;
static event_word never;
static volatile int *nowhere;
static struct scsi_sciolst address = {.scsi_id = 3, .lun_id = 7};

static void handle_event(const struct scsi_event_info *info)
{
	if (mistake == 1)
		e_sleep(&never, EVENT_SHORT);
	if (mistake == 2)
		free(xmalloc(16, 3, pinned_heap));
	if (mistake == 3)
		((struct scsi_event_info *)info)->events = 0;
	if (mistake == 4)
		for (volatile int i = 0; i < 20000000; i++)
			continue;
	if (mistake == 5)
		*nowhere = 1;
}

static int bad_open(dev_t devno, unsigned long devflag, int chan, int ext)
{
	struct scsi_event_struct event = {
		.scsi_id = 3, .lun_id = 7, .mode = SCSI_IM_MODE, .async_func = handle_event};

	(void)devno, (void)devflag;
	int error = fp_opendev((dev_t)dds.parent_devno, DREAD, chan, ext, &adapter);
	if (error == 0 && (error = fp_ioctl(adapter, SCIOLSTART, &address, 0)) == 0)
		error = fp_ioctl(adapter, SCIOLEVENT, &event, 0);
	return error;
}

static int bad_close(dev_t devno, int chan)
{
	(void)devno;
	fp_ioctl(adapter, SCIOLSTOP, &address, chan);
	int error = fp_close(adapter);
	adapter = NULL;
	return error;
}

static int bad_ioctl(dev_t devno, unsigned long cmd, void *arg, unsigned long flag, int chan, int ext)
{
	(void)devno, (void)cmd, (void)arg, (void)flag, (void)chan, (void)ext;
	return mistake == 7 ? 0 : EINVAL;
}

int kmod_entry(dev_t devno, int cmd, struct uio *uiop)
{
	static const struct devsw entries = {
		.d_open = bad_open, .d_close = bad_close, .d_ioctl = bad_ioctl};

	if (cmd == CFG_TERM && adapter != NULL && mistake != 9)
		return EBUSY;
	if (cmd == CFG_TERM) {
		if (mistake != 8)
			device_withdraw(devno);
		return devswdel(devno);
	}
	if (cmd != CFG_INIT || uiop->uio_resid != sizeof(dds))
		return EINVAL;
	uiomove(&dds, sizeof(dds), UIO_WRITE, uiop);
	mistake = text_dds_number(&dds, "mistake", 0);
	if (mistake == 6 && xmalloc(1000, 3, pinned_heap) == NULL)
		return ENOMEM;
	int error = devswadd(devno, &entries);
	return error != 0 ? error : device_publish(devno, dds.header.logical_name, 3, NULL);
}
END
gcc -std=c17 -fPIC -shared -fno-sanitize=all -I"$PREFIX/include/odmcfg" -o bad.so bad.c || fail "gcc"
finds() {
	expect 1 timeout 60 odmcfg kexcheck -a "mistake=$1" bad.so
	output_has "bad: $2"
}
finds 1 "KEX_ENVIRONMENT: e_sleep was called by an interrupt handler"
finds 2 "KEX_ENVIRONMENT: xmalloc was called by an interrupt handler"
finds 3 "KEX_EVENT_INFO: its event handler"
finds 4 "KEX_OVERSTAY: an interrupt handler took"
finds 5 "KEX_CRASH: Segmentation fault at bad.so+0x"
finds 6 "KEX_LEAK: 2000 bytes of xmalloc were not freed"
finds 7 "check0: it accepts an ioctl that nobody has defined"
finds 9 "CFG_TERM succeeds while check0 is open"
finds 8 "check0 is still published after CFG_TERM"
expect 0 odmcfg kexcheck -a mistake=0 bad.so
[ -z "$(ls -d "${TMPDIR:-/tmp}"/kexcheck-* 2>/dev/null)" ] || fail "scratch directories are left"
