// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/baselines.hpp"
#include "daemon/checks/check.hpp"
#include "daemon/checks/holds.hpp"
#include "daemon/warehouse/part.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nudged::checks {

/// What the rules found last, so that an evaluation looks again only at what may have changed: at
/// the deals, accounts and tasks of the people whose records were written since, with all that is
/// linked to them. What all of them are compared with (baselines.hpp) is compared with what it was.
/// Where anything else may make a difference, everything is looked at: another day anywhere (on
/// which somebody leaves, a renewal's clock opens, a holiday begins), another source that proves or
/// does not prove what it tells, a user, a stage, a merge. What is found is the same either way,
/// and so is what is held.
///
/// Keeps findings and few figures, no records. One thread at a time; the options and the roster of
/// the scenes are the same throughout.
class Standing {
public:
    /// As evaluate(scene); `changes` is what was written since the snapshot of the call before, up
    /// to that of the scene. When it throws, the next call looks at everything.
    Evaluation evaluate(const Scene& scene, const warehouse::Changes& changes);

    /// Whether the last call looked at everything.
    bool was_whole() const { return was_whole_; }

private:
    bool holds_for(const Scene& scene, const warehouse::Changes& changes) const;
    bool has_other_baselines(const Scene& scene);
    std::optional<std::vector<Finding>> judge_part(const Scene& scene,
                                                   const warehouse::Changes& changes);
    void judge_whole(const Scene& scene);
    void keep_coverage(const Scene& scene, const warehouse::Part& part);
    std::set<warehouse::RecordKey> deals_that_name(const std::set<std::string>& contacts) const;
    bool has_begun(const Scene& scene) const;

    bool is_known_ = false;
    bool was_whole_ = true;
    Instant as_of_{};
    std::vector<std::chrono::local_days> days_;  // in UTC, and where each rep is
    std::string proof_;
    /// Since when each source has been watched, and its deals have been read.
    std::map<std::string, Instant> watched_, watch_begins_;
    std::optional<Instant> next_;      // when something that is stored already takes effect
    std::optional<Instant> handover_;  // until when a deal is not its row's owner's
    Evaluation records_;               // of the checks that look at records, before any is folded
    Holds holds_;                      // of the same
    std::shared_ptr<Baselines> baselines_;
};

}  // namespace nudged::checks
