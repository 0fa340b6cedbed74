/* Reports for the tests of outputs: one with every result, disposition and reason, one
 * for each hostile text, and an empty one; read from results.json texts. */
#pragma once
#include "unit.h"

#include "results_kit.h"

static struct arena *a;
static struct diag *dx;

static void setup(void)
{
    a = arena_new();
    dx = diag_new(a);
}

static void teardown(void)
{
    arena_free(a);
}

/* clang-format off */
static const char head[] =
    "{\n  \"kdaudit\": \"results\",\n  \"format\": 3,\n"
    "  \"applications\": [],\n  \"applications_listed\": 0,\n"
    "  \"as_of\": \"2026-11-23T10:00:00Z\",\n  \"calls\": [],\n"
    "  \"catalog\": {\"id\": \"kda\", \"title\": \"Control \\\"catalog\\\" *1*\", \"version\": \"1.0.0\", "
    "\"sha256\": \"652f55016243bf1b9f1bbea46d5749ef892dbe394e46de9d66ab1aacf0b4af57\"},\n"
    "  \"controls\": [\n"
    "    {\"id\": \"K-1\", \"title\": \"First\", \"statement\": \"Roles are *narrow*.\\n\\n- so\", \"rationale\": \"Why.\", "
    "\"source\": \"https://docs.example.com/a(b)?x=1\", "
    "\"references\": [{\"framework\": \"nist-800-53-r5\", \"id\": \"AC-6\", \"title\": \"NIST\"}, {\"framework\": \"nist-800-53-r5\", \"id\": \"AC-6\"}], "
    "\"checks\": [{\"id\": \"K-1.1\", \"title\": \"One\", \"severity\": \"critical\", \"subject_type\": \"role\", \"expected\": \"E\", "
    "\"remedy\": \"Mend **it**.\\nNow.\", \"prose\": \"P\", \"references\": [{\"framework\": \"nist-800-53-r5\", \"id\": \"AC-3\"}]}, "
    "{\"id\": \"K-1.2\", \"title\": \"Two\", \"severity\": \"low\", \"subject_type\": \"application\"}]},\n"
    "    {\"id\": \"K-2\", \"title\": \"Second\", \"checks\": [{\"id\": \"K-2.1\", \"title\": \"Three\", \"severity\": \"medium\", "
    "\"subject_type\": \"bucket\"}, {\"id\": \"K-2.2\", \"title\": \"Not tested\", \"severity\": \"info\", \"subject_type\": \"key\"}]},\n"
    "    {\"id\": \"K-3\", \"title\": \"Nothing tested\", \"checks\": [{\"id\": \"other/check\", \"title\": \"Four\", \"severity\": \"high\", \"subject_type\": \"key\"}]}\n  ],\n"
    "  \"evidence\": [\n"
    "    {\"account\": \"111122223333\", \"collected\": \"2026-11-20T08:00:00Z\", \"kind\": \"iam:GetRole\", \"number\": 0, \"path\": \"ev/a b#1.json\", "
    "\"region\": \"global\", \"sha256\": \"67efb7ab1dc9922ab3db88bb5c5be3447987b458ed9566a09464b9ab730e3206\", \"size_bytes\": 12, "
    "\"state\": \"answer\", \"subject\": \"arn:aws:iam::111122223333:role/r\"},\n"
    "    {\"number\": 1, \"path\": \"/javascript:alert(1)\\u202e.gz\", \"state\": \"invalid\", \"why\": \"cut\", \"sha256\": \"00\"}\n  ],\n"
    "  \"evidence_sha256\": \"1111111111111111111111111111111111111111111111111111111111111111\",\n"
    "  \"params\": [{\"name\": \"max_days\", \"value\": \"90\", \"help\": \"Days.\"}, {\"name\": \"list\", \"value\": \"[\\\"a\\\",\\\"b\\\"]\"}],\n"
    "  \"subjects\": [\n"
    "    {\"account\": \"111122223333\", \"arn\": \"arn:aws:iam::111122223333:role/r\", \"name\": \"r\", \"region\": \"global\", \"type\": \"role\"},\n"
    "    {\"account\": \"111122223333\", \"arn\": \"arn:aws-cn:s3:::b\", \"name\": \"b\", \"region\": \"cn-north-1\", \"type\": \"bucket\"},\n"
    "    {\"account\": \"x\", \"arn\": \"=HYPERLINK(\\\"http://x\\\")\\u202e]]><b>\\n`|`\", \"name\": \"\\u00a0 -1+1\\u0007 \\u3000\", \"region\": \"\", \"type\": \"odd\"},\n"
    "    {\"account\": \"111122223333\", \"arn\": \"arn:aws:kinesisanalytics:us-east-1:111122223333:application/app\", \"name\": \"app\", \"region\": \"us-east-1\", \"type\": \"application\"},\n"
    "    {\"account\": \"111122223333\", \"arn\": \"arn:aws:iam::111122223333:root\", \"name\": \"111122223333\", \"region\": \"global\", \"type\": \"account\"}\n  ],\n"
    "  \"waivers\": [{\"number\": 0, \"kind\": \"waiver\", \"id\": \"K-1.1\", \"subject\": \"*\", \"reason\": \"Moves in May\", \"by\": \"Ada\", \"until\": \"2027-01-31\", \"ticket\": \"T-1\"}, "
    "{\"number\": 1, \"kind\": \"attestation\", \"id\": \"K-1.2\", \"subject\": \"*\", \"reason\": \"Looked\", \"by\": \"Bo\", \"until\": \"2027-02-28\", "
    "\"document\": \"signed.pdf\", \"sha256\": \"67efb7ab1dc9922ab3db88bb5c5be3447987b458ed9566a09464b9ab730e3206\"}],\n"
    "  \"waivers_sha256\": \"67efb7ab1dc9922ab3db88bb5c5be3447987b458ed9566a09464b9ab730e3206\",\n  \"redacted\": true,\n"
    "  \"tests\": [\n";

