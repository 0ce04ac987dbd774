// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/shadow_desk.hpp"

#include "connectors/base/failure.hpp"
#include "connectors/base/text.hpp"
#include "daemon/warehouse/shadow.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::runtime {
namespace {

using warehouse::Database;
using warehouse::ShadowEntry;
using warehouse::ShadowKind;

[[noreturn]] void refuse_unknown(ShadowKind kind, const std::string& name,
                                 const std::vector<ShadowEntry>& entries) {
    std::vector<std::string> names;
    for (const auto& entry : entries)
        if (entry.kind == kind) names.push_back(entry.name);
    const auto near = nearest(name, names);
    throw Failure(FailureKind::refused,
                  fmt::format("there is no {} \"{}\"{}", to_string(kind), name,
                              near.empty() ? "; `nudged status` shows what is in shadow"
                                           : fmt::format(": did you mean \"{}\"?", near)));
}

std::string sentence(ShadowKind kind, const std::string& name) {
    return kind == ShadowKind::team
               ? fmt::format("{} is live: its digest goes to the manager from the next one on, and "
                             "what has gathered is summed up in the first.",
                             name)
               : fmt::format("{} is live: its findings go where all others do.", name);
}

}  // namespace

asio::awaitable<CareReport> end_shadow(const CareContext& context, ControlRequest request) {
    const auto now = context.clock();
    const auto by = request.argument("by");
    CareReport report;
    auto end = [&](Database& database) {
        const auto entries = warehouse::read_shadow_entries(database);
        const bool all = request.argument("all_checks") == "true";
        const auto kind = request.argument("team").empty() ? ShadowKind::check : ShadowKind::team;
        const auto name = request.argument(std::string{to_string(kind)});
        bool is_known = all;
        for (const auto& entry : entries) {
            if (entry.kind != kind || (!all && entry.name != name)) continue;
            is_known = true;
            if (warehouse::go_live(database, kind, entry.name, by, now))
                report.sentences.push_back(sentence(kind, entry.name));
            else if (!all)
                report.sentences.push_back(fmt::format("{} is live already.", entry.name));
        }
        if (!is_known) refuse_unknown(kind, name, entries);
        if (report.sentences.empty()) report.sentences.emplace_back("No check is in shadow.");
    };
    co_await context.writer.run(end);
    co_return report;
}

}  // namespace nudged::runtime
