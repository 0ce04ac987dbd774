// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/dynamics365/changes.hpp"

#include "tests/crmsim/dynamics365/answers.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace nudged::crmsim::dynamics365 {

std::vector<std::pair<std::int64_t, std::int64_t>> ChangeLog::since(ObjectType type,
                                                                    std::int64_t version) const {
    std::vector<std::pair<std::int64_t, std::int64_t>> changes;
    for (const auto& [row, changed] : last_)
        if (row.first == type && changed > version) changes.emplace_back(changed, row.second);
    std::ranges::sort(changes);
    return changes;
}

std::string DeltaToken::str() const {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
    return fmt::format("{}!{:%m/%d/%Y %H:%M:%S}", version, fmt::gmtime(seconds));
}

DeltaToken parse_delta_token(std::string_view text) {
    const auto bad = [] { return refuse(400, bad_query, "Invalid delta token."); };
    DeltaToken token;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), token.version);
    const std::string_view rest(end, static_cast<std::size_t>(text.data() + text.size() - end));
    if (error != std::errc{} || rest.size() != 20 || rest[0] != '!') throw bad();
    // !MM/DD/YYYY HH:MM:SS
    const auto instant = parse_instant(fmt::format(
        "{}-{}-{}T{}Z", rest.substr(7, 4), rest.substr(1, 2), rest.substr(4, 2), rest.substr(12)));
    if (!instant) throw bad();
    token.at = *instant;
    return token;
}

}  // namespace nudged::crmsim::dynamics365
