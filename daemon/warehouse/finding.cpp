// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/finding.hpp"

#include "connectors/base/text.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace nudged::warehouse {
namespace {
constexpr std::array<std::string_view, 3> severity_names{"info", "attention", "high"};
}

std::string_view to_string(Severity severity) {
    return severity_names[static_cast<std::size_t>(severity)];
}

std::optional<Severity> severity_of(std::string_view name) {
    for (std::size_t i = 0; i < severity_names.size(); ++i)
        if (severity_names[i] == name) return static_cast<Severity>(i);
    return std::nullopt;
}

std::string Finding::fingerprint() const {
    // With their lengths, so that no two lists of parts read alike.
    std::string parts;
    for (const std::string_view part :
         {std::string_view{check}, std::string_view{subject.type}, std::string_view{subject.source},
          std::string_view{subject.id}, std::string_view{aspect}})
        parts += fmt::format("{}:{},", part.size(), part);
    return nudged::fingerprint(parts);
}

}  // namespace nudged::warehouse
