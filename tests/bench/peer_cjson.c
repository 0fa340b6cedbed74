/* The peer of `make bench`: read the same files and parse each with bare cJSON, one
 * thread. */
#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"

#include <cJSON.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    struct arena *a = arena_new();
    struct diag *dx = diag_new(a);
    struct file_list list = {0};
    size_t bytes = 0, parsed = 0;
    if (argc != 2 || !file_walk(a, argv[1], dx, &list))
        return 1;
    for (size_t i = 0; i < list.n; i++) {
        struct arena *one = arena_new();
        struct str text;
        if (file_read(one, list.v[i].path.p, list.v[i].path, dx, &text)) {
            cJSON *root = cJSON_ParseWithLength(text.p, text.n);
            parsed += root != NULL;
            bytes += text.n;
            cJSON_Delete(root);
        }
        arena_free(one);
    }
    printf("%zu files, %zu parsed, %zu bytes\n", list.n, parsed, bytes);
    arena_free(a);
    return 0;
}
