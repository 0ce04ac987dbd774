// SPDX-License-Identifier: Apache-2.0
#include "daemon/web/metrics.hpp"

#include "connectors/base/events.hpp"

#include <fmt/format.h>

#include <cassert>
#include <cmath>
#include <map>

namespace nudged::web {

namespace {

std::string escaped(std::string_view text, bool quoted) {
    std::string result;
    for (const char c : text) {
        if (c == '\n') {
            result += "\\n";
            continue;
        }
        if (c == '\\' || (quoted && c == '"')) result += '\\';
        result += c;
    }
    return result;
}

std::string number(double value) {
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
    return fmt::format("{}", value);
}

}  // namespace

MetricsText& MetricsText::begin(std::string_view name, Type type, std::string_view help) {
    [[maybe_unused]] const bool is_new = names_.emplace(name).second;
    assert(is_new);
    assert((type == Type::counter) == name.ends_with("_total"));
    name_ = name;
    text_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, escaped(help, false), name,
                         type == Type::counter ? "counter" : "gauge");
    return *this;
}

MetricsText& MetricsText::sample(double value, std::initializer_list<Label> labels) {
    assert(!name_.empty());
    text_ += name_;
    std::string_view separator = "{";
    for (const auto& [name, label] : labels) {
        text_ += fmt::format("{}{}=\"{}\"", separator, name, escaped(label, true));
        separator = ",";
    }
    if (labels.size() > 0) text_ += '}';
    text_ += fmt::format(" {}\n", number(value));
    return *this;
}

std::string render_event_counts() {
    MetricsText text;
    text.begin("nudged_events_total", MetricsText::Type::counter,
               "How often each event was told since the program started.");
    // Those that were not told yet stand at 0: a rate over a counter begins with its first sample.
    std::map<std::string_view, std::uint64_t> counts;
    for (const auto& event : events::all) counts[event.kind->name] = 0;
    for (const auto& [name, count] : event_counts()) counts[name] = count;
    for (const auto& [name, count] : counts)
        text.sample(static_cast<double>(count), {{"event", name}});
    return text.str();
}

}  // namespace nudged::web
