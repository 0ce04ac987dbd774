// SPDX-License-Identifier: Apache-2.0
#include "tests/soak/verdict.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace nudged::soak {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::minutes;
using std::chrono::seconds;

/// What the first load needs before anything can be told.
constexpr std::chrono::hours first_load{6};

/// How late a message may be while all works: the step by which time passes, and some work.
constexpr minutes tolerance{10};

/// After an outage: a source that needs a person is asked again each hour, and backs off for no
/// more than 15 minutes otherwise; a channel is tried each five minutes.
constexpr minutes recovery{75};

std::string clock_text(Instant at) {
    return format_instant(std::chrono::floor<seconds>(at));
}

/// The end of the outages that touch something of that team due at that time; nullopt: there is
/// none.
std::optional<Instant> end_of_trouble(const Scenario& scenario, std::size_t team, Instant due) {
    std::optional<Instant> end;
    for (const auto& outage : scenario.outages) {
        if (outage.team.value_or(team) != team) continue;
        if (due < outage.from - tolerance || due > outage.to + recovery) continue;
        end = std::max(end.value_or(outage.to), outage.to);
    }
    return end;
}

/// All outages that are about the whole, or some team.
bool is_in_trouble(const Scenario& scenario, Instant from, Instant to) {
    return std::ranges::any_of(scenario.outages, [&](const Outage& outage) {
        return from <= outage.to + recovery && to >= outage.from - tolerance;
    });
}

bool is_it(const Arrival& arrival, const Due& due) {
    return arrival.team == due.team && arrival.kind == due.kind && arrival.rep == due.rep &&
           local_day(teams()[due.team], arrival.at) == due.day;
}

std::string name_of(const Due& due) {
    return fmt::format("the {} of {}{}{} due at {} ({})", to_string(due.kind),
                       teams()[due.team].name, due.rep.empty() ? "" : " about ", due.rep,
                       clock_text(due.at), format_date(due.day));
}

/// How the messages of one kind and state of things came.
struct Punctuality {
    int count = 0;
    seconds latest{0};
    void add(seconds late) {
        ++count;
        latest = std::max(latest, late);
    }
};

class MessageJudge {
public:
    MessageJudge(const Scenario& scenario, const Seen& seen, Verdict& verdict)
        : scenario_(scenario), left_(seen.arrivals), verdict_(verdict) {}

    void judge() {
        const auto due = all_due(scenario_.begin + first_load, scenario_.end - 2h);
        std::map<Kind, int> kinds;
        for (const auto& one : due) {
            ++kinds[one.kind];
            judge(one);
        }
        tell_left();
        for (const auto& [kind, count] : kinds)
            row(fmt::format("{}s due", to_string(kind)), std::to_string(count));
        row("on time",
            fmt::format("{}, the latest after {} s", on_time_.count, on_time_.latest.count()));
        row("late, because something did not work",
            fmt::format("{}, the latest after {} min", late_.count, late_.latest.count() / 60));
        row("missed", std::to_string(missed_));
        row("came more than once", std::to_string(doubled_));
    }

private:
    void judge(const Due& due) {
        std::vector<Instant> came;
        std::erase_if(left_, [&](const Arrival& arrival) {
            if (!is_it(arrival, due)) return false;
            came.push_back(arrival.at);
            return true;
        });
        if (came.empty()) {
            ++missed_;
            return fault(name_of(due) + " did not come");
        }
        if (came.size() > 1) {
            ++doubled_;
            return fault(fmt::format("{} came {} times", name_of(due), came.size()));
        }
        const auto late = std::chrono::floor<seconds>(came.front() - due.at);
        if (late < 0s) return fault(name_of(due) + " came at " + clock_text(came.front()));
        if (late <= tolerance) return on_time_.add(late);
        const auto over = end_of_trouble(scenario_, due.team, due.at);
        if (!over || came.front() > *over + recovery)
            return fault(name_of(due) + " came at " + clock_text(came.front()));
        late_.add(late);
    }

    /// What came before the first load was judged, or at the very end, is no fault.
    void tell_left() {
        for (const auto& arrival : left_) {
            if (arrival.at < scenario_.begin + first_load || arrival.at > scenario_.end - 2h)
                continue;
            fault(fmt::format("{} got a {} {} at {} that was not due",
                              teams()[arrival.team].channel, to_string(arrival.kind), arrival.rep,
                              clock_text(arrival.at)));
        }
    }

