#include "support.h"

#include <math.h>
#include <string.h>

#include "report/page.h"

struct fixture {
    struct memory memory;
    struct buffer out;
    struct page page;
};

static void start(struct fixture *fixture) {
    memory_init(&fixture->memory);
    buffer_init(&fixture->out, &fixture->memory);
    page_init(&fixture->page, "a <b> & c", "two towns, seed 7");
}

// Writes the page and gives back the object in it; both are to be freed.
static json_t *finish(struct fixture *fixture) {
    page_write(&fixture->page, &fixture->out);
    buffer_append_byte(&fixture->out, '\0');
    page_deinit(&fixture->page);
    static const char before[] = "<script id=\"data\" type=\"application/json\">";
    const char *text = strstr((const char *)fixture->out.data, before);
    assert_non_null(text);
    text += sizeof before - 1;
    const char *end = strstr(text, "</script>");
    assert_non_null(end);
    json_error_t error;
    json_t *root = json_loadb(text, (size_t)(end - text), 0, &error);
    assert_non_null(root);
    return root;
}

static void forget(struct fixture *fixture, json_t *root) {
    json_decref(root);
    buffer_deinit(&fixture->out);
    assert_int_equal(fixture->memory.blocks_in_use, 0);
}

static const char *text_at(const json_t *object, const char *name) {
    return json_string_value(json_object_get(object, name));
}

static void what_is_added_stands_in_the_page(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    page_verdict(&fixture.page, false, "1 of 2 expectations is broken");
    page_fact(&fixture.page, "devices", "1,000");
    page_expectation(&fixture.page, "lost.qos1 == 0", "3", false);
    page_band(&fixture.page, 10, 20.5, BYTES_LITERAL("uplink down"));
    const double times[] = {0, 1, 2};
    const double values[] = {1, NAN, 3};
    const struct page_series series = {"delivered", values};
    page_chart(&fixture.page, &(struct page_chart){"Messages", "/s", times, 3, &series, 1});
    page_node(&fixture.page, &(struct page_node){"master", {NULL, 0}, BYTES_LITERAL("master"), ""});
    page_node(&fixture.page, &(struct page_node){"router", BYTES_LITERAL("city"),
                                                 BYTES_LITERAL("router"), "gate 7"});
    page_edge(&fixture.page, 1, 0, "3g");
    const char *const columns[] = {"packet", "sent"};
    page_table(&fixture.page, "Packets", columns, 2);
    page_row(&fixture.page, (const char *const[]){"PUBLISH", "12"}, 2);
    page_ladder(&fixture.page, "First violation", BYTES_LITERAL("a ---> b"), "exe/simulate x");
    json_t *root = finish(&fixture);
    assert_string_equal(text_at(root, "title"), "a <b> & c");
    assert_true(json_is_false(json_object_get(json_object_get(root, "verdict"), "good")));
    const json_t *band = json_array_get(json_object_get(root, "bands"), 0);
    assert_string_equal(text_at(band, "label"), "uplink down");
    assert_true(json_real_value(json_object_get(band, "until")) == 20.5);
    const json_t *chart = json_array_get(json_object_get(root, "charts"), 0);
    const json_t *line = json_array_get(json_object_get(chart, "series"), 0);
    assert_true(json_is_null(json_array_get(json_object_get(line, "values"), 1)));
    assert_int_equal(json_array_size(json_object_get(root, "nodes")), 2);
    const json_t *edge = json_array_get(json_object_get(root, "edges"), 0);
    assert_int_equal(json_integer_value(json_array_get(edge, 0)), 1);
    const json_t *table = json_array_get(json_object_get(root, "tables"), 0);
    const json_t *row = json_array_get(json_object_get(table, "rows"), 0);
    assert_string_equal(json_string_value(json_array_get(row, 1)), "12");
    forget(&fixture, root);
}

// Names come from files and peers: none of them may end its element or become markup.
static void texts_stay_texts(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    static const char hostile[] = "</script><script>alert(1)</script><!--";
    page_fact(&fixture.page, "name", hostile);
    page_ladder(&fixture.page, "bytes", bytes_make("a\xff\xfe\x80z", 5), NULL);
    json_t *root = finish(&fixture);
    const char *html = (const char *)fixture.out.data;
    assert_non_null(strstr(html, "<title>a &lt;b> &amp; c</title>"));
    assert_null(strstr(html, "alert(1)</script>"));
    assert_null(strstr(html, "<!--"));
    const json_t *fact = json_array_get(json_object_get(root, "facts"), 0);
    assert_string_equal(json_string_value(json_array_get(fact, 1)), hostile);
    const json_t *ladder = json_array_get(json_object_get(root, "ladders"), 0);
    assert_string_equal(text_at(ladder, "text"), "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz");
    forget(&fixture, root);
}

// It needs nothing from elsewhere: no script, style, picture or font is named by an address.
static void the_page_fetches_nothing(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    json_t *root = finish(&fixture);
    const char *html = (const char *)fixture.out.data;
    assert_non_null(strstr(html, "default-src 'none'"));
    assert_null(strstr(html, "<script src"));
    assert_null(strstr(html, "<link"));
    assert_null(strstr(html, "@import"));
    assert_null(strstr(html, "url("));
    assert_non_null(strstr(html, "new Dygraph("));
    forget(&fixture, root);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_added_stands_in_the_page),
        cmocka_unit_test(texts_stay_texts),
        cmocka_unit_test(the_page_fetches_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
