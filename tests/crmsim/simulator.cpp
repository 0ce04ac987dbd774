// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/simulator.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace nudged::crmsim {
namespace {

constexpr std::size_t max_log = 10'000;

/// RFC 9110 §5.6.7.
std::string http_date(Instant instant) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(instant);
    return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT",
                       fmt::gmtime(seconds.time_since_epoch().count()));
}

std::string target(const loopback::Request& request) {
    std::string text = request.path;
    char separator = '?';
    for (const auto& [name, value] : request.query) {
        text += fmt::format("{}{}={}", separator, name, value);
        separator = '&';
    }
    return text;
}

}  // namespace

Simulator::Simulator(Dataset dataset, SimulatorOptions options)
    : options_(std::move(options)),
      dataset_(std::move(dataset)),
      dialect_(make_dialect(options_.dialect, {dataset_, options_})) {}

loopback::Reply Simulator::answer(const loopback::Request& request) {
    const std::lock_guard lock(mutex_);
    const Instant now = options_.clock();
    loopback::Reply reply;
    try {
        if (request.path.starts_with("/_sim/")) return control(request, now);
        reply = dialect_->answer(request, now);
    } catch (const Refusal& refusal) {
        reply = refusal.reply;
    }
    if (request.path.starts_with("/_sim/")) return reply;
    dialect_->add_headers(request, reply, now);
    reply = faults_.apply(request, std::move(reply));
    reply.headers.emplace_back("Date", http_date(now));
    if (served_.size() == max_log) served_.pop_front();
    served_.push_back(
        {now, request.method, target(request), request.body, reply.status, reply.body.size()});
    return reply;
}

}  // namespace nudged::crmsim
