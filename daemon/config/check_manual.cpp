// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/check.hpp"
#include "daemon/config/check_fields.hpp"
#include "daemon/config/config.hpp"

namespace nudged::config {
namespace {

/// A value as an admin would write it; an empty table has nothing to write.
std::string default_text(const std::optional<Value>& value) {
    if (!value) return "";
    const auto text = render_inline(*value);
    return text == "{}" ? "" : fmt::format("`{}`", text);
}

/// The rows of one check's options as lines of a table.
template <typename T>
std::string setting_lines() {
    std::string lines;
    const T defaults{};
    const auto add = [&](const auto& row) {
        using Row = std::remove_cvref_t<decltype(row)>;
        lines += fmt::format("| `{}` | {} | {} |\n", row.key,
                             default_text(Row::Codec::write(defaults.*row.member)), row.meaning);
    };
    std::apply([&](const auto&... row) { (add(row), ...); }, fields<T>);
    return lines;
}

template <typename Struct, typename Member, typename Code, typename... Rules>
void add_settings(const Field<Struct, Member, Code, Rules...>& row, std::string_view table,
                  std::string& lines) {
    if constexpr (Bound<Member>)
        if (row.key == table) lines = setting_lines<Member>();
}

std::string settings_lines(std::string_view table) {
    std::string lines;
    std::apply([&](const auto&... row) { (add_settings(row, table, lines), ...); },
               fields<checks::CheckOptions>);
    return lines;
}

}  // namespace

std::string_view settings_of(std::string_view check) {
    // The four milder states of a next step share theirs.
    if (check == "opp.next_step_text_only" || check == "opp.next_step_undated" ||
        check == "opp.next_step_far" || check == "opp.next_step_orphan")
        return "opp.next_step_other";
    return check;
}

std::string render_check_manual() {
    std::string text =
        "## Every check\n\n"
        "This part is made by `nudged checks manual` from the catalogue and the settings "
        "themselves.\n";
    for (const auto& check : checks::catalog()) {
        text += fmt::format("\n### {}\n\n{}\n\n* Shows: {}.\n* Clears when: {}\n", check.id,
                            check.meaning, check.evidence, check.clears);
        if (const auto needs = checks::needs_text(check); !needs.empty())
            text += fmt::format("* Needs of a source, or is held: {}.\n", needs);
        if (!check.false_alarms.empty())
            text += fmt::format("* Known false alarms, and what keeps it quiet: {}\n",
                                check.false_alarms);
        const auto table = settings_of(check.id);
        if (const auto lines = settings_lines(table); !lines.empty())
            text += fmt::format("\n| `[{}]` | default | |\n| --- | --- | --- |\n{}", table, lines);
    }
    return text;
}

}  // namespace nudged::config
