// SPDX-License-Identifier: Apache-2.0
#include "tests/soak/soak.hpp"

#include "connectors/base/text.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <fmt/format.h>
#include <stdexcept>

namespace nudged::soak {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;
using std::chrono::seconds;
using Part = Hands::Part;

/// Time passes by so much at once while nothing is due sooner that belongs to work under way. Full
/// steps are met two seconds later, by which time what is due then has had its timer.
constexpr std::chrono::minutes longest_step{10};
constexpr seconds after_full_step{2};

/// What waits for no longer waits within some work: for a pace, or to try again. The daemon's own
/// timers, which go on for ever, are longer.
constexpr seconds wait_within_work{14};

Instant begin() {
    return Instant{first_day().time_since_epoch()} - 12h;
}

std::size_t count(std::string_view text, std::string_view part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++found;
    return found;
}

std::size_t receiver_of(Part part) {
    switch (part) {
    case Part::slack: return Receivers::slack;
    case Part::webhook: return Receivers::webhook;
    case Part::teams_flow: return Receivers::teams_flow;
    default: return Receivers::mail;
    }
}

}  // namespace

Soak::Soak(const Options& options)
    : options_(options),
      clock_(begin()),
      crms_(options.seed, first_day(), [this] { return clock_.now(); }),
      receivers_([this] { return clock_.now(); }),
      installation_(clock_, crms_, receivers_, options.poll),
      hands_(hands()),
      scenario_(make_scenario(options.weeks, hands_, installation_.has_own_disk())) {
    stillness_.watch(receivers_.mail_server().pid());
}

Hands Soak::hands() {
    return {.take_down = [this](Part part, int round) { take_down(part, round); },
            .bring_back = [this](Part part) { bring_back(part); },
            .work_a_day =
                [this] {
                    for (auto* crm : crms_.all()) crm->work_a_day(clock_.now());
                },
            .revoke_token = [this] { revoke_token(); },
            .give_token = [this] { give_token(); },
            .end_access_tokens = [this] { end_access_tokens(); },
            .stop_daemon = [this] { end_daemon(SIGTERM); },
            .kill_daemon = [this] { end_daemon(SIGKILL); },
            .start_daemon = [this] { start_daemon(); },
            .measure = [this] { measure_daemon(); }};
}

Crm& Soak::crm_of(Part part) {
    if (part == Part::hubspot) return crms_.hubspot;
    return part == Part::pipedrive ? crms_.pipedrive : crms_.salesforce;
}

/// A CRM is down in another way each time.
void Soak::take_down(Part part, int round) {
    constexpr Crm::Outage ways[] = {Crm::Outage::refuses, Crm::Outage::resets, Crm::Outage::hangs};
    const auto way = (static_cast<std::size_t>(round) + static_cast<std::size_t>(part)) % 3;
    switch (part) {
    case Part::hubspot:
    case Part::pipedrive:
    case Part::salesforce: return crm_of(part).be(ways[way]);
    case Part::disk: return installation_.fill_disk();
    default: return receivers_.go_down(receiver_of(part));
    }
}

void Soak::bring_back(Part part) {
    switch (part) {
    case Part::hubspot:
    case Part::pipedrive:
    case Part::salesforce: return crm_of(part).be(Crm::Outage::none);
    case Part::disk: return installation_.free_disk();
    default: return receivers_.come_back(receiver_of(part));
    }
}

void Soak::revoke_token() {
    crms_.hubspot.order("/_sim/dialect/token", fmt::format("token-{}", ++tokens_));
}

void Soak::give_token() {
    installation_.write_hubspot_token(fmt::format("token-{}", tokens_));
    const auto reloaded = installation_.nudged({"reload"});
    if (reloaded.status != 0) faults_.push_back("nudged reload: " + reloaded.output);
}

void Soak::end_access_tokens() {
    crms_.pipedrive.order("/_sim/dialect/end_tokens", "{}");
    crms_.salesforce.order("/_sim/dialect/end_sessions", "{}");
}

