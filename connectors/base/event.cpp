// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/event.hpp"

#include <map>
#include <mutex>

namespace nudged {
namespace {

struct Told {
    EventSink sink;
    std::mutex mutex;
    std::map<std::string_view, std::uint64_t> counts;  // guarded by the mutex
};

Told& told() {
    static Told instance;
    return instance;
}

}  // namespace

EventSink set_event_sink(EventSink sink) {
    return std::exchange(told().sink, std::move(sink));
}

void tell(const EventKind& kind, std::initializer_list<EventField> fields) {
    {
        std::lock_guard lock(told().mutex);
        ++told().counts[kind.name];
    }
    if (told().sink) told().sink(kind, std::span(fields.begin(), fields.size()));
}

std::vector<EventCount> event_counts() {
    std::lock_guard lock(told().mutex);
    std::vector<EventCount> counts;
    for (const auto& [name, count] : told().counts) counts.push_back({name, count});
    return counts;
}

}  // namespace nudged
