/* Stand in for ICU, which Debian's libxml2 asks for encodings that it does not know
 * itself: kdaudit checks UTF-8 only, and 30 MB of tables stay out of the program. Every
 * encoding asked for is said not to be there. The one file that includes ICU. */
#if __has_include(<unicode/ucnv.h>)
#include <unicode/ucnv.h>

UConverter *ucnv_open(const char *name, UErrorCode *fault)
{
    (void)name;
    *fault = U_FILE_ACCESS_ERROR;
    return NULL;
}

/* Nothing below is called: there is no converter to call it with. */

void ucnv_close(UConverter *c)
{
    (void)c;
}

void ucnv_convertEx(UConverter *to, UConverter *from, char **out, const char *out_end,
                    const char **in, const char *in_end, UChar *pivot, UChar **read,
                    UChar **write, const UChar *pivot_end, UBool reset, UBool flush,
                    UErrorCode *fault)
{
    (void)to, (void)from, (void)out, (void)out_end, (void)in, (void)in_end, (void)pivot;
    (void)read, (void)write, (void)pivot_end, (void)reset, (void)flush;
    *fault = U_FILE_ACCESS_ERROR;
}

void ucnv_setFromUCallBack(UConverter *c, UConverterFromUCallback call, const void *ctx,
                           UConverterFromUCallback *old, const void **old_ctx,
                           UErrorCode *fault)
{
    (void)c, (void)call, (void)ctx, (void)old, (void)old_ctx;
    *fault = U_FILE_ACCESS_ERROR;
}

void ucnv_setToUCallBack(UConverter *c, UConverterToUCallback call, const void *ctx,
                         UConverterToUCallback *old, const void **old_ctx,
                         UErrorCode *fault)
{
    (void)c, (void)call, (void)ctx, (void)old, (void)old_ctx;
    *fault = U_FILE_ACCESS_ERROR;
}

void UCNV_FROM_U_CALLBACK_STOP(const void *ctx, UConverterFromUnicodeArgs *args,
                               const UChar *units, int32_t len, UChar32 point,
                               UConverterCallbackReason reason, UErrorCode *fault)
{
    (void)ctx, (void)args, (void)units, (void)len, (void)point, (void)reason;
    *fault = U_FILE_ACCESS_ERROR;
}

void UCNV_TO_U_CALLBACK_STOP(const void *ctx, UConverterToUnicodeArgs *args,
                             const char *units, int32_t len,
                             UConverterCallbackReason reason, UErrorCode *fault)
{
    (void)ctx, (void)args, (void)units, (void)len, (void)reason;
    *fault = U_FILE_ACCESS_ERROR;
}
#else
#include <stddef.h> /* without the header there is nothing to stand in for */
#endif
