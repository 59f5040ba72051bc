/* SPDX-License-Identifier: MIT */
/* From group to group of the list of one channel: which descriptor to ask for next, or which link. docs/timing.md, section 5. */
#include "pqdma_priv.h"

static bool wants(const struct pqdma_list *list, const struct pqdma_chan *ch)
{
	return !list->dead && (ch->tail != list->fetched || ch->cyclic) && list->credits < PQDMA_DESCS;
}

/* The doorbell has reached beyond the group. The very first descriptor goes before any link. */
static bool goes_ahead(const struct pqdma_list *list, const struct pqdma_chan *ch)
{
	return !ch->cyclic && list->link_left > 1 && ch->tail - list->fetched > list->link_left && list->credits &&
	       !list->ahead_asked && !list->ahead_known;
}

void pqdma_link_events(const struct pqdma_list *list, const struct pqdma_chan *ch, uint32_t c, struct pqdma_events *ev)
{
	const bool aligned = !(list->link_addr & (pqdma_desc_size(ch) - 1));

	if (!wants(list, ch))
		return;
	if (!list->link_known) {
		ev->requests |= (uint32_t)list->link_need << c;
	} else if (list->link_left && aligned) {
		ev->requests |= 1u << c;
		ev->aheads |= (uint32_t)goes_ahead(list, ch) << c;
	} else if (!list->infl) {
		ev->bad_link |= 1u << c;
		ev->with.bad_align[c] = !aligned;
	}
}

struct pqdma_fetch_word pqdma_link_ask(const struct pqdma_list *list, const struct pqdma_chan *ch, bool ahead)
{
	const bool end = list->link_known && !ahead && list->link_left == 1;
	const bool stale = !ch->cyclic && ch->tail == list->fetched + 1;

	if (ahead)
		return (struct pqdma_fetch_word) {
			.is_link = true,
			.takes_link = true,
			.address = list->link_addr + (list->link_left - 1) * pqdma_desc_size(ch),
		};
	return (struct pqdma_fetch_word) {
		.is_link = !list->link_known,
		.takes_link = !list->link_known || (end && !stale && !list->ahead_asked && !list->ahead_known),
		.address = list->link_known ? list->link_addr : list->last_addr,
	};
}

/* Where the next group stands is known, in flight, comes with this descriptor, or is to be read later. */
static void end_group(struct pqdma_list *list, bool takes_link)
{
	list->link_known = list->ahead_known;
	list->link_addr = list->ahead_addr;
	list->link_left = list->ahead_left;
	list->link_need = !list->ahead_known && !list->ahead_asked && !takes_link;
	list->ahead_known = false;
}

void pqdma_link_granted(struct pqdma_list *list, const struct pqdma_events *ev)
{
	if (ev->with.fetch.is_link) {
		list->ahead_asked = list->link_known;
		list->link_need = false;
		return;
	}
	list->fetched++;
	list->credits++;
	list->last_addr = list->link_addr;
	list->link_addr += ev->with.desc_size;
	list->link_left--;
	if (!list->link_left)
		end_group(list, ev->with.fetch.takes_link);
}

/* The link ahead could not be read: its group goes on without it. If that has ended already, the link is to be read again. */
static void lose_ahead(struct pqdma_list *list)
{
	list->ahead_asked = false;
	list->link_need = !list->link_known;
}

void pqdma_link_arrived(struct pqdma_list *list, const struct pqdma_events *ev)
{
	if (ev->with.resp) {
		lose_ahead(list);
		return;
	}
	if (ev->with.arrived.is_link)
		list->ahead_asked = false;
	if (list->link_known) {
		list->ahead_addr = ev->with.link_addr;
		list->ahead_left = ev->with.link_left;
		list->ahead_known = true;
		return;
	}
	list->link_addr = ev->with.link_addr;
	list->link_left = ev->with.link_left;
	list->link_known = true;
}

void pqdma_link_start(struct pqdma_list *list, const struct pqdma_events *ev)
{
	list->link_addr = ev->with.head_addr;
	list->link_left = ev->with.head_count;
	list->link_known = true;
	list->link_need = false;
}
