// SPDX-License-Identifier: Apache-2.0
#include "tests/slack_receiver/render.hpp"

namespace nudged::slack_receiver {
namespace {

std::string rendered(const std::string& json, const RenderOptions& options = {.width = 40}) {
    rapidjson::Document message;
    message.Parse(json.c_str());
    return render(message, options);
}

std::string text_only(const std::string& text) {
    return rendered(R"({"text":")" + text + R"("})");
}

TEST_CASE("mark-up is shown as Slack's reader sees it") {
    struct Case {
        const char* name;
        std::string text;
        std::string shown;
    };
    const auto c = GENERATE(values<Case>({
        {"entities once", "Müller &amp; Söhne &lt;GmbH&gt; &amp;amp;",
         "Müller & Söhne <GmbH> &amp;\n"},
        {"a link with a label", "<https://x.example/1?a=1&amp;b=2|Acme &gt; Co>",
         "Acme > Co (https://x.example/1?a=1&b=2)\n"},
        {"a bare link", "<https://x.example>", "https://x.example\n"},
        {"a broadcast is loud", "<!channel> hi", "@channel hi\n"},
        {"an escaped broadcast is text", "&lt;!channel&gt; hi", "<!channel> hi\n"},
        {"bold marks vanish", "*Ana*: 60 of 90", "Ana: 60 of 90\n"},
        {"a mark inside a word stays", "2*3*4 snake_case_name", "2*3*4 snake_case_name\n"},
        {"a mark without its twin stays", "5 * 3 and *half", "5 * 3 and *half\n"},
        {"nested marks", "*bold _and italic_*", "bold and italic\n"},
        {"code keeps its marks", "`*x*` y", "*x* y\n"},
        {"an escape sequence cannot steer the terminal", "a\\u001b[31mb", "a [31mb\n"},
    }));
    DYNAMIC_SECTION(c.name) {
        CHECK(text_only(c.text) == c.shown);
    }
}

TEST_CASE("a zero-width space after a mark takes away its meaning") {
    CHECK(text_only("*\\u200Bbold*") == "*\u200Bbold*\n");
}

TEST_CASE("with colours, bold and dim are escapes that end where they began") {
    const std::string blocks =
        R"({"text":"t","blocks":[{"type":"section","text":{"type":"mrkdwn","text":"a *b* c"}},
        {"type":"context","elements":[{"type":"plain_text","text":"d"}]}]})";
    CHECK(rendered(blocks, {.width = 40, .color = true}) ==
          "a \x1b[0;1mb\x1b[0m c\n\x1b[0;2md\x1b[0m\n");
}

TEST_CASE("fields stand in two columns, each wrapped for itself") {
    // 22 columns: two of 10, with a gap of 2.
    const std::string message = R"({"text":"t","blocks":[{"type":"section","fields":[
        {"type":"mrkdwn","text":"one two three"},{"type":"mrkdwn","text":"right"},
        {"type":"plain_text","text":"*last*"}]}]})";
    CHECK(rendered(message, {.width = 22}) == "one two     right\n"
                                              "three\n"
                                              "*last*\n");
}

TEST_CASE("long lines break at spaces, and inside a word only where there is none") {
    CHECK(rendered(R"({"text":"alpha beta gamma"})", {.width = 11}) == "alpha beta\ngamma\n");
    CHECK(rendered(R"({"text":"abcdefghij"})", {.width = 4}) == "abcd\nefgh\nij\n");
    // Ten columns hold five wide characters.
    CHECK(rendered(R"({"text":"日本語日本語"})", {.width = 10}) == "日本語日本\n語\n");
}

TEST_CASE("headers, buttons, images and dividers have their lines") {
    const std::string message = R"({"text":"t","blocks":[
        {"type":"header","text":{"type":"plain_text","text":"Week 46 &amp; on"}},
        {"type":"divider"},
        {"type":"actions","elements":[{"type":"button","url":"https://x.example",
            "text":{"type":"plain_text","text":"Open"}}]},
        {"type":"image","image_url":"https://x.example/i.png","alt_text":"a chart"}]})";
    CHECK(rendered(message, {.width = 5}).starts_with("\nWeek\n46 &\non\n─────\n"));
    CHECK(rendered(message).find("[Open] https://x.example\n[a chart]\n") != std::string::npos);
}

}  // namespace
}  // namespace nudged::slack_receiver
