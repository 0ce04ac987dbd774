// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/entity.hpp"
#include "daemon/checks/check.hpp"
#include "daemon/checks/holds.hpp"
#include "daemon/warehouse/accounts.hpp"
#include "daemon/warehouse/activities.hpp"
#include "daemon/warehouse/opportunities.hpp"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace nudged::checks {

/// What a rule must have seen before silence means something (sales practice §4).
struct Feed {
    /// Of each group the source must tell at least one entity at all.
    std::vector<std::vector<model::Entity>> needed;
    /// Those of these that the source tells must be complete and fresh.
    std::vector<model::Entity> fresh;
    /// Whether it matters what these belong to: then links that were added later must be known.
    bool by_links = true;
};

/// So old the last full reading of links may be where they are added without a word.
inline constexpr std::chrono::days longest_unlinked{7};

/// The feeds of the rules.
const Feed& next_step_feed();
const Feed& idle_feed();
/// For what is still so as far as we know: only what the source tells must be fresh.
const Feed& opportunity_feed();
const Feed& account_feed();
/// Stalled and idle deals make up a stale layer together, so a source that is behind holds both: a
/// layer must not fall apart into its members because half of them could not be judged.
const Feed& stalled_feed();
const Feed& task_feed();
/// Who is in touch, and who has a part.
const Feed& contact_feed();
const Feed& power_feed();
/// Whether the customer answered: e-mails must be told, or an answer may be there that nobody sees.
const Feed& answer_feed();
/// The same, and whether the deal changed.
const Feed& commit_feed();
/// What came after a meeting.
const Feed& follow_up_feed();
/// Who of the customer's side was reached first, by telephone or by e-mail.
const Feed& first_touch_feed();

/// Decides per source, once, whether a rule may speak; what it may not is noted as held.
class Proof {
public:
    Proof(const Scene& scene, std::string_view check, const Feed& feed, std::vector<Held>& held)
        : scene_(scene), check_(check), feed_(feed), held_(held) {}
    bool holds(const warehouse::OpenOpportunity& deal) {
        return holds(deal.key.source, {HeldFor::What::opportunity, deal.key});
    }
    bool holds(const warehouse::OwnedAccount& account) {
        return holds(account.key.source, {HeldFor::What::account, account.key});
    }
    bool holds(const warehouse::OpenActivity& task) {
        return holds(task.key.source, {HeldFor::What::task, task.key});
    }
    bool holds(const std::string& source, HeldFor cause);
    /// For what only the records tell: the rule may not speak of the deal's source, and says why
    /// once.
    void hold(const warehouse::OpenOpportunity& deal, std::string reason);

private:
    const Scene& scene_;
    std::string check_;
    const Feed& feed_;
    std::vector<Held>& held_;
    std::map<std::string, std::optional<Held>> decided_;  // nullopt: it may speak
};

/// Why `source` does not prove absence for `feed`; nullopt when it does.
std::optional<std::string> unproven(const Scene& scene, const std::string& source,
                                    const Feed& feed);

/// What of `feed` the source does not tell at all; nullopt when it tells each group.
std::optional<std::string> untold(const Scene& scene, const std::string& source, const Feed& feed);

/// Why `source` had not told all of `entity` by `since`: nullopt when it had. Empty lanes count as
/// not told.
std::optional<std::string> incomplete(const Scene& scene, const std::string& source,
                                      model::Entity entity, Instant since);
/// All that the above go by, in words: while it reads alike, they answer alike.
std::string proof_state(const Scene& scene);
/// True when the source streams the entity at all.
bool tells(const Scene& scene, const std::string& source, model::Entity entity);

}  // namespace nudged::checks
