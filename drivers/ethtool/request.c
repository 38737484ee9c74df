/* The connection to the kernel, and what goes over it. */
#include "ethtool/request.h"

#include <errno.h>
#include <linux/ethtool_netlink.h>
#include <linux/netlink.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "ethtool/ethtool.h"
#include "ethtool/features.h"

/* The kernel works while a message is sent, so its answer is there at once, or never. */
#define TIMEOUT_SECONDS 5

static int errno_of(int error)
{
	switch (-error) {
	case NLE_NOMEM:
		return ENOMEM;
	case NLE_AGAIN:
		return ETIMEDOUT;
	case NLE_PERM:
	case NLE_NOACCESS:
		return EPERM;
	case NLE_OBJ_NOTFOUND:
		return EOPNOTSUPP;
	default:
		return EIO;
	}
}

static struct nl_sock *connect_to(int protocol)
{
	struct nl_sock *socket = nl_socket_alloc();
	int error = socket != NULL ? nl_connect(socket, protocol) : -NLE_NOMEM;

	if (error < 0) {
		nl_socket_free(socket);
		errno = errno_of(error);
		return NULL;
	}
	const struct timeval timeout = {.tv_sec = TIMEOUT_SECONDS};
	const int on = 1;
	int file = nl_socket_get_fd(socket);
	/* The words of a refusal, and not the whole request before them. */
	if (setsockopt(file, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on)) < 0 ||
		setsockopt(file, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on)) < 0 ||
		setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout)) < 0) {
		error = errno;
		nl_socket_free(socket);
		errno = error;
		return NULL;
	}
	return socket;
}

struct ethtool *ethtool_open(void)
{
	AUTO(ethtool_close) struct ethtool *ethtool = calloc(1, sizeof(*ethtool));

	if (ethtool == NULL || (ethtool->generic = connect_to(NETLINK_GENERIC)) == NULL ||
		(ethtool->route = connect_to(NETLINK_ROUTE)) == NULL)
		return NULL;
	ethtool->family = genl_ctrl_resolve(ethtool->generic, ETHTOOL_GENL_NAME);
	if (ethtool->family < 0) {
		errno = errno_of(ethtool->family);
		return NULL;
	}
	return TAKE(ethtool);
}

void ethtool_close(struct ethtool **ethtool)
{
	int error = errno;

	if (*ethtool != NULL) {
		ethtool_release_names(&(*ethtool)->features);
		nl_socket_free((*ethtool)->generic);
		nl_socket_free((*ethtool)->route);
		free(*ethtool);
	}
	*ethtool = NULL;
	errno = error;
}

struct nl_msg *ethtool_message(struct ethtool *ethtool, uint8_t command, uint16_t header,
	const char *interface, uint32_t flags)
{
	AUTO(ethtool_free_message) struct nl_msg *message = nlmsg_alloc();
	struct nlattr *nest = NULL;

	if (message != NULL && genlmsg_put(message, NL_AUTO_PORT, NL_AUTO_SEQ, ethtool->family, 0,
				       0, command, ETHTOOL_GENL_VERSION) != NULL)
		nest = nla_nest_start(message, NLA_F_NESTED | header);
	if (nest == NULL ||
		(interface != NULL &&
			nla_put_string(message, ETHTOOL_A_HEADER_DEV_NAME, interface) < 0) ||
		nla_put_u32(message, ETHTOOL_A_HEADER_FLAGS, flags) < 0) {
		errno = ENOMEM;
		return NULL;
	}
	nla_nest_end(message, nest);
	return TAKE(message);
}

/* A request under way. */
struct exchange {
	uint32_t sequence;
	bool ended;
	int error; /* errno */
	struct nl_msg *answer;
	char *reason;
};

/* What comes late, of a request that was given up, is none of this one's. */
static int check_sequence(struct nl_msg *message, void *closure)
{
	const struct exchange *exchange = closure;

	return nlmsg_hdr(message)->nlmsg_seq == exchange->sequence ? NL_OK : NL_SKIP;
}

static int keep_answer(struct nl_msg *message, void *closure)
{
	struct exchange *exchange = closure;

	if (exchange->answer == NULL) {
		nlmsg_get(message);
		exchange->answer = message;
	}
	return NL_OK;
}

static int end_well(struct nl_msg *message, void *closure)
{
	struct exchange *exchange = closure;

	(void)message;
	exchange->ended = true;
	return NL_STOP;
}

static int end_refused(struct sockaddr_nl *from, struct nlmsgerr *refusal, void *closure)
{
	struct exchange *exchange = closure;
	const struct nlmsghdr *header = (const void *)((const char *)refusal - NLMSG_HDRLEN);
	int rest = (int)header->nlmsg_len - (int)NLMSG_LENGTH(sizeof(*refusal));

	(void)from;
	exchange->ended = true;
	exchange->error = -refusal->error;
	if (exchange->reason != NULL && rest > 0 && (header->nlmsg_flags & NLM_F_ACK_TLVS) != 0) {
		const struct nlattr *words =
			nla_find((const struct nlattr *)(refusal + 1), rest, NLMSGERR_ATTR_MSG);
		if (words != NULL)
			nla_strlcpy(exchange->reason, words, ETHTOOL_REASON);
	}
	return NL_STOP;
}

static void release_callbacks(struct nl_cb **callbacks)
{
	nl_cb_put(*callbacks);
}

int ethtool_request(
	struct nl_sock *socket, struct nl_msg *message, struct nl_msg **answer, char *reason)
{
	AUTO(release_callbacks) struct nl_cb *callbacks = nl_cb_alloc(NL_CB_DEFAULT);
	struct exchange exchange = {.reason = reason};

	if (callbacks == NULL) {
		errno = ENOMEM;
		return -1;
	}
	nl_cb_set(callbacks, NL_CB_SEQ_CHECK, NL_CB_CUSTOM, check_sequence, &exchange);
	nl_cb_set(callbacks, NL_CB_VALID, NL_CB_CUSTOM, keep_answer, &exchange);
	nl_cb_set(callbacks, NL_CB_ACK, NL_CB_CUSTOM, end_well, &exchange);
	nl_cb_err(callbacks, NL_CB_CUSTOM, end_refused, &exchange);

	int error = nl_send_auto(socket, message);
	exchange.sequence = nlmsg_hdr(message)->nlmsg_seq;
	while (error >= 0 && !exchange.ended)
		error = nl_recvmsgs(socket, callbacks);
	if (!exchange.ended)
		exchange.error = errno_of(error);
	if (exchange.error == 0 && answer != NULL && exchange.answer == NULL)
		exchange.error = EBADMSG;
	if (exchange.error == 0 && answer != NULL)
		*answer = TAKE(exchange.answer);
	nlmsg_free(exchange.answer);
	errno = exchange.error;
	return exchange.error == 0 ? 0 : -1;
}

struct nlattr *ethtool_inner(const struct nlattr *outer, int id)
{
	return outer != NULL ? nla_find(nla_data(outer), nla_len(outer), id) : NULL;
}

int ethtool_number(const struct nlattr *attribute, uint32_t *number)
{
	if (attribute == NULL || nla_len(attribute) != sizeof(*number)) {
		errno = EBADMSG;
		return -1;
	}
	*number = nla_get_u32(attribute);
	return 0;
}
