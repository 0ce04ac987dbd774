// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/text.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using model::Message;

TEST_CASE("a message reads well as lines of text") {
    Message message;
    message.title = "North · week 2026-W48";
    message.subtitle = "Monday 23 November 2026\nData: hubspot as of 07:55";
    Message::Item item{"●",
                       "Acme renewal",
                       "https://crm.example/1",
                       "No next step for 6 days.",
                       "What is next?",
                       {{"owner", "Ana", ""}, {"", "Globex", ""}}};
    message.sections = {
        {"The team", "", {}, {"Rep", "Dials"}, {{"Ana", "↗ 60/90"}, {"Benedict", "→ 41/90"}}, ""},
        {"Worth a conversation", "", {item}, {}, {}, "and 3 more"}};
    message.footer = "How do we know?";
    message.reference = "3fa9c2d1";
    message.possible_repeat = true;
    CHECK(channels::render_text(message) ==
          "North · week 2026-W48\n"
          "Monday 23 November 2026\n"
          "Data: hubspot as of 07:55\n"
          "\n"
          "The team\n"
          "  Rep       Dials\n"
          "  Ana       ↗ 60/90\n"
          "  Benedict  → 41/90\n"
          "\n"
          "Worth a conversation\n"
          "  ● Acme renewal\n"
          "    No next step for 6 days.\n"
          "    What is next?\n"
          "    owner: Ana · Globex\n"
          "    https://crm.example/1\n"
          "  and 3 more\n"
          "\n"
          "How do we know?\n"
          "ref 3fa9c2d1\n"
          "possible repeat: it is not known whether the last try arrived\n");
}

TEST_CASE("no control character of a value reaches a terminal") {
    Message message;
    message.title = "a\x1b]0;owned\x07 b\u202E";
    message.sections.push_back(
        {"h\x9b", "t\x1b", {{"", "\x1b[2J", "", "", "", {}}}, {}, {}, "m\r"});
    const auto text = channels::render_text(message);
    for (const char* control : {"\x1b", "\x07", "\u202E", "\r", "\x9b"})
        CHECK(text.find(control) == text.npos);
}