/* Every result, disposition and reason, by check and then by subject. */
static const char every[] =
    "{\"check\": \"K-1.1\", \"disposition\": \"open\", \"message\": \"ok\", \"result\": \"pass\", \"spots\": [{\"column\": 5, \"evidence\": 0, \"line\": 3, \"pointer\": \"/Role\"}], \"subject\": \"arn:aws:iam::111122223333:role/r\"},\n"
    "{\"check\": \"K-1.1\", \"disposition\": \"open\", \"message\": \"too broad\", \"result\": \"fail\", \"more_findings\": 7, \"findings\": ["
    "{\"message\": \"Star\", \"actual\": \"\\\"*\\\"\", \"expected\": \"narrow\", \"command\": \"aws iam put\", \"spot\": {\"column\": 1, \"evidence\": 0, \"line\": 7, \"pointer\": \"/a/b\"}},"
    "{\"message\": \"Second\", \"spot\": {\"evidence\": 1}}], \"subject\": \"arn:aws-cn:s3:::b\"},\n"
    "{\"check\": \"K-1.1\", \"disposition\": \"waived\", \"waiver\": 0, \"message\": \"w\", \"result\": \"fail\", \"findings\": [{\"message\": \"w\"}], \"subject\": \"arn:aws:iam::111122223333:root\"},\n"
    "{\"check\": \"K-1.2\", \"disposition\": \"known\", \"known_since\": \"2026-10-01T00:00:00Z\", \"message\": \"since\", \"result\": \"fail\", \"findings\": [{\"message\": \"x\"}], \"subject\": \"arn:aws:iam::111122223333:role/r\"},\n"
    "{\"check\": \"K-1.2\", \"disposition\": \"waiver-expired\", \"message\": \"expired\", \"result\": \"fail\", \"findings\": [{\"message\": \"x\"}], \"subject\": \"arn:aws-cn:s3:::b\"},\n"
    "{\"check\": \"K-1.2\", \"disposition\": \"open\", \"reason\": \"absent\", \"message\": \"No evidence\", \"result\": \"unknown\", \"findings\": [{\"message\": \"none\", \"kind\": \"kinesisanalyticsv2:DescribeApplication\", \"command\": \"aws kinesisanalyticsv2 describe-application\"}], \"subject\": \"arn:aws:kinesisanalytics:us-east-1:111122223333:application/app\"},\n"
    "{\"check\": \"K-1.2\", \"disposition\": \"open\", \"message\": \"look\", \"result\": \"manual\", \"subject\": \"arn:aws:iam::111122223333:root\"},\n"
    "{\"check\": \"K-2.1\", \"disposition\": \"open\", \"reason\": \"denied\", \"message\": \"@denied\", \"result\": \"unknown\", \"findings\": [{\"message\": \"d\"}], \"subject\": \"arn:aws:iam::111122223333:role/r\"},\n"
    "{\"check\": \"K-2.1\", \"disposition\": \"open\", \"reason\": \"truncated\", \"message\": \"t\", \"result\": \"unknown\", \"findings\": [{\"message\": \"d\"}], \"subject\": \"arn:aws-cn:s3:::b\"},\n"
    "{\"check\": \"K-2.1\", \"disposition\": \"waived\", \"reason\": \"stale\", \"message\": \"s\", \"result\": \"unknown\", \"findings\": [{\"message\": \"d\"}], \"subject\": \"arn:aws:kinesisanalytics:us-east-1:111122223333:application/app\"},\n"
    "{\"check\": \"K-2.1\", \"disposition\": \"open\", \"message\": \"broke\", \"result\": \"error\", \"subject\": \"arn:aws:iam::111122223333:root\"},\n";

