// SPDX-License-Identifier: Apache-2.0
#include "tests/soak/scenario.hpp"

#include <algorithm>

namespace nudged::soak {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::minutes;
using Part = Hands::Part;

constexpr int days_a_round = 28;

/// What does not work, from so long after the round's Monday, 00:00 UTC, on. Each falls together
/// with a message that is due: Berlin's digest is at 06:00 or 07:00, London's at 07:00 or 08:00,
/// New York's at 12:00 or 13:00, Sydney's at 21:00 of the day before.
struct Row {
    const char* what;
    Part part;
    minutes from;
    minutes to;
    std::optional<std::size_t> team;
};

constexpr minutes at(int day, int hour, int minute = 0) {
    return days{day} + std::chrono::hours{hour} + minutes{minute};
}

const Row rows[] = {
    {"HubSpot is down", Part::hubspot, at(1, 5), at(1, 9), std::nullopt},
    {"Slack is down", Part::slack, at(2, 5, 30), at(2, 9, 30), 0},
    {"Pipedrive is down", Part::pipedrive, at(2, 11), at(2, 15), std::nullopt},
    {"the webhook's receiver is down", Part::webhook, at(3, 10, 30), at(3, 15), 1},
    {"Salesforce is down", Part::salesforce, at(4, 4), at(4, 9), std::nullopt},
    {"the mail server is down", Part::mail, at(8, 19, 30), at(9, 1), 3},
    {"Teams is down", Part::teams_flow, at(9, 6, 30), at(9, 10), 2},
    {"the disk is full", Part::disk, at(10, 4), at(10, 9), std::nullopt},
};

class Teller {
public:
    Teller(int weeks, const Hands& hands) : hands_(hands) {
        const Instant monday{first_day().time_since_epoch()};
        scenario_.begin = monday - 12h;
        scenario_.end = monday + days{7 * weeks + 1};
        monday_ = monday;
    }

    Scenario tell(bool has_own_disk) {
        tell_days();
        tell_stops();
        const auto length = scenario_.end - monday_;
        for (int round = 0; days{days_a_round * round + 14} <= length; ++round)
            tell_round(round, has_own_disk);
        std::ranges::stable_sort(scenario_.steps, {}, &Step::at);
        return std::move(scenario_);
    }

private:
    void add(Instant when, std::string what, std::function<void()> act) {
        if (when < scenario_.end)
            scenario_.steps.push_back({when, std::move(what), std::move(act)});
    }

    void tell_days() {
        for (auto day = monday_; day < scenario_.end; day += days{1}) {
            add(day + 16h, "the reps work", hands_.work_a_day);
            add(day + 17h + 40min, "RSS and descriptors are noted", hands_.measure);
        }
    }

    void tell_stops() {
        add(monday_ + at(3, 3), "the daemon is stopped", hands_.stop_daemon);
        add(monday_ + at(3, 3, 20), "the daemon is started", hands_.start_daemon);
        add(monday_ + at(4, 2), "the daemon is killed", hands_.kill_daemon);
        add(monday_ + at(4, 2, 10), "the daemon is started", hands_.start_daemon);
    }

    void tell_round(int round, bool has_own_disk) {
        const auto begin = monday_ + days{days_a_round * round};
        for (const auto& row : rows) {
            if (row.part == Part::disk && !has_own_disk) continue;
            scenario_.outages.push_back({row.what, begin + row.from, begin + row.to, row.team});
            add(begin + row.from, row.what,
                [&hands = hands_, part = row.part, round] { hands.take_down(part, round); });
            add(begin + row.to, "that is over",
                [&hands = hands_, part = row.part] { hands.bring_back(part); });
        }
        const auto revoked = begin + at(7, 2);
        const auto given = begin + at(7, 14);
        scenario_.outages.push_back({"HubSpot's token is revoked", revoked, given, std::nullopt});
        add(revoked, "HubSpot's token is revoked", hands_.revoke_token);
        add(given, "HubSpot has another token", hands_.give_token);
        add(begin + at(11, 4, 50), "access tokens are ended", hands_.end_access_tokens);
    }

    const Hands& hands_;
    Instant monday_;
    Scenario scenario_;
};

}  // namespace

std::chrono::local_days first_day() {
    using namespace std::chrono;
    return local_days{2027y / October / 18};
}

Scenario make_scenario(int weeks, const Hands& hands, bool has_own_disk) {
    return Teller{weeks, hands}.tell(has_own_disk);
}

}  // namespace nudged::soak
