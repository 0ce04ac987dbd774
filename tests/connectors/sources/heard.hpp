// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/event.hpp"

#include <fmt/format.h>

#include <mutex>
#include <string>
#include <vector>

namespace nudged::tests {

/// Events as lines "name stream: fields", while it lives.
class Heard {
public:
    Heard()
        : before_(set_event_sink([this](const EventKind& kind, std::span<const EventField> fields) {
              std::string line{kind.name};
              for (const auto& field : fields)
                  if (const auto* text = std::get_if<std::string>(&field.value))
                      line += fmt::format(" {}={}", field.name, *text);
              const std::lock_guard lock{mutex_};
              lines.push_back(line);
          })) {}
    ~Heard() { set_event_sink(before_); }
    Heard(const Heard&) = delete;
    Heard& operator=(const Heard&) = delete;

    std::vector<std::string> lines;

private:
    std::mutex mutex_;
    EventSink before_;
};

}  // namespace nudged::tests
