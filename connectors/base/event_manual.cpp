// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/event_manual.hpp"

#include "connectors/base/events.hpp"
#include "connectors/base/text.hpp"

#include <fmt/format.h>

namespace nudged {
namespace {

std::string_view level_name(Level level) {
    switch (level) {
    case Level::debug: return "debug";
    case Level::info: return "info";
    case Level::notice: return "notice";
    case Level::warning: return "warning";
    case Level::error: break;
    }
    return "error";
}

std::string field_list(std::string_view fields) {
    std::string list;
    for (const auto field : split(fields, ','))
        if (!trim(field).empty())
            list += fmt::format("{}`{}`", list.empty() ? "" : ", ", trim(field));
    return list;
}

}  // namespace

std::string render_event_manual() {
    std::string text =
        "# Events\n\n"
        "Everything that the daemon logs is one of these events: a line in the journal with its "
        "name "
        "and\nits fields (`journalctl -u nudged`; one JSON object a line with `[log] format = "
        "\"json\"`), and a\ncount in `nudged_events_total{event=\"…\"}` of `/metrics`. Fields hold "
        "ids, "
        "counts, durations and\nreasons, never a secret and never a text of a CRM.\n\n"
        "A reason (`why`, `reason`) is a sentence with the thing, the place and the remedy. `kind` "
        "says what follows\nfrom a failure: *transient* and *throttled* are tried again, *refused* "
        "is "
        "left out, *needs_person* waits for\nsomebody, *corrupt* stops.\n\n"
        "Under systemd each is an entry of the journal with fields of its own: `NUDGED_EVENT` is "
        "its "
        "name, and every\nfield stands there in capitals, `NUDGED_SOURCE`, `NUDGED_WHY`; "
        "`PRIORITY` is "
        "its level (3 for error, 4 for warning,\n5 for notice, 6 for info, 7 for debug). So "
        "`journalctl -u nudged NUDGED_EVENT=stream.failed NUDGED_SOURCE=sales` finds\nwhat befell "
        "one "
        "source, and `-o json` has all fields.\n\n"
        "This page is printed from the events themselves, and a test compares.\n\n"
        "| event | level | fields | what it means | what to do |\n"
        "| --- | --- | --- | --- | --- |\n";
    for (const auto& [event, fields] : events::all)
        text += fmt::format("| `{}` | {} | {} | {} | {} |\n", event->name, level_name(event->level),
                            field_list(fields), event->meaning,
                            event->remedy.empty() ? "Nothing." : event->remedy);
    return text;
}

}  // namespace nudged
