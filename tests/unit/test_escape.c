/* Unit tests of the escapers: what each writes, alone and after other text. That another
 * parser reads it back is shown by tests/suites/suite_hostile.c. */
#include "unit.h"

#include "tmpl/tmpl.h"

/* clang-format off */
static const struct {
    enum escape how;
    const char *before, *in, *out;
} rows[] = {
    {ESCAPE_NONE,        "", "<\x1B",              "<\x1B"},
    {ESCAPE_TEXT,        "", "a\nb\x1B[2J<",       "a␊b␛[2J<"},
    {ESCAPE_HTML,        "", "<a href=\"'&\">",    "&lt;a href=&quot;&#39;&amp;&quot;&gt;"},
    {ESCAPE_HTML,        "", "a\nb\xE2\x80\xAE",   "a␊b&lt;U+202E&gt;"},
    {ESCAPE_HTML,        "", "漢\xFF",             "漢\xEF\xBF\xBD"},
    {ESCAPE_HTML,        "", "0123456\\89abcde>ghij'é<tuvwxyz\n&2345678",
     "0123456\\89abcde&gt;ghij&#39;é&lt;tuvwxyz␊&amp;2345678"},
    {ESCAPE_HTML_BLOCK,  "", "<\r\n\t\r\n",        "&lt;\n␉\n"},
    {ESCAPE_HTML_CONTENT, "", "<\"'&\n\x1B>",     "&lt;\"'&amp;␊␛&gt;"},
    {ESCAPE_XML_CONTENT, "", "",                   ""},
    {ESCAPE_XML_CONTENT, "", "a \"b\"\n'c'",       "a \"b\"\n'c'"},
    {ESCAPE_XML_CONTENT, "", "a ]] b",             "a ]] b"},
    {ESCAPE_XML_CONTENT, "", "a\n<\x1B",           "<![CDATA[a\n<␛]]>"},
    {ESCAPE_XML_CONTENT, "", "é\r\n",              "<![CDATA[é\n]]>"},
    {ESCAPE_XML_CONTENT, "", "a]]>b",              "<![CDATA[a]] >b]]>"},
    {ESCAPE_XML,         "", "a\t\r\n\x01<",       "a␉␍␊␁&lt;"},
    {ESCAPE_JSON,        "", "0123456'89abcde\x7F" "ghijk\\mno", "0123456'89abcde␡ghijk\\\\mno"},
    {ESCAPE_CDATA,       "", "a]]>b]]>]>",         "a]] >b]] >]>"},
    {ESCAPE_CDATA,       "", "<&\r\n\x1B",         "<&\n␛"},
    {ESCAPE_CDATA,       "x]]", ">",               "x]] >"},
    {ESCAPE_CDATA,       "x]", "]>",               "x]] >"},
    {ESCAPE_CDATA,       "", "]]]>",               "]]] >"},
    {ESCAPE_CDATA_SPLIT, "", "a]]>b",              "a]]]]><![CDATA[>b"},
    {ESCAPE_CDATA_SPLIT, "x]", "]>>",              "x]]]]><![CDATA[>>"},

    {ESCAPE_MD_CODE,     "", "",                   "*(empty)*"},
    {ESCAPE_MD_CODE,     "", "a|b",                "`a|b`"},
    {ESCAPE_MD_CODE,     "", "`",                  "`` ` ``"},
    {ESCAPE_MD_CODE,     "", "a```b",              "````a```b````"},
    {ESCAPE_MD_CODE,     "", " a",                 "`  a `"},
    {ESCAPE_MD_CODE,     "", "  ",                 "`  `"},
    {ESCAPE_MD_CODE,     "", "a\nb",               "`a␊b`"},
    {ESCAPE_MD_CODE,     "`a`", "b",               "`a` `b`"},
    {ESCAPE_MD_CODE,     "\\", "b",                "\\ `b`"},
    {ESCAPE_MD_CODE,     "", "[[a",                "<code>&#91;&#91;a</code>"},
    {ESCAPE_MD_CODE,     "", "<<M()>> a@b",
     "<code>&#60;&#60;M&#40;&#41;&#62;&#62; a<wbr>&#64;b</code>"},
    {ESCAPE_MD_CODE,     "", "a\\|b",              "`a\\|b`"},
    {ESCAPE_MD_CELL,     "", "a|b||",              "`a\\|b\\|\\|`"},
    {ESCAPE_MD_CELL,     "", "a\\|b",              "<code>a&#92;&#124;b</code>"},
    {ESCAPE_MD_CELL,     "", "a\\",                "`a\\`"},

    {ESCAPE_MD,          "", "",                   ""},
    {ESCAPE_MD,          "", " a \t\n b  ",        "a b"},
    {ESCAPE_MD,          "", "a :tada: b:100:",    "a &#58;&#8203;tada&#58; b&#58;&#8203;100&#58;"},
    {ESCAPE_MD,          "", "16:40:12 a.c:9:1",   "16&#58;40&#58;12 a.c&#58;9&#58;1"},
    {ESCAPE_MD,          "", "arn:aws:s3::: :: :", "arn&#58;aws&#58;s3&#58;&#58;&#58; &#58;&#58; &#58;"},
    {ESCAPE_MD,          "", "s3:PutObject: a",    "s3&#58;PutObject&#58; a"},
    {ESCAPE_MD,          "", "- a - b",            "&#45; a - b"},
    {ESCAPE_MD,          "", "1. a",               "1&#46; a"},
    {ESCAPE_MD,          "", "1) (a) =",           "1&#41; &#40;a) ="},
    {ESCAPE_MD,          "", "a--b a==b ---",      "a&#45;&#45;b a&#61;&#61;b &#45;&#45;&#45;"},
    {ESCAPE_MD,          "", "===",                "&#61;&#61;&#61;"},
    {ESCAPE_MD,          "", "see www.a.b WWW.c",  "see www&#46;a.b WWW&#46;c"},
    {ESCAPE_MD,          "", "@me @ me a@b",       "&#64;&#8203;me &#64; me a&#64;&#8203;b"},
    {ESCAPE_MD,          "", "#1 ~\"x\" $_ !a",
     "&#35;&#8203;1 &#126;&#8203;\"x\" &#36;&#8203;&#95; &#33;&#8203;a"},
    {ESCAPE_MD,          "", "*a* _b_ `c` <d> [e](f) |\\ {g}",
     "&#42;a&#42; &#95;b&#95; &#96;c&#96; &#60;d&#62; &#91;e&#93;(f) &#124;&#92; &#123;g&#125;"},
    {ESCAPE_MD,          "", "https://a, b; c? 'd' \"e\"", "https&#58;//a, b; c? 'd' \"e\""},
    {ESCAPE_MD,          "", "é-ü",                "é-ü"},
    {ESCAPE_MD,          "", "\x0B\x0C" "a\x01",   "a␁"},

    {ESCAPE_MD_BLOCK,    "", "{\n}",               "```json\n{\n}\n```\n"},
    {ESCAPE_MD_BLOCK,    "", "",                   "```json\n```\n"},
    {ESCAPE_MD_BLOCK,    "a\n", "b\r\n\x1B",       "a\n```json\nb\n␛\n```\n"},
    {ESCAPE_MD_BLOCK,    "a: ", "b",               "a: \n\n```json\nb\n```\n"},
    {ESCAPE_MD_BLOCK,    "- a\n  ", "b\n\n# c",
     "- a\n\n  ```json\n  b\n\n  # c\n  ```\n"},
    {ESCAPE_MD_BLOCK,    "- a\n\n  ", "b",         "- a\n\n  ```json\n  b\n  ```\n"},
    {ESCAPE_MD_BLOCK_TEXT, "", "```\n````",        "`````text\n```\n````\n`````\n"},

    {ESCAPE_MEDIAWIKI,   "", "[[a]]",              "&#91;&#91;a&#93;&#93;"},
    {ESCAPE_MEDIAWIKI,   "", " a b",               "&#32;a b"},
    {ESCAPE_MEDIAWIKI,   "", "RFC 1 ISBN 2 PMID 3 X 4",
     "RFC&#32;1 ISBN&#32;2 PMID&#32;3 X 4"},
    {ESCAPE_MEDIAWIKI,   "", "é{{x|y}}\n",         "é&#123;&#123;x&#124;y&#125;&#125;␊"},
    {ESCAPE_MEDIAWIKI,   "", "",                   ""},

    {ESCAPE_URL,         "", "https://a.b/c?d=e&f#g", "https://a.b/c?d=e&amp;f#g"},
    {ESCAPE_URL,         "", "HTTP://a/(b) \"'<>\\|`[]", "HTTP://a/%28b%29%20%22%27%3C%3E%5C%7C%60%5B%5D"},
    {ESCAPE_URL,         "", "mailto:a@b.c",       "mailto:a@b.c"},
    {ESCAPE_URL,         "", "a/b:c.md#d",         "a/b:c.md#d"},
    {ESCAPE_URL,         "", "#c-1",               "#c-1"},
    {ESCAPE_URL,         "", "é\n",                "%C3%A9%0A"},
    {ESCAPE_URL,         "", "javascript:alert(1)", ""},
    {ESCAPE_URL,         "", "JaVaScRiPt:x",       ""},
    {ESCAPE_URL,         "", " javascript:x",      ""},
    {ESCAPE_URL,         "", "java\nscript:x",     ""},
    {ESCAPE_URL,         "", "javascript&colon;x", "javascript&amp;colon;x"},
    {ESCAPE_URL,         "", "data:text/html,x",   ""},
    {ESCAPE_URL,         "", "file:///etc/passwd", ""},
    {ESCAPE_URL,         "", "//evil.example/",    ""},
    {ESCAPE_URL,         "", "/\\evil.example/",   ""},
    {ESCAPE_URL,         "", "",                   ""},

    {ESCAPE_JSON,        "", "a\"\\/<&>'\n",       "a\\\"\\\\/\\u003c\\u0026\\u003e'␊"},
    {ESCAPE_JSON,        "", "\xE2\x80\xA8",       "\\u003cU+2028\\u003e"},

    {ESCAPE_CSV,         "", "",                   "\"\""},
    {ESCAPE_CSV,         "", "a\"b,c\r\n",         "\"a\"\"b,c␍␊\""},
    {ESCAPE_CSV,         "", "=1+1",               "\"'=1+1\""},
    {ESCAPE_CSV,         "", "  +1",               "\"'  +1\""},
    {ESCAPE_CSV,         "", "-1",                 "\"'-1\""},
    {ESCAPE_CSV,         "", "@SUM(A1)",           "\"'@SUM(A1)\""},
    {ESCAPE_CSV,         "", "＝1",                "\"'＝1\""},
    {ESCAPE_CSV,         "", "＠1",                "\"'＠1\""},
    {ESCAPE_CSV,         "", "\t=1",               "\"'␉=1\""},
    {ESCAPE_CSV,         "", "a=1",                "\"a=1\""},

    {ESCAPE_PROSE_HTML,  "", "*a* <b>",            "*a* &lt;b&gt;"},
    {ESCAPE_PROSE_MD,    "", "*a*\r\n\n<b>\x1B",   "*a*\n\n<b>␛"},
};
/* clang-format on */
START_TEST(writes)
{
    struct buf out = BUF_INIT;
    buf_z(&out, rows[_i].before);
    escape_write(&out, rows[_i].how, str_from(rows[_i].in));
    struct str want = str_from(rows[_i].out);
    /* Where the text before matters, the row shows it too. */
    bool whole = rows[_i].before[0] != '\0';
    ck_assert_msg(str_eq(buf_view(&out), want), "%s%s%s\nwrote %.*s\nwant  %.*s",
                  rows[_i].before, whole ? " + " : "", rows[_i].in,
                  STR_ARG(buf_view(&out)), STR_ARG(want));
    buf_free(&out);
}
END_TEST

/* Values of any size take time in proportion: none of these may take minutes. */
static const char *const repeated[] = {"`", "|", "]]>", "@", "\xFF",
                                       " ", "=", "\n",  "[["};
START_TEST(linear)
{
    struct buf in = BUF_INIT, out = BUF_INIT;
    for (int i = 0; i < 200000; i++)
        buf_z(&in, repeated[_i]);
    for (int how = ESCAPE_NONE; how <= ESCAPE_PROSE_MD; how++) {
        buf_clear(&out);
        escape_write(&out, (enum escape)how, buf_view(&in));
    }
    buf_free(&in);
    buf_free(&out);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("escape");
    TCase *c = tcase_create("escape");
    unit_rows(c, writes, rows);
    unit_rows(c, linear, repeated);
    suite_add_tcase(s, c);
    return unit_run(s, "escape");
}
