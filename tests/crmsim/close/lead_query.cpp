// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/close/lead_query.hpp"

#include "connectors/base/text.hpp"

#include <regex>

namespace nudged::crmsim::close {
namespace {

std::string_view operation_of(const std::string& sign) {
    if (sign == ">") return "gt";
    if (sign == ">=") return "gte";
    return sign == "<" ? "lt" : "lte";
}

}  // namespace

LeadQuery parse_lead_query(std::string_view query) {
    static const std::regex comparison(
        R"re((date_created|date_updated)\s*(>=|<=|>|<)\s*(?:"([^"]*)"|(\S+)))re");
    static const std::regex sort(R"re(sort:(-?date_(?:created|updated)))re");
    LeadQuery parsed;
    std::string rest(query);
    for (std::smatch found; std::regex_search(rest, found, comparison);) {
        const std::string value = found[3].matched ? found[3] : found[4];
        if (!parse_time(value)) throw bad_field("query", "Invalid value.");
        parsed.times.push_back({found[1], std::string(operation_of(found[2])), value});
        rest = found.prefix().str() + " " + found.suffix().str();
    }
    for (std::smatch found; std::regex_search(rest, found, sort);) {
        parsed.order = found[1];
        rest = found.prefix().str() + " " + found.suffix().str();
    }
    for (const std::string_view word : split(rest, ' '))
        if (!word.empty() && word != "and" && word != "AND")
            parsed.words.push_back(to_lower_ascii(word));
    return parsed;
}

bool LeadQuery::matches(const RecordView& lead) const {
    for (const Condition& time : times) {
        const Instant at = time.field == "date_created" ? lead.created() : lead.modified();
        // The search index knows minutes, no more.
        const Instant minute = std::chrono::floor<std::chrono::minutes>(at);
        const Instant limit = std::chrono::floor<std::chrono::minutes>(*parse_time(time.value));
        if (!compares(minute, time.operation, limit)) return false;
    }
    const std::string name = to_lower_ascii(lead.text("name"));
    for (const std::string& word : words)
        if (name.find(word) == name.npos) return false;
    return true;
}

}  // namespace nudged::crmsim::close
