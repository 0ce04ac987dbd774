// SPDX-License-Identifier: Apache-2.0
#include "tests/slack_receiver/validate.hpp"

namespace nudged::slack_receiver {
namespace {

std::string times(int count, const std::string& part, const std::string& separator = "") {
    std::string out;
    for (int i = 0; i < count; ++i) out += (i > 0 ? separator : "") + part;
    return out;
}

std::string code_for(const std::string& json) {
    rapidjson::Document message;
    message.Parse(json.c_str());
    const auto objection = find_objection(message);
    return objection ? objection->code : "ok";
}

std::string with_blocks(const std::string& blocks) {
    return R"({"text":"t","blocks":[)" + blocks + "]}";
}

std::string section(const std::string& text) {
    return R"({"type":"section","text":{"type":"mrkdwn","text":")" + text + R"("}})";
}

std::string header(const std::string& text) {
    return R"({"type":"header","text":{"type":"plain_text","text":")" + text + R"("}})";
}

std::string section_of_fields(int count) {
    const std::string fields = times(count, R"({"type":"mrkdwn","text":"f"})", ",");
    return R"({"type":"section","fields":[)" + fields + "]}";
}

TEST_CASE("a message is refused where Slack's limits refuse it, and with Slack's words") {
    struct Case {
        const char* name;
        std::string message;
        std::string code;
    };
    const std::string divider = R"({"type":"divider"})";
    const std::string context_text = R"({"type":"mrkdwn","text":"c"})";
    const auto context = [&](int count) {
        return R"({"type":"context","elements":[)" + times(count, context_text, ",") + "]}";
    };
    const std::string header_of_mrkdwn = R"({"type":"header","text":{"type":"mrkdwn","text":"h"}})";
    const std::string same_id = R"({"type":"divider","block_id":"a"})";
    const auto c = GENERATE_COPY(values<Case>({
        {"text alone", R"({"text":"hello"})", "ok"},
        {"no text", R"({"blocks":[]})", "no_text"},
        {"an empty text", R"({"text":""})", "no_text"},
        {"text that is no string", R"({"text":7})", "no_text"},
        {"an array", "[]", "invalid_payload"},
        {"blocks that are no array", R"({"text":"t","blocks":{}})", "invalid_blocks_format"},
        {"50 blocks", with_blocks(times(50, divider, ",")), "ok"},
        {"51 blocks", with_blocks(times(51, divider, ",")), "invalid_blocks"},
        {"a section of 3,000", with_blocks(section(times(3000, "x"))), "ok"},
        {"a section of 3,001", with_blocks(section(times(3001, "x"))), "invalid_blocks"},
        {"characters count, not bytes", with_blocks(section(times(3000, "ü"))), "ok"},
        {"an empty section", with_blocks(section("")), "invalid_blocks"},
        {"a section of nothing", with_blocks(R"({"type":"section"})"), "invalid_blocks"},
        {"a header of 150", with_blocks(header(times(150, "x"))), "ok"},
        {"a header of 151", with_blocks(header(times(151, "x"))), "invalid_blocks"},
        {"a header with mark-up", with_blocks(header_of_mrkdwn), "invalid_blocks"},
        {"10 fields", with_blocks(section_of_fields(10)), "ok"},
        {"11 fields", with_blocks(section_of_fields(11)), "invalid_blocks"},
        {"10 elements of context", with_blocks(context(10)), "ok"},
        {"11 elements of context", with_blocks(context(11)), "invalid_blocks"},
        {"an unknown block", with_blocks(R"({"type":"carousel"})"), "invalid_blocks"},
        {"one block id twice", with_blocks(same_id + "," + same_id), "invalid_blocks"},
        // 4 × 3,000 + 1,200 = 13,200 characters, and one more.
        {"13,200 characters in all",
         with_blocks(times(4, section(times(3000, "x")), ",") + "," + section(times(1200, "x"))),
         "ok"},
        {"13,201 characters in all",
         with_blocks(times(4, section(times(3000, "x")), ",") + "," + section(times(1201, "x"))),
         "msg_blocks_too_long"},
    }));
    DYNAMIC_SECTION(c.name) {
        CHECK(code_for(c.message) == c.code);
    }
}

TEST_CASE("the reason that Slack keeps to itself names the block") {
    rapidjson::Document message;
    message.Parse(with_blocks(section("fine") + "," + header(times(151, "x"))).c_str());
    CHECK(find_objection(message)->reason == "block 2: header: 151 characters, more than 150");
}

}  // namespace
}  // namespace nudged::slack_receiver
