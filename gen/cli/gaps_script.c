/* Write what is missing as a script that collects it. */
#include "base/buf.h"
#include "base/map.h"
#include "base/utf8.h"
#include "assess/assess.h"
#include "cli/gaps.h"

#include <stdlib.h>

/* clang-format off */
static const char intro[] =
    "#\n"
    "#   sh collect.sh             with the credentials at hand\n"
    "#   sh collect.sh PROFILE...  with these profiles of the AWS CLI, one after the other\n"
    "#\n"
    "# Run it in the evidence folder. Calls are made with the credentials of the account that they are about; those of\n"
    "# other accounts are left out. An answer becomes FILE.json; what the service refuses becomes FILE.err, since that is\n"
    "# evidence too, but takes no older answer's place. When and how each call ended stands in ACCOUNT/index.json.\n"
    "set -u\n"
    "export AWS_PAGER='' AWS_CLI_AUTO_PROMPT=off\n"
    "kept=0 refused=0 failed=0 left=0 asked=' '\n"
    "\n"
    "say() {\n"
    "    printf '%s\\n' \"$*\" >&2\n"
    "}\n"
    "\n"
    "# note FILE ENDING EXIT_CODE ERROR_CODE: a line of the account's index, instead of an older one about FILE\n"
    "note() {\n"
    "    index=$account/index.json path=${1#\"$account/\"} first='{\"format\": 1, \"files\": ['\n"
    "    if [ -s \"$index\" ] && [ \"$(head -n 1 \"$index\")\" != \"$first\" ]; then\n"
    "        say \"$index is another program's: it has to be told of $1.$2\"\n"
    "        return\n"
    "    fi\n"
    "    {\n"
    "        echo \"$first\"\n"
    "        [ ! -s \"$index\" ] || sed -e 1d -e '$d' -e 's/,*$/,/' \"$index\" |\n"
    "            grep -vF -e \"\\\"path\\\": \\\"$path.json\\\"\" -e \"\\\"path\\\": \\\"$path.err\\\"\"\n"
    "        printf '{\"path\": \"%s\", \"collected\": \"%s\", \"exit_code\": %s, \"error_code\": \"%s\"}\\n' \\\n"
    "            \"$path.$2\" \"$(date -u +%Y-%m-%dT%H:%M:%SZ)\" \"$3\" \"$4\"\n"
    "        echo ']}'\n"
    "    } >\"$index.part\" && mv -f \"$index.part\" \"$index\"\n"
    "}\n"
    "\n"
    "# get FILE COMMAND...: keep what the service says\n"
    "get() {\n"
    "    file=$1 code=0\n"
    "    shift\n"
    "    mkdir -p \"${file%/*}\" || exit 73\n"
    "    \"$@\" >\"$file.json.part\" 2>\"$file.err.part\" </dev/null || code=$?\n"
    "    error=$(sed -n 's/.*An error occurred (\\([A-Za-z0-9._-]*\\)) when calling the .*/\\1/p' \"$file.err.part\" | head -n 1)\n"
    "    if [ \"$code\" -eq 0 ]; then\n"
    "        mv -f \"$file.json.part\" \"$file.json\" || exit 74\n"
    "        rm -f \"$file.err.part\"\n"
    "        [ ! -s \"$file.err\" ] || : >\"$file.err\"\n"
    "        note \"$file\" json 0 ''\n"
    "        kept=$((kept + 1))\n"
    "        return\n"
    "    fi\n"
    "    rm -f \"$file.json.part\"\n"
    "    case $error:$code in\n"
    "    ExpiredToken*|InvalidClientTokenId*|SignatureDoesNotMatch*|*Throttl*|TooManyRequests*|RequestLimit*|SlowDown*|ServiceUnavailable*|Internal*)\n"
    "        answered=no ;; # it says nothing about the resource: the call can be made again\n"
    "    :254) answered=yes ;; # the service's error, not in words that are known here\n"
    "    :*) answered=no ;;\n"
    "    *) answered=yes ;;\n"
    "    esac\n"
    "    if [ $answered = no ] || [ -s \"$file.json\" ]; then\n"
    "        say \"failed: $*\"\n"
    "        cat \"$file.err.part\" >&2\n"
    "        [ ! -s \"$file.json\" ] || say \"the older answer stays: $file.json\"\n"
    "        rm -f \"$file.err.part\"\n"
    "        failed=$((failed + 1))\n"
    "        return\n"
    "    fi\n"
    "    mv -f \"$file.err.part\" \"$file.err\" || exit 74\n"
    "    note \"$file\" err \"$code\" \"$error\"\n"
    "    refused=$((refused + 1))\n"
    "}\n";