void Soak::start_daemon() {
    installation_.start();
    stillness_.watch(installation_.daemon()->pid());
    samples_.clear();
}

void Soak::end_daemon(int signal) {
    stillness_.forget(installation_.daemon()->pid());
    const int status = installation_.stop(signal);
    if (signal == SIGTERM && status != 0)
        faults_.push_back(fmt::format("the daemon ended with {} after SIGTERM", status));
}

void Soak::measure_daemon() {
    if (installation_.daemon() != nullptr)
        samples_.push_back(measure(installation_.daemon()->pid(), clock_.now()));
}

void Soak::check_daemon() {
    auto* daemon = installation_.daemon();
    if (daemon == nullptr || daemon->runs()) return;
    const auto log = daemon->output();
    throw std::runtime_error("the daemon ended by itself: " +
                             log.substr(log.size() - std::min<std::size_t>(log.size(), 2000)));
}

void Soak::come_to_rest() {
    stillness_.wait();
    receivers_.look_into_mail();
    check_daemon();
}

/// To the next timer of work under way, or else to the next full step.
nanoseconds Soak::until_next(Instant end) const {
    const auto now = clock_.now();
    const auto steps =
        std::chrono::floor<std::chrono::minutes>(now - after_full_step).time_since_epoch() /
        longest_step;
    const Instant next{longest_step * (steps + 1) + after_full_step};
    const nanoseconds step = std::max<nanoseconds>(std::min(next, end) - now, 1ms);
    const auto due = clock_.next_due();
    if (installation_.is_running() && due && *due > 0ns && *due <= wait_within_work)
        return std::min(step, *due + 100us);
    return step;
}

void Soak::pass_until(Instant end) {
    for (;;) {
        come_to_rest();
        if (clock_.now() >= end) return;
        clock_.leap(until_next(end));
        ++leaps_;
    }
}

void Soak::check_admin(Verdict& verdict) const {
    const auto messages = installation_.admin_messages();
    const auto told = count(messages, "the source hubspot needs a person");
    verdict.figures.emplace_back("HubSpot's token revoked, and the admin told of it",
                                 fmt::format("{}, {}", tokens_, told));
    if (told != static_cast<std::size_t>(tokens_))
        verdict.faults.emplace_back("the admin was not told once of each revoked token");
}

void Soak::check_end(Verdict& verdict) {
    const auto status = installation_.nudged({"status"});
    if (status.status != 0) verdict.faults.push_back("nudged status: " + status.output);
    const auto verify = installation_.nudged({"warehouse", "verify"});
    if (verify.status != 0) verdict.faults.push_back("nudged warehouse verify: " + verify.output);
    verdict.figures.emplace_back("nudged status, nudged warehouse verify",
                                 fmt::format("{}, {}", status.status, verify.status));
}

Verdict Soak::run() {
    start_daemon();
    for (const auto& step : scenario_.steps) {
        pass_until(step.at);
        if (options_.tells_steps)
            std::printf("%s  %s\n", format_instant(clock_.now()).c_str(), step.what.c_str());
        std::fflush(stdout);
        step.act();
    }
    pass_until(scenario_.end);
    Verdict verdict;
    verdict.faults = faults_;
    check_end(verdict);
    end_daemon(SIGTERM);
    const Seen seen{.arrivals = receivers_.arrivals(),
                    .events = parse_log(installation_.log()),
                    .samples = samples_,
                    .poll = options_.poll};
    verdict.figures.emplace_back("days", std::to_string((scenario_.end - scenario_.begin) / 24h));
    verdict.figures.emplace_back("leaps of the clock", std::to_string(leaps_));
    judge_messages(scenario_, seen, verdict);
    judge_schedules(scenario_, seen, verdict);
    judge_resources(seen, verdict);
    judge_events(scenario_, seen, verdict);
    check_admin(verdict);
    for (const auto& objection : receivers_.objections()) verdict.faults.push_back(objection);
    if (!installation_.has_own_disk())
        verdict.figures.emplace_back("a full disk", "skipped: mounting a file system needs root");
    return verdict;
}

}  // namespace nudged::soak
