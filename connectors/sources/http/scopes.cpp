// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/scopes.hpp"

#include "connectors/base/text.hpp"
#include "connectors/sources/http/manifest_compiler.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace nudged::sources {
namespace {

constexpr std::string_view every_stream = "every";

std::set<std::string, std::less<>> listed(std::string_view granted) {
    std::set<std::string, std::less<>> scopes;
    auto words = to_lower_ascii(granted);
    std::ranges::replace(words, ',', ' ');
    for (const auto word : split(words, ' '))
        if (!trim(word).empty()) scopes.emplace(trim(word));
    return scopes;
}

}  // namespace

std::vector<std::string> ScopePlan::needs_of(model::Entity entity) const {
    auto needs = every;
    if (const auto own = streams.find(entity); own != streams.end())
        needs.insert(needs.end(), own->second.begin(), own->second.end());
    return needs;
}

std::vector<std::string> missing_scopes(std::string_view granted,
                                        const std::vector<std::string>& needs) {
    const auto scopes = listed(granted);
    std::vector<std::string> missing;
    for (const auto& need : needs)
        if (std::ranges::none_of(split(need, '|'), [&](std::string_view one) {
                return scopes.contains(to_lower_ascii(trim(one)));
            }))
            missing.push_back(need);
    return missing;
}

std::string scope_text(const std::string& need) {
    const auto ways = split(need, '|');
    if (ways.size() < 2) return need;
    return fmt::format("{} (or {})", ways.front(), fmt::join(ways.begin() + 1, ways.end(), ", "));
}

ScopePlan ManifestCompiler::read_scopes(TomlTable& top) {
    ScopePlan plan;
    auto table = top.table("scopes");
    if (!table) return plan;
    table->each([&](const std::string& name, const toml::node&) {
        if (name == every_stream) {
            plan.every = table->texts(name);
            return;
        }
        const auto entity = model::entity_of(name);
        if (entity) {
            plan.streams[*entity] = table->texts(name);
            return;
        }
        std::vector<std::string> known{std::string{every_stream}};
        for (const auto one : model::all_entities()) known.emplace_back(to_string(one));
        table->error(name, fmt::format("there is no stream \"{}\" to need a scope", name),
                     hint(name, known, "streams"));
    });
    return plan;
}

}  // namespace nudged::sources