static const char odd_subject[] = "=HYPERLINK(\\\"http://x\\\")\\u202e]]><b>\\n`|`";
/* clang-format on */

static struct report *read_text(struct str json)
{
    struct text *t = ARENA_NEW(a, struct text);
    *t = (struct text){STR("results.json"), json};
    struct report *r = results_of(a, t, dx);
    ck_assert_msg(r != NULL, "%s", unit_first_error(a, dx).p);
    return r;
}

/* The strings that a line of a results.json may hold, as JSON escapes. */
static const char *const hostile[] = {
    "",
    " \\t ",
    "=1+1",
    "  @SUM(A1)",
    "-2+3",
    "\\t=1",
    "\\r+1",
    "\\uff1d1",
    "a\\\"b\\\\c/d",
    "]]><script>alert(1)</script>",
    "x\\ny\\u2028z",
    "\\u202eevil\\u200b\\ufeff",
    "[link](javascript:x) `code` | cell <b>",
    "\\u00a0nbsp\\u3000",
    "\\ud83d\\ude00 emoji",
    "%00%0a${jndi:x}",
    "../../etc/passwd",
};

static struct report *sample_every(void)
{
    struct buf json = BUF_INIT;
    buf_z(&json, head);
    buf_z(&json, every);
    buf_fmt(
        &json,
        "{\"check\": \"K-2.1\", \"disposition\": \"open\", \"message\": \"n\", "
        "\"result\": \"not-applicable\", \"subject\": \"%s\"},\n{\"check\": \"K-2.2\", "
        "\"disposition\": \"open\", \"basis\": \"attested\", \"waiver\": 1, "
        "\"message\": \"Attested\", \"result\": \"pass\", \"subject\": "
        "\"arn:aws:iam::111122223333:role/r\"}\n  ],\n"
        "  \"version\": \"1.0.0\"\n}\n",
        odd_subject);
    struct str text = buf_dup(a, &json);
    buf_free(&json);
    return read_text(text);
}

/* A report in which every text is the hostile one. */
static struct report *sample_hostile(size_t i)
{
    const char *h = hostile[i];
    struct buf json = BUF_INIT;
    buf_fmt(
        &json,
        "{\"kdaudit\": \"results\", \"format\": 3, \"applications\": [], \"calls\": [],"
        "\"as_of\": \"2026-11-23T10:00:00Z\", \"catalog\": {\"id\": \"%s\", \"title\": "
        "\"%s\", \"version\": \"%s\", \"sha256\": \"%s\"}, \"controls\": [{\"id\": "
        "\"%s\", \"title\": \"%s\", \"statement\": \"%s\", \"rationale\": \"%s\", "
        "\"source\": \"%s\", \"references\": [{\"framework\": \"%s\", \"id\": \"%s\"}], "
        "\"checks\": [{\"id\": \"%s\", \"title\": \"%s\", \"severity\": \"high\", "
        "\"subject_type\": \"%s\", \"expected\": \"%s\", \"remedy\": \"%s\", \"prose\": "
        "\"%s\"}]}], ",
        h, h, h, h, h, h, h, h, h, h, h, h, h, h, h, h, h);
    buf_fmt(
        &json,
        "\"evidence\": [{\"number\": 0, \"path\": \"%s\", \"sha256\": \"%s\", \"kind\": "
        "\"%s\", \"account\": \"%s\", \"region\": \"%s\", \"state\": \"answer\"}], "
        "\"params\": [{\"name\": \"%s\", \"value\": \"%s\", \"help\": \"%s\"}], "
        "\"subjects\": [{\"arn\": \"%s\", \"type\": \"%s\", \"name\": \"%s\", "
        "\"account\": \"%s\", \"region\": \"%s\"}], \"tests\": [{\"check\": \"%s\", "
        "\"subject\": \"%s\", \"result\": \"fail\", \"disposition\": \"open\", "
        "\"message\": \"%s\", \"findings\": [{\"message\": \"%s\", \"actual\": \"%s\", "
        "\"expected\": \"%s\", \"command\": \"%s\", \"kind\": \"%s\", \"spot\": "
        "{\"evidence\": 0, \"pointer\": \"%s\"}}, {\"message\": \"%s\"}]}], "
        "\"evidence_sha256\": \"%s\", \"version\": \"%s\"}",
        h, h, h, h, h, h, h, h, h, h, h, h, h, h, h, h, h, h, h, h, h, h, h, h, h);
    struct str text = buf_dup(a, &json);
    buf_free(&json);
    return read_text(text);
}

static struct report *sample_empty(void)
{
    return read_text(STR("{\"kdaudit\": \"results\", \"format\": 3}"));
}
