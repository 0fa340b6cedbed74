/* Bring a wiki's folder up to date: write what changed, keep what people wrote, remove
 * what vanished when asked to. */
#pragma once
#include "render/wiki.h"

struct wiki_update {
    bool prune; /* remove our pages of what is gone */
    bool force; /* write over pages that somebody changed, and remove them too */
    unsigned threads;
    /* What came of it. */
    uint32_t pages, written, same, edited, vanished, removed;
    bool faulty; /* a page could not be rendered */
};

/* Write the pages of w into folder, made if need be. A list of our pages with their
 * hashes stands beside them (WIKI_LIST): a page that is not as that list says, somebody
 * changed, and it is left alone with WIK-104 unless force. Nothing is written when a page
 * cannot be rendered; each page is whole or as it was. False after recording WIK-1xx,
 * FIL-1xx, TPL-2xx or RND-110. */
#define WIKI_LIST ".kdaudit-wiki.json"
bool wiki_update(struct arena *a, const struct wiki *w, const struct templates *t,
                 const char *folder, struct wiki_update *u, struct diag *dx);
