// SPDX-License-Identifier: Apache-2.0
#include "daemon/config/check_fields.hpp"

#include <algorithm>
#include <memory>

namespace nudged::config {
namespace {

/// What no scope can have of its own.
constexpr auto of_everybody = std::to_array<std::string_view>(
    {"settle", "freshness", "fiscal_year_starts", "integration_users", "mass_edit_objects",
     "mass_edit_minutes", "renewal_types", "renewal_lead", "override"});
/// What goes by a person or a team: nothing but a team tells such findings apart.
constexpr auto not_about_deals =
    std::to_array<std::string_view>({"task", "acct", "rep", "kpi", "opp.close_bulk_edit"});

std::vector<std::string> known_keys() {
    std::vector<std::string> keys;
    add_keys<checks::CheckOptions>(keys);
    std::erase_if(keys, [](const std::string& key) {
        return std::find(of_everybody.begin(), of_everybody.end(), key) != of_everybody.end();
    });
    add_keys<checks::Scope>(keys);
    return keys;
}

bool is_of_scope(std::string_view key) {
    std::vector<std::string> keys;
    add_keys<checks::Scope>(keys);
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

const Value* find_value(const Table& table, std::string_view dotted) {
    const auto dot = dotted.find('.');
    for (const auto& [key, value] : table.entries) {
        if (key != dotted.substr(0, dot)) continue;
        if (dot == dotted.npos) return &value;
        return value.form == Value::Form::table
                   ? find_value(value.tables.front(), dotted.substr(dot + 1))
                   : nullptr;
    }
    return nullptr;
}

/// "opp.stalled.multiple" of every key that is set. A check's own keys are the third part at most:
/// what stands below is the value of one of them.
void add_settings(const toml::table& table, const std::string& prefix, int depth,
                  const Table& written,
                  std::vector<std::pair<std::string, std::string>>& settings) {
    for (const auto& [key, node] : table) {
        const std::string name = prefix + std::string{key.str()};
        if (depth == 1 && is_of_scope(name)) continue;
        const auto* inner = node.as_table();
        if (inner && depth < 3)
            add_settings(*inner, name + ".", depth + 1, written, settings);
        else if (const auto* value = find_value(written, name))
            settings.emplace_back(name, render_inline(*value));
    }
}

/// Reads the override's table over whatever it is given; it was found to be good before.
void read_over(const toml::table& table, checks::CheckOptions& options) {
    Diagnostics ignored;
    Reading reading{"checks.toml", {}, ignored};
    read_fields(table, Spot{reading, "", ""}, options);
}

void check_scope(const toml::table& table, const checks::Override& one, const Spot& spot) {
    const auto& scope = one.scope;
    if (scope.team.empty() && !scope.is_about_deals())
        spot.error(table, "an [[override]] says for which deals it is",
                   "add team, pipeline, stage, amount_from or amount_below");
    if (scope.amount_from && scope.amount_below && *scope.amount_below <= *scope.amount_from)
        spot.error(table, "no deal has an amount from \"amount_from\" to below \"amount_below\"");
    if (std::all_of(table.begin(), table.end(),
                    [](const auto& entry) { return is_of_scope(entry.first.str()); }))
        spot.error(
            table, "an [[override]] sets nothing",
            "add the settings of a check: [override.opp.stalled] and under it multiple = 1.5");
    if (!scope.is_about_deals()) return;
    for (const auto group : not_about_deals)
        if (const auto* node = find_dotted(table, group))
            spot.error(*node,
                       fmt::format("\"{}\" goes by a person, so its [[override]] names a team and "
                                   "nothing else",
                                   group));
}

bool read_override(const toml::table& table, checks::Override& out, const Spot& spot) {
    report_unknown_keys(table, spot, known_keys());
    out.place = spot.place(table);
    read_fields(table, spot, out.scope);
    checks::CheckOptions probe;
    read_fields(table, spot, probe);
    Table written;
    write_fields(probe, written);
    add_settings(table, "", 1, written, out.settings);
    check_scope(table, out, spot);
    const auto kept = std::make_shared<const toml::table>(table);
    out.apply = [kept](checks::CheckOptions& options) { read_over(*kept, options); };
    return true;
}

}  // namespace

bool Codec<Decimal>::read(const toml::node& node, Decimal& out, const Spot& spot) {
    if (!node.is_number()) {
        spot.wrong_type(node, "a number");
        return false;
    }
    const auto text = node.is_integer() ? fmt::format("{}", node.value<std::int64_t>().value())
                                        : fmt::format("{}", node.value<double>().value());
    const auto number = Decimal::parse(text);
    if (number)
        out = *number;
    else
        spot.error(node, fmt::format("\"{}\" is no amount", spot.key));
    return number.has_value();
}

bool OverrideList::read(const toml::node& node, std::vector<checks::Override>& out,
                        const Spot& spot) {
    const auto* list = node.as_array();
    if (!list) {
        spot.wrong_type(node, "a list", "write [[override]]");
        return false;
    }
    out.clear();
    for (const auto& element : *list) {
        const auto* table = element.as_table();
        if (!table) {
            spot.wrong_type(element, "a table", "write [[override]]");
            return false;
        }
        checks::Override one;
        read_override(*table, one, spot);
        out.push_back(std::move(one));
    }
    return true;
}

Shape OverrideList::shape() {
    // The settings of the checks, without those that no scope can have.
    auto one = Shape::of(Shape::Kind::table);
    add_shapes<checks::Scope>(one);
    const checks::CheckOptions usual;
    const auto add = [&](const auto& row) {
        if (std::find(of_everybody.begin(), of_everybody.end(), row.key) == of_everybody.end())
            add_shape(row, usual, one);
    };
    const auto look = [&]<typename Row>(const Row& row) {
        // This list itself would lead in a circle.
        if constexpr (!std::is_same_v<typename Row::Codec, OverrideList>) add(row);
    };
    std::apply([&](const auto&... row) { (look(row), ...); }, fields<checks::CheckOptions>);
    return Shape::list_of(std::move(one));
}

std::optional<Value> OverrideList::write(const std::vector<checks::Override>& overrides) {
    if (overrides.empty()) return std::nullopt;
    std::vector<Table> tables;
    for (const auto& one : overrides) {
        Table table;
        const auto add = [&](std::string_view key, const std::string& text) {
            if (!text.empty()) table.set(key, Value::of(quote(text)));
        };
        add("team", one.scope.team);
        add("pipeline", one.scope.pipeline);
        add("stage", one.scope.stage);
        if (one.scope.amount_from)
            table.set("amount_from", Value::of(one.scope.amount_from->str()));
        if (one.scope.amount_below)
            table.set("amount_below", Value::of(one.scope.amount_below->str()));
        for (const auto& [key, value] : one.settings) table.set(key, Value::of(value));
        tables.push_back(std::move(table));
    }
    return Value::of(std::move(tables));
}

}  // namespace nudged::config
