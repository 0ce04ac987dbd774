// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/journal.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <sys/stat.h>
#include <sys/uio.h>
// Where in our sources the call stands is of no use to an admin.
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

namespace nudged::runtime {
namespace {

/// Field names are of capitals, digits and "_".
std::string journal_name(std::string_view name) {
    std::string out = "NUDGED_";
    for (const char c : name) {
        if (c >= 'a' && c <= 'z')
            out += static_cast<char>(c - 'a' + 'A');
        else
            out += (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? c : '_';
    }
    return out;
}

std::string plain_text(const EventField& field) {
    if (const auto* number = std::get_if<std::int64_t>(&field.value))
        return fmt::format("{}", *number);
    if (const auto* real = std::get_if<double>(&field.value)) return fmt::format("{:.6g}", *real);
    return std::get<std::string>(field.value);
}

}  // namespace

bool leads_to_journal(int descriptor) {
    const char* stream = std::getenv("JOURNAL_STREAM");
    struct stat status {};
    if (!stream || ::fstat(descriptor, &status) != 0) return false;
    return fmt::format("{}:{}", status.st_dev, status.st_ino) == stream;
}

std::vector<std::string> journal_entry(const EventKind& kind, std::span<const EventField> fields,
                                       std::string_view message, int priority) {
    std::vector<std::string> entry{fmt::format("MESSAGE={}", message),
                                   fmt::format("PRIORITY={}", priority),
                                   fmt::format("NUDGED_EVENT={}", kind.name)};
    for (const auto& field : fields)
        entry.push_back(fmt::format("{}={}", journal_name(field.name), plain_text(field)));
    return entry;
}

bool send_to_journal(std::span<const std::string> entry) {
    std::vector<iovec> parts;
    parts.reserve(entry.size());
    for (const auto& line : entry)
        parts.push_back({const_cast<char*>(line.data()), line.size()});  // the call only reads
    return ::sd_journal_sendv(parts.data(), static_cast<int>(parts.size())) >= 0;
}

}  // namespace nudged::runtime
