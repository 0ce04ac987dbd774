// SPDX-License-Identifier: Apache-2.0
#include "connectors/model/entity.hpp"
#include "daemon/cli/json.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/cli/service_commands.hpp"

#include <fmt/ranges.h>

#include <cstdio>

namespace nudged::cli {
namespace {

/// One kind of thing that is stored about people, for a record of processing activities.
struct Kept {
    std::string what;
    std::vector<std::string> fields;
    std::string purpose;
    std::string seen_by;
    std::chrono::days longest{0};  // 0: for ever, or as long as the CRM has it
    std::string from;              // what the time is counted from
};

constexpr const char* own_line = "the rep, their manager, the admin";
constexpr const char* for_admin = "the admin";

struct Reason {
    model::Entity entity;
    const char* purpose;
    const char* seen_by;
    const char* from;
};
constexpr std::array reasons{
    Reason{model::Entity::user, "to know whose work a record is", own_line,
           "kept as long as the CRM tells it"},
    Reason{model::Entity::account, "to ask about customers without a next step", own_line,
           "kept as long as the CRM tells it"},
    Reason{model::Entity::contact, "to know whether a deal rests on one contact", own_line,
           "kept until the CRM no longer has it"},
    Reason{model::Entity::pipeline, "to know what a stage means", own_line,
           "kept as long as the CRM tells it"},
    Reason{model::Entity::stage, "to know what a stage means", own_line,
           "kept as long as the CRM tells it"},
    Reason{model::Entity::opportunity, "to ask about deals: next step, dates, stages", own_line,
           "its closing"},
    Reason{model::Entity::opportunity_change, "to see deals that are pushed or rest", own_line,
           "the change"},
    Reason{model::Entity::contact_role, "to know who decides at the customer", own_line,
           "goes with its opportunity"},
    Reason{model::Entity::call, "to count calls and touches, and see their trend", own_line,
           "the call"},
    Reason{model::Entity::task, "to ask about next steps that are overdue", own_line,
           "when it was done or dropped"},
    Reason{model::Entity::meeting, "to count meetings and touches", own_line, "the meeting"},
    Reason{model::Entity::email, "to count touches; never the text of a mail", own_line,
           "when it was sent"},
    Reason{model::Entity::custom_field, "to show the admin's own fields by their names", for_admin,
           "kept as long as the CRM tells it"},
};

std::vector<std::string> field_names(model::Entity entity) {
    std::vector<std::string> names;
    for (const auto& field : model::fields_of(entity)) names.emplace_back(field.name);
    return names;
}

std::vector<Kept> read_kept(const config::Config& config) {
    const auto& kept = config.retention;
    std::vector<Kept> all;
    for (const auto& reason : reasons)
        all.push_back({std::string{to_string(reason.entity)}, field_names(reason.entity),
                       reason.purpose, reason.seen_by, warehouse::kept_for(kept, reason.entity),
                       reason.from});
    all.push_back({"sum per person, day and measure",
                   {"person", "day", "measure", "value"},
                   "to compare weeks with targets and with their own past",
                   own_line,
                   kept.calls,
                   "as long as the records that were counted"});
    all.push_back({"finding",
                   {"person", "record", "evidence", "answers"},
                   "to ask once, and to remember the answer",
                   own_line,
                   kept.findings,
                   "when it was resolved"});
    all.push_back({"message",
                   {"recipient", "text", "what became of it"},
                   "to deliver it once, and to show what was sent",
                   "its recipient, the admin",
                   kept.messages,
                   "when nothing more was to come of it"});
    all.push_back({"commitment",
                   {"person", "measure", "week", "value", "verdict"},
                   "to follow up what was agreed",
                   own_line,
                   kept.commitments,
                   "its week"});
    all.push_back({"note of a talk, action plan, escalation",
                   {"person", "text", "dates"},
                   "to remember what was agreed in a 1:1",
                   "the rep and their present manager; in no view, export or message",
                   kept.coaching,
                   "its day, or its end"});
    all.push_back({"who looked at notes or changed them",
                   {"time", "operating-system user", "as whom", "whose notes", "how many"},
                   "to see that notes are read by those they are for alone",
                   for_admin,
                   kept.coaching,
                   "the look"});
    all.push_back({"days off",
                   {"person", "days"},
                   "to ask for less in a short week",
                   "as a number of working days; never the reason",
                   kept.coaching,
                   "the last day off"});
    return all;
}

std::string how_long(const Kept& kept) {
    if (kept.longest.count() == 0) return kept.from;
    return fmt::format("{} days from {}", kept.longest.count(), kept.from);
}

void print_text(const config::Config& config, const std::vector<Kept>& all) {
    fmt::print("What nudged stores about people, why, who can see it, and for how long. It reads "
               "from:\n");
    for (const auto& source : config.sources)
        fmt::print("  {} ({})\n", source.name, source.connector);
    for (const auto& kept : all)
        fmt::print("\n{}\n  fields:  {}\n  why:     {}\n  seen by: {}\n  kept:    {}\n", kept.what,
                   fmt::join(kept.fields, ", "), kept.purpose, kept.seen_by, how_long(kept));
    fmt::print(
        "\nWhoever may read the warehouse's file (root and the group nudged) can read all but "
        "encrypted tokens.\nIn the CRM nothing is changed. `nudged person export E-MAIL` prints "
        "what is stored about one human,\n`nudged person forget E-MAIL` removes it; docs/"
        "data-care.md says how long backups keep it.\n");
}

void print_json(const config::Config& config, const std::vector<Kept>& all) {
    Json json;
    json.begin_object().key("sources").begin_array();
    for (const auto& source : config.sources) json.value(source.name);
    json.end_array().key("stored").begin_array();
    for (const auto& kept : all) {
        json.begin_object().field("what", kept.what).key("fields").begin_array();
        for (const auto& field : kept.fields) json.value(field);
        json.end_array()
            .field("purpose", kept.purpose)
            .field("seen_by", kept.seen_by)
            .field("days", kept.longest.count() == 0
                               ? std::nullopt
                               : std::optional{static_cast<std::int64_t>(kept.longest.count())})
            .field("kept", how_long(kept))
            .end_object();
    }
    json.end_array().end_object();
    fmt::print("{}\n", json.str());
}

}  // namespace

void add_privacy(Parser app, Context& context) {
    auto json = std::make_shared<bool>(false);
    auto group = app.add_subcommand("privacy", "What is stored about people");
    group.require_subcommand();
    auto report = group.add_subcommand(
        "report", "Which fields, for what purpose, who can see them, and for how long");
    report.add_flag("--json", *json, "an object");
    report.callback([json, &context] {
        static_assert(reasons.size() == model::entity_count, "an entity without a purpose");
        const auto config = context.load();
        *json ? print_json(*config, read_kept(*config)) : print_text(*config, read_kept(*config));
    });
}

}  // namespace nudged::cli
