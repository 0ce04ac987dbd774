// SPDX-License-Identifier: Apache-2.0
#include "tests/soak/measures.hpp"

#include "connectors/base/text.hpp"
#include "tests/support/process.hpp"

#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <iterator>
#include <rapidjson/document.h>

namespace nudged::soak {
namespace {

std::string text_at(const rapidjson::Value& object, const char* name) {
    const auto found = object.FindMember(name);
    return found == object.MemberEnd() || !found->value.IsString() ? "" : found->value.GetString();
}

}  // namespace

Sample measure(pid_t program, Instant at) {
    namespace fs = std::filesystem;
    const auto folder = fmt::format("/proc/{}", program);
    const auto status = tests::read_file(folder + "/status");
    const auto line = status.find("VmRSS:");
    const auto open = fs::directory_iterator{folder + "/fd"};
    return {.at = at,
            .resident_kib =
                line == status.npos ? 0 : std::strtol(status.c_str() + line + 6, nullptr, 10),
            .descriptors = static_cast<long>(std::distance(fs::begin(open), fs::end(open)))};
}

std::vector<Event> parse_log(const std::string& log) {
    std::vector<Event> events;
    for (const auto line : split(log, '\n')) {
        rapidjson::Document json;
        json.Parse(line.data(), line.size());
        if (json.HasParseError() || !json.IsObject()) {
            // Such as what a sanitizer says.
            if (!line.empty()) events.push_back({{}, "error", "", "", "", std::string{line}});
            continue;
        }
        events.push_back({.at = parse_instant(text_at(json, "time")).value_or(Instant{}),
                          .level = text_at(json, "level"),
                          .name = text_at(json, "event"),
                          .source = text_at(json, "source"),
                          .stream = text_at(json, "stream"),
                          .line = std::string{line}});
    }
    return events;
}

}  // namespace nudged::soak
