// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/gauges.hpp"

#include "daemon/warehouse/summary.hpp"
#include "daemon/web/metrics.hpp"

#include <algorithm>

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
    text.begin("nudged_upkeep_age_seconds", Type::gauge,
               "Time since a backup, or a pass of the retention, last went well.");
    for (const auto& upkeep : summary.upkeep)
        if (upkeep.done_at)
            text.sample(seconds_since(*upkeep.done_at, now), {{"task", to_string(upkeep.task)}});
    text.begin("nudged_upkeep_failing", Type::gauge, "1 when the latest try failed.");
    for (const auto& upkeep : summary.upkeep)
        text.sample(upkeep.failed_at ? 1 : 0, {{"task", to_string(upkeep.task)}});
    text.begin("nudged_recount_done_ratio", Type::gauge,
               "Share of the records that are counted anew; 1 when every figure can be read.");
    text.sample(summary.recount.is_done() ? 1 : std::min(summary.recount.share, 0.999), {});
    return text.str();
}

std::string render_channel_figures(const std::vector<ChannelFigures>& all, Instant now) {
    using Type = web::MetricsText::Type;
    web::MetricsText text;
    text.begin(
        "nudged_channel_tries_total", Type::counter,
        "Tries to send since the configuration was taken up, by what came of them: delivered "
        "and accepted are sent, all others are failures.");
    for (const auto& one : all)
        for (std::size_t i = 0; i < one.tries.size(); ++i)
            text.sample(static_cast<double>(one.tries[i]),
                        {{"channel", one.channel},
                         {"outcome", to_string(static_cast<channels::Outcome>(i))}});
    text.begin("nudged_channel_given_up_total", Type::counter,
               "Messages given up since then: expired, refused, or twice without a verdict.");
    for (const auto& one : all)
        text.sample(static_cast<double>(one.given_up), {{"channel", one.channel}});
    text.begin("nudged_channel_waiting", Type::gauge, "Messages that wait to be sent.");
    for (const auto& one : all)
        text.sample(static_cast<double>(one.queue.waiting), {{"channel", one.channel}});
    text.begin("nudged_channel_oldest_waiting_seconds", Type::gauge,
               "How long the oldest message has been waiting to be sent; 0 when none does.");
    for (const auto& one : all)
        text.sample(one.queue.oldest ? std::max(0.0, seconds_since(*one.queue.oldest, now)) : 0,
                    {{"channel", one.channel}});
    return text.str();
}

std::string render_file_gauges(const warehouse::FileHealth& health,
                               std::chrono::steady_clock::time_point now) {
    using Type = web::MetricsText::Type;
    web::MetricsText text;
    text.begin("nudged_warehouse_failing", Type::gauge,
               "1 while nothing can be committed to the warehouse, or its file is damaged.");
    text.sample(health.trouble ? 1 : 0);
    text.begin("nudged_warehouse_log_bytes", Type::gauge, "Size of the write-ahead log in use.");
    text.sample(static_cast<double>(health.log.bytes));
    const auto held = health.log.held_since ? now - *health.log.held_since
                                            : std::chrono::steady_clock::duration{};
    text.begin("nudged_warehouse_log_held_seconds", Type::gauge,
               "How long a reader has kept the write-ahead log from being taken up; by a holder "
               "where that is another process, as `nudged status` names it.");
    const double seconds = std::chrono::duration<double>(held).count();
    if (health.log_holder.empty())
        text.sample(seconds);
    else
        text.sample(seconds, {{"holder", health.log_holder}});
    return text.str();
}

}  // namespace nudged::runtime
