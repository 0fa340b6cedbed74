/* A small pack in memory for tests: not judged, but whole. */
#pragma once
#include "base/arena.h"
#include "base/buf.h"
#include "base/digest.h"
#include "base/when.h"
#include "pack/bag.h"
#include "pack/index.h"
#include "pack/open.h"

#define KIT_TIME 1763719200 /* 2025-11-21T10:00:00Z */

/* A bag with two evidence files, a catalog, results and a report; index is what stands in
 * index.json (NULL: the right one). */
static inline struct bag *kit_bag(struct arena *a, const char *index)
{
    static const struct {
        const char *path, *bytes;
        bool evidence;
    } files[] = {
        {"data/catalog/catalog.json", "{}\n", false},
        {"data/evidence/111122223333/us-east-1/kinesis/describe-stream~orders.json",
         "{\"StreamDescription\": {}}\n", true},
        {"data/evidence/111122223333/us-east-1/s3api/get-bucket-logging~x.json", "",
         true},
        {"data/reports/report.md", "# Report\n", false},
        {"data/results.json", "{\"kdaudit\": \"results\"}\n", false},
    };
    struct bag *b = ARENA_NEW(a, struct bag);
    *b = (struct bag){.a = a, .base = STR("kdaudit-pack-x"), .time = KIT_TIME};
    struct pack_index ix = {
        .version = STR("1"), .as_of = KIT_TIME, .catalog_id = STR("x")};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct str path = str_from(files[i].path), bytes = str_from(files[i].bytes);
        struct str below = str_sub(path, 5, path.n), hash = digest_hex(a, bytes);
        bag_add(b, path, bytes);
        if (files[i].evidence)
            *vec_push(a, &ix.entries) = (struct pack_entry){.path = below,
                                                            .name = below,
                                                            .sha256 = hash,
                                                            .size_bytes = bytes.n,
                                                            .collected = WHEN_NONE,
                                                            .exit_code = -1};
        else
            *vec_push(a, &ix.parts) =
                (struct pack_part){.path = below, .sha256 = hash, .size_bytes = bytes.n};
    }
    struct buf out = BUF_INIT;
    pack_index_write(&out, &ix);
    struct str text = index ? str_from(index) : buf_dup(a, &out);
    buf_free(&out);
    bag_add(b, STR("data/index.json"), text);
    bag_add(b, STR("README.txt"), STR("read me\n"));
    struct bag_info info = {STR("External-Identifier"),
                            str_fmt(a, "kdaudit:%.*s", STR_ARG(digest_hex(a, text)))};
    bag_close(b, &info, 1);
    bag_add(b, STR("attestation/test-result.intoto.json"), STR("{}\n"));
    return b;
}

/* The bag's files as a reader meets them; room for one more. */
static inline struct pack_input *kit_inputs(struct arena *a, const struct bag *b,
                                            size_t *n)
{
    struct pack_input *v = ARENA_ARRAY(a, struct pack_input, b->items.n + 1);
    *n = b->items.n;
    for (size_t i = 0; i < b->items.n; i++)
        v[i] = (struct pack_input){b->items.v[i].path, b->items.v[i].bytes,
                                   FILE_KIND_REGULAR};
    return v;
}
