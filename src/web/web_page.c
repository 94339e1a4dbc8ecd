#include "web/web_page.h"

// The assembler takes the files in as they are; their paths are seen from where make runs. A label
// stands behind each, since a file's size is known to nobody else.
#define FILE_PART(name, path)                  \
    __asm__(".pushsection .rodata\n"           \
            ".global web_file_" #name "\n"     \
            ".global web_file_" #name "_end\n" \
            "web_file_" #name ":\n"            \
            ".incbin \"" path "\"\n"           \
            "web_file_" #name "_end:\n"        \
            ".byte 0\n"                        \
            ".popsection\n");                  \
    extern const uint8_t web_file_##name[];    \
    extern const uint8_t web_file_##name##_end[]

FILE_PART(index, "src/web/page/index.html");
FILE_PART(palette, "src/report/palette.css");
FILE_PART(style, "src/web/page/web.css");
FILE_PART(icon, "src/web/page/icon.svg");
FILE_PART(main, "src/web/page/main.js");
FILE_PART(text, "src/web/page/text.js");
FILE_PART(aliases, "src/web/page/aliases.js");
FILE_PART(items, "src/web/page/items.js");
FILE_PART(world, "src/web/page/world.js");
FILE_PART(topics, "src/web/page/topics.js");
FILE_PART(sessions, "src/web/page/sessions.js");
FILE_PART(layout, "src/web/page/layout.js");
FILE_PART(topology, "src/web/page/topology.js");
FILE_PART(ladder, "src/web/page/ladder.js");
FILE_PART(detail, "src/web/page/detail.js");
FILE_PART(filter, "src/web/page/filter.js");
FILE_PART(take_away, "src/web/page/take_away.js");
FILE_PART(timeline, "src/web/page/timeline.js");
FILE_PART(levers, "src/web/page/levers.js");
FILE_PART(lesson, "src/web/page/lesson.js");
FILE_PART(statements, "test/conformance/statements.tsv");

#define SCRIPT "text/javascript; charset=utf-8"

static const struct {
    const char *path;
    const char *type;
    const uint8_t *begin;
    const uint8_t *end;
} files[] = {
    {"/", "text/html; charset=utf-8", web_file_index, web_file_index_end},
    {"/palette.css", "text/css; charset=utf-8", web_file_palette, web_file_palette_end},
    {"/web.css", "text/css; charset=utf-8", web_file_style, web_file_style_end},
    {"/icon.svg", "image/svg+xml", web_file_icon, web_file_icon_end},
    {"/main.js", SCRIPT, web_file_main, web_file_main_end},
    {"/text.js", SCRIPT, web_file_text, web_file_text_end},
    {"/aliases.js", SCRIPT, web_file_aliases, web_file_aliases_end},
    {"/items.js", SCRIPT, web_file_items, web_file_items_end},
    {"/world.js", SCRIPT, web_file_world, web_file_world_end},
    {"/topics.js", SCRIPT, web_file_topics, web_file_topics_end},
    {"/sessions.js", SCRIPT, web_file_sessions, web_file_sessions_end},
    {"/layout.js", SCRIPT, web_file_layout, web_file_layout_end},
    {"/topology.js", SCRIPT, web_file_topology, web_file_topology_end},
    {"/ladder.js", SCRIPT, web_file_ladder, web_file_ladder_end},
    {"/detail.js", SCRIPT, web_file_detail, web_file_detail_end},
    {"/filter.js", SCRIPT, web_file_filter, web_file_filter_end},
    {"/take_away.js", SCRIPT, web_file_take_away, web_file_take_away_end},
    {"/timeline.js", SCRIPT, web_file_timeline, web_file_timeline_end},
    {"/lesson.js", SCRIPT, web_file_lesson, web_file_lesson_end},
    {"/levers.js", SCRIPT, web_file_levers, web_file_levers_end},
    {"/statements.tsv", "text/tab-separated-values; charset=utf-8", web_file_statements,
     web_file_statements_end},
};

bool web_page_find(const char *path, struct web_page_file *file) {
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        if (strcmp(files[i].path, path) == 0) {
            size_t size = (size_t)(files[i].end - files[i].begin);
            *file = (struct web_page_file){files[i].type, bytes_make(files[i].begin, size)};
            return true;
        }
    }
    return false;
}