    void fault(std::string what) { verdict_.faults.push_back(std::move(what)); }
    void row(std::string what, std::string figure) {
        verdict_.figures.emplace_back(std::move(what), std::move(figure));
    }

    const Scenario& scenario_;
    std::vector<Arrival> left_;
    Verdict& verdict_;
    Punctuality on_time_, late_;
    int missed_ = 0;
    int doubled_ = 0;
};

long count_events(const Seen& seen, std::string_view name) {
    return std::ranges::count(seen.events, name, &Event::name);
}

/// What is done once a day is done as often as there are days, whatever went wrong.
void judge_daily(const Scenario& scenario, const Seen& seen, const char* event, Verdict& verdict) {
    const auto expected = (scenario.end - scenario.begin) / days{1};
    const auto count = count_events(seen, event);
    verdict.figures.emplace_back(fmt::format("{} in {} days", event, expected),
                                 std::to_string(count));
    // A try that failed is made again within hours, and the next one a day after that.
    const auto least = expected - 2 - expected / 14;
    if (count < least || count > expected + 2)
        verdict.faults.push_back(
            fmt::format("{} happened {} times in {} days", event, count, expected));
}

}  // namespace

void judge_messages(const Scenario& scenario, const Seen& seen, Verdict& verdict) {
    MessageJudge{scenario, seen, verdict}.judge();
}

void judge_events(const Scenario& scenario, const Seen& seen, Verdict& verdict) {
    long within = 0;
    long outside = 0;
    for (const auto& event : seen.events) {
        if (event.level != "error") continue;
        if (is_in_trouble(scenario, event.at, event.at)) {
            ++within;
            continue;
        }
        ++outside;
        if (outside <= 20) verdict.faults.push_back("an error while all worked: " + event.line);
    }
    verdict.figures.emplace_back("errors told while something did not work",
                                 std::to_string(within));
    verdict.figures.emplace_back("errors told otherwise", std::to_string(outside));
}

void judge_schedules(const Scenario& scenario, const Seen& seen, Verdict& verdict) {
    for (const auto* source : {"hubspot", "pipedrive", "salesforce"}) {
        std::map<Instant, int> rounds;  // by day
        for (const auto& event : seen.events)
            if (event.name == "stream.synced" && event.source == source && event.stream == "task")
                ++rounds[std::chrono::floor<days>(event.at)];
        const int expected = static_cast<int>(days{1} / seen.poll);
        int least = expected;
        int most = 0;
        for (const auto& [day, count] : rounds) {
            // The first day is the first load's.
            if (day < scenario.begin + days{1} || day + days{1} > scenario.end) continue;
            if (is_in_trouble(scenario, day, day + days{1})) continue;
            least = std::min(least, count);
            most = std::max(most, count);
        }
        verdict.figures.emplace_back(fmt::format("rounds of {} on a day without trouble", source),
                                     fmt::format("{} to {}", least, most));
        // Before a message is told, what it misses may be read again: rounds beside the plan.
        if (least < expected - 1)
            verdict.faults.push_back(fmt::format("{} had {} rounds on a day, where {} are planned",
                                                 source, least, expected));
    }
    judge_daily(scenario, seen, "backup.done", verdict);
    judge_daily(scenario, seen, "retention.done", verdict);
}

/// After a week of its life against the end; a sanitizer keeps freed memory for a while.
void judge_resources(const Seen& seen, Verdict& verdict) {
    if (seen.samples.size() < 2) return verdict.faults.push_back("there are too few samples");
    const auto week_later = seen.samples.front().at + days{7};
    const auto first =
        std::min(std::ranges::find_if(
                     seen.samples, [&](const Sample& sample) { return sample.at >= week_later; }),
                 seen.samples.end() - 2);
    const auto& last = seen.samples.back();
#ifdef __SANITIZE_ADDRESS__
    const long most = first->resident_kib * 13 / 10 + 32 * 1024;
#else
    const long most = first->resident_kib * 11 / 10 + 4 * 1024;
#endif
    verdict.figures.emplace_back(
        "resident memory, after a week and at the end",
        fmt::format("{} and {} KiB (at most {})", first->resident_kib, last.resident_kib, most));
    verdict.figures.emplace_back("open descriptors, then and then",
                                 fmt::format("{} and {}", first->descriptors, last.descriptors));
    if (last.resident_kib > most) verdict.faults.emplace_back("the daemon has grown");
    if (last.descriptors != first->descriptors)
        verdict.faults.emplace_back("the daemon's open descriptors are not as many as before");
}

}  // namespace nudged::soak
