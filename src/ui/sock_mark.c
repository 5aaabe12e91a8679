/* The signs before a row of the Sockets pane. */
#include "ui/sock_column.h"

static bool is_gone(const struct row *r)
{
	return r->own ? r->own->gone : r->closed_ns != 0;
}

static bool is_waiting(const struct row *r)
{
	return r->own && r->own->running;
}

static bool is_asked(const struct row *r)
{
	return r->sock->state == STATE_LISTEN && r->own && r->own->waiting;
}

static bool is_failed(const struct row *r)
{
	return r->own && !r->own->closed && r->own->last_error;
}

static bool is_peer(const struct row *r)
{
	return r->own && r->own->peer;
}

static bool is_fresh(const struct row *r)
{
	return r->fresh;
}

static bool is_departed(const struct row *r)
{
	return r->fresh && r->closed_ns;
}

const struct sock_mark sock_marks[] = {
	{ "×", ROLE_ERROR, is_departed, NULL },
	{ "×", ROLE_DIM, is_gone, "closed; it stands out for a moment" },
	{ "…", ROLE_WARN, is_waiting, "a call on it waits" },
	{ "+", ROLE_NEW, is_asked, "a connection waits for accept" },
	{ "!", ROLE_ERROR, is_failed, "the last call on it failed" },
	{ "·", ROLE_PEER, is_peer, "belongs to the echo peers" },
	{ "*", ROLE_NEW, is_fresh, "opened a moment ago" },
	{ 0 },
};
