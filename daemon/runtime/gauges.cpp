// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/gauges.hpp"

#include "daemon/warehouse/summary.hpp"
#include "daemon/web/metrics.hpp"

namespace nudged::runtime {
namespace {

double seconds_since(Instant then, Instant now) {
    return std::chrono::duration<double>(now - then).count();
}

}  // namespace

std::string render_gauges(const warehouse::Reader& reader, Instant now) {
    using Type = web::MetricsText::Type;
    const auto summary = warehouse::read_summary(reader);
    web::MetricsText text;
    text.begin("nudged_stream_age_seconds", Type::gauge,
               "Time since a stream last had nothing newer.");
    for (const auto& stream : summary.streams)
        if (stream.complete_at)
            text.sample(seconds_since(*stream.complete_at, now),
                        {{"source", stream.source}, {"stream", stream.stream}});
    text.begin("nudged_stream_failing", Type::gauge,
               "1 when the latest turn of a stream ended early.");
    for (const auto& stream : summary.streams)
        text.sample(stream.failure_kind.empty() ? 0 : 1,
                    {{"source", stream.source}, {"stream", stream.stream}});
    text.begin("nudged_findings", Type::gauge, "Findings by state.");
    for (const auto& [state, count] : summary.findings)
        text.sample(static_cast<double>(count), {{"state", state}});
    text.begin("nudged_messages", Type::gauge, "Messages of the outbox by state.");
    for (const auto& [state, count] : summary.messages)
        text.sample(static_cast<double>(count), {{"state", state}});
    text.begin("nudged_channel_broken", Type::gauge, "1 when a channel needs a person.");
    for (const auto& channel : summary.channels)
        text.sample(channel.broken_since ? 1 : 0, {{"channel", channel.channel}});
    return text.str();
}

}  // namespace nudged::runtime