static const char outro[] =
    "\n"
    "# With the credentials at hand: what their account lacks.\n"
    "collect() {\n"
    "    account=$(aws sts get-caller-identity --output json | sed -n 's/.*\"Account\": *\"\\([0-9]*\\)\".*/\\1/p')\n"
    "    if [ -z \"$account\" ]; then\n"
    "        failed=$((failed + 1))\n"
    "        return\n"
    "    fi\n"
    "    asked=\"$asked$account \"\n"
    "    case $account in\n"
    "    %s) \"account_$account\" ;;\n"
    "    *) say \"of account $account nothing is missing\" ;;\n"
    "    esac\n"
    "}\n"
    "\n"
    "# rest ACCOUNT ANSWERS: say what was left out\n"
    "rest() {\n"
    "    case $asked in\n"
    "    *\" $1 \"*) ;;\n"
    "    *)\n"
    "        say \"left out: account $1, answers: $2. Give its credentials, or a profile that has them.\"\n"
    "        left=$((left + $2))\n"
    "        ;;\n"
    "    esac\n"
    "}\n"
    "\n"
    "[ $# -gt 0 ] || collect\n"
    "for profile in \"$@\"; do\n"
    "    unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN\n"
    "    export AWS_PROFILE=\"$profile\"\n"
    "    collect\n"
    "done\n";

static const char ending[] =
    "say \"answers: $kept, refused: $refused, failed: $failed, left out: $left\"\n"
    "[ $((kept + refused)) -eq 0 ] || say \"One answer may name the next resource: ask kdaudit again what is missing.\"\n"
    "[ \"$failed\" -eq 0 ] && [ \"$left\" -eq 0 ]\n";
/* clang-format on */

/* What can be run, by account. */
struct batch {
    struct str account;
    size_t n;
};

struct batches {
    VEC(struct batch *) list;
    struct map by_account;
    size_t calls;
};

static int by_account(const void *x, const void *y)
{
    const struct batch *const *a = x, *const *b = y;
    return str_cmp((*a)->account, (*b)->account);
}

static void count(const struct gaps *g, struct batches *out)
{
    for (size_t i = 0; i < g->n; i++) {
        if (g->v[i]->hold)
            continue;
        void **slot = map_put(g->a, &out->by_account, g->v[i]->account);
        struct batch *b = *slot;
        if (!b) {
            *slot = b = ARENA_NEW(g->a, struct batch);
            b->account = g->v[i]->account;
            *vec_push(g->a, &out->list) = b;
        }
        b->n++;
        out->calls++;
    }
    if (out->list.n)
        qsort(out->list.v, out->list.n, sizeof *out->list.v, by_account);
}

static void calls(struct buf *out, const struct gaps *g, const struct batch *b)
{
    buf_fmt(out, "\naccount_%.*s() {\n", STR_ARG(b->account));
    for (size_t i = 0; i < g->n; i++) {
        const struct gap *x = g->v[i];
        if (x->hold || !str_eq(x->account, b->account))
            continue;
        buf_z(out, "    # ");
        gap_reason(out, x);
        buf_fmt(out, "\n    get %.*s \\\n        %.*s\n", STR_ARG(x->file),
                STR_ARG(x->finding->command));
    }
    buf_z(out, "}\n");
}

static void held(struct buf *out, const struct gaps *g)
{
    bool any = false;
    for (size_t i = 0; i < g->n; i++) {
        const struct gap *x = g->v[i];
        if (!x->hold)
            continue;
        if (!any)
            buf_z(out, "\n# Not run as they stand:\n");
        any = true;
        buf_z(out, "#\n# ");
        gap_reason(out, x);
        buf_fmt(out, "\n# %s\n# ", x->hold);
        utf8_vis(out, x->finding->command);
        buf_c(out, '\n');
    }
}

void gaps_script(struct buf *out, const struct gaps *g)
{
    struct batches all = {0};
    count(g, &all);
    buf_z(out, "#!/bin/sh\n");
    if (!all.calls) {
        buf_z(out, g->n ? "# Nothing that is missing can be collected without you.\n"
                        : "# Nothing is missing.\n");
        held(out, g);
        return;
    }
    buf_fmt(
        out,
        "# Collects what is missing in the evidence: %zu answer%s of %zu account%s.\n",
        all.calls, all.calls == 1 ? "" : "s", all.list.n, all.list.n == 1 ? "" : "s");
    buf_z(out, intro);
    struct buf names = BUF_INIT;
    for (size_t i = 0; i < all.list.n; i++) {
        calls(out, g, all.list.v[i]);
        buf_fmt(&names, "%s%.*s", i ? "|" : "", STR_ARG(all.list.v[i]->account));
    }
    buf_fmt(out, outro, names.p);
    buf_free(&names);
    for (size_t i = 0; i < all.list.n; i++)
        buf_fmt(out, "rest %.*s %zu\n", STR_ARG(all.list.v[i]->account),
                all.list.v[i]->n);
    held(out, g);
    buf_z(out, ending);
}
