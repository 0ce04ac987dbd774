// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <set>
#include <string>
#include <string_view>

namespace nudged::web {

/// Writes Prometheus' text format, version 0.0.4: begin a metric, then give its samples.
class MetricsText {
public:
    enum class Type { counter, gauge };
    struct Label {
        std::string_view name;
        std::string_view value;
    };

    /// Each name once; a counter's ends in "_total". The help is a sentence.
    MetricsText& begin(std::string_view name, Type type, std::string_view help);
    /// A sample of the metric begun last.
    MetricsText& sample(double value, std::initializer_list<Label> labels = {});
    const std::string& str() const { return text_; }

private:
    std::set<std::string, std::less<>> names_;
    std::string name_;
    std::string text_;
};

/// `nudged_events_total{event="…"}`: how often each event was told since the program started.
std::string render_event_counts();

}  // namespace nudged::web
