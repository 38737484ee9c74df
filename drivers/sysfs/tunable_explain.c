/* What happened to a change, in a sentence. */
#include <errno.h>
#include <string.h>

#include "base/foreign.h"
#include "sysfs/tunable_step.h"

static const char *reason(int error)
{
	switch (error) {
	case EINVAL:
		return "the value is not valid";
	case ERANGE:
	case EOVERFLOW:
		return "the number is out of range";
	case E2BIG:
		return "the value is too long";
	case EACCES:
	case EPERM:
		return geteuid() == 0 ? "it can't be changed" : "only root may change it";
	case EROFS:
		return "the file system can only be read";
	case EOPNOTSUPP:
		return "the device or its driver does not support it";
	case EBUSY:
		return "the device is in use";
	case ENODEV:
	case ENXIO:
		return "there is no such device";
	case EIO:
		return "the device failed";
	case ENOMEM:
		return "there is not enough memory";
	case ENETDOWN:
		return "the interface is down";
	case EINTR:
		return "signals interrupted it again and again";
	case ELOOP:
	case EXDEV:
		return "its file is not where it should be";
	default:
		return strerror(error);
	}
}

static void append_foreign(struct text *text, const char *string)
{
	foreign_append(text, string, strlen(string));
}

static void append_allowed(const struct sysfs_tree *tree, const char *device,
	const struct tunable *tunable, struct text *text)
{
	AUTO(text_release) struct text allowed = {0};

	if (tunable_allowed(tree, device, tunable, &allowed) < 0 || allowed.length == 0)
		return;
	bool is_number = strncmp(allowed.data, "..", 2) == 0;
	text_append(text, is_number ? "; at most " : "; allowed: ");
	append_foreign(text, is_number ? allowed.data + 2 : allowed.data);
	if (is_number)
		text_append(text, " is allowed");
}

static void append_refusal(const struct sysfs_tree *tree, const char *device,
	const struct tunable_change *change, struct text *text)
{
	int mistake = change->value != NULL ? tunable_check(change->value) : 0;

	if (mistake == EINVAL) {
		text_append(text, "a value has no control characters");
		return;
	}
	text_append(text, mistake != 0 ? "" : "the kernel refuses it: ");
	if (mistake == 0 && change->reason[0] != '\0')
		append_foreign(text, change->reason);
	else
		text_append(text, reason(change->error));
	if (mistake == 0 && (change->error == EINVAL || change->error == ERANGE))
		append_allowed(tree, device, change->tunable, text);
}

static void append_made(const struct tunable_change *change, struct text *text)
{
	text_append(text, "the kernel makes ");
	append_foreign(text, change->made);
	text_append(text, " of it");
}

static void append_stuck(const struct sysfs_tree *tree, const char *device,
	const struct tunable_change *change, struct text *text)
{
	if (change->error != 0)
		append_refusal(tree, device, change, text);
	else if (change->made[0] != '\0')
		append_made(change, text);
	else
		text_append(text, "another change failed");
	text_append(text, "; its old value ");
	append_foreign(text, change->before);
	text_append(text, " can't be put back: ");
	if (change->now[0] == '\0')
		text_append(text, "what holds is not known");
	else {
		append_foreign(text, change->now);
		text_append(text, " holds");
	}
}

void tunable_explain(const struct sysfs_tree *tree, const char *device,
	const struct tunable_change *change, struct text *text)
{
	if (change->outcome == TUNABLE_SET || change->outcome == TUNABLE_ALREADY)
		return;
	text_append(text, change->tunable->attribute);
	text_append_char(text, '=');
	append_foreign(text, change->value != NULL ? change->value : change->before);
	text_append(text, ": ");
	switch (change->outcome) {
	case TUNABLE_ROUNDED:
		append_made(change, text);
		break;
	case TUNABLE_CHANGED:
		append_made(change, text);
		append_allowed(tree, device, change->tunable, text);
		text_append(text, "; it stays ");
		append_foreign(text, change->now);
		break;
	case TUNABLE_REFUSED:
		append_refusal(tree, device, change, text);
		break;
	case TUNABLE_UNREADABLE:
		text_append(text, "what holds can't be read: ");
		text_append(text, change->error == EOVERFLOW ? "it is too long"
				  : change->error == EACCES  ? "it is not readable"
							     : strerror(change->error));
		break;
	case TUNABLE_STUCK:
		append_stuck(tree, device, change, text);
		break;
	case TUNABLE_GONE:
		text_append(text, "the device or this attribute of it is not there");
		break;
	default:
		text_append(text, "another change failed");
		break;
	}
}
