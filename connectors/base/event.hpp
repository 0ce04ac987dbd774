// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace nudged {

enum class Level { debug, info, notice, warning, error };

/// Something worth telling the admin. Rows stand in events.hpp; a row gives the log line and
/// the counter in /metrics.
struct EventKind {
    std::string_view name;  // "stream.synced"
    Level level;
    std::string_view meaning;  // a sentence
    std::string_view remedy;   // what to do; empty when nothing
};

/// Ids, counts, durations, file names; never a secret and never CRM text.
struct EventField {
    std::string_view name;
    std::variant<std::int64_t, double, std::string> value;

    EventField(std::string_view field_name, std::string text)
        : name(field_name), value(std::move(text)) {}
    EventField(std::string_view field_name, std::string_view text)
        : name(field_name), value(std::string{text}) {}
    EventField(std::string_view field_name, const char* text)
        : name(field_name), value(std::string{text}) {}
    EventField(std::string_view field_name, double number) : name(field_name), value(number) {}
    template <std::integral T>
    EventField(std::string_view field_name, T number)
        : name(field_name), value(static_cast<std::int64_t>(number)) {}
};

/// Receives every event; called from any thread.
using EventSink = std::function<void(const EventKind&, std::span<const EventField>)>;

/// Replaces the sink and returns the one before. Without a sink events only count. Not to be called
/// while other threads tell.
EventSink set_event_sink(EventSink sink);

/// Any thread.
void tell(const EventKind& kind, std::initializer_list<EventField> fields);

/// How often each kind was told since the program started: for /metrics.
struct EventCount {
    std::string_view name;
    std::uint64_t count;
};
std::vector<EventCount> event_counts();

}  // namespace nudged
