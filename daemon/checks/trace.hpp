// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/check.hpp"
#include "daemon/warehouse/accounts.hpp"
#include "daemon/warehouse/activities.hpp"
#include "daemon/warehouse/opportunities.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nudged::checks {

/// Collects why checks say nothing of one subject: what `nudged explain --why-not` asks. A check
/// that leaves a deal out answers in one line, before it goes on to the next:
///
///     if (late <= rule.grace) {
///         quiet(scene, "opp.past_close", deal, "{} of {} days of grace", late, rule.grace);
///         continue;
///     }
///
/// The reason follows "because": what is so, with the number and its limit. It costs a comparison
/// when nobody asks. A source that is held needs no reason: Proof tells it.
class Trace {
public:
    struct Reason {
        std::string check;
        std::string text;
    };

    /// Of a record type, source and id; of a person "person", "" and the PersonId.
    explicit Trace(warehouse::Subject wanted) : wanted_(std::move(wanted)) {}

    bool is_about(const warehouse::OpenOpportunity& deal) const;
    bool is_about(const warehouse::OwnedAccount& account) const;
    bool is_about(const warehouse::OpenActivity& activity) const;
    bool is_about(warehouse::PersonId person) const;
    bool is_about(const warehouse::Subject& subject) const;

    void note(std::string_view check, std::string reason) {
        reasons_.push_back({std::string{check}, std::move(reason)});
    }
    const std::vector<Reason>& reasons() const { return reasons_; }

private:
    bool is_record(std::string_view type, const warehouse::RecordKey& key) const;

    warehouse::Subject wanted_;
    std::vector<Reason> reasons_;
};

/// Says why `check` leaves `subject` out; nothing happens unless somebody asks about it.
template <typename Subject, typename... Args>
void quiet(const Scene& scene, std::string_view check, const Subject& subject,
           fmt::format_string<Args...> reason, Args&&... args) {
    if (!scene.trace || !scene.trace->is_about(subject)) return;
    scene.trace->note(check, fmt::format(reason, std::forward<Args>(args)...));
}

}  // namespace nudged::checks
