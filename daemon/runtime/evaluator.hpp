// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/alerts/answer_link.hpp"
#include "daemon/alerts/digest.hpp"
#include "daemon/alerts/line_message.hpp"
#include "daemon/checks/check.hpp"
#include "daemon/checks/scorecard.hpp"
#include "daemon/checks/standing.hpp"
#include "daemon/config/config.hpp"
#include "daemon/runtime/absence_proof.hpp"
#include "daemon/runtime/wake.hpp"
#include "daemon/warehouse/coverage_weeks.hpp"
#include "daemon/warehouse/week_values.hpp"
#include "daemon/warehouse/writer.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace nudged::runtime {

/// Runs the checks after each round of a source and every now and then, gives findings their life,
/// and puts digests into the outbox when they are due. Lives on the loop; evaluates on a worker.
class Evaluator {
public:
    struct Hooks {
        /// Every source has been asked at least once since the start: digests may go out.
        std::function<bool()> all_synced;
        std::function<void()> on_messages;  // there is something new in the outbox
        std::function<void()> on_cycle{};   // all checks have been run, and what is due was queued
        /// Reads records again before what is missing in them is told; none: the last poll will do.
        std::function<asio::awaitable<ReadAgain>(RecordsOfSources)> read_again{};
    };

    /// `config`, `workers` and `writer` outlive the evaluator.
    Evaluator(const asio::any_io_executor& loop, const config::Config& config,
              asio::thread_pool& workers, warehouse::Writer& writer, Clock clock, Hooks hooks);

    /// Evaluates until cancelled; what fails is told, and tried again the next time.
    asio::awaitable<void> run();
    /// Something has changed: evaluate soon.
    void wake() { wake_.set(); }

    /// Why the last evaluation failed; empty when it did not.
    const std::string& trouble() const { return trouble_; }
    /// Prometheus text as of the last evaluation.
    const std::string& gauges() const { return gauges_; }

private:
    struct Result {
        checks::Evaluation evaluation;
        std::shared_ptr<const checks::Judgement> judgement;  // what has come of commitments
        std::vector<warehouse::WeekValue> weeks;             // that are not what was noted
        std::vector<warehouse::TeamWeek> team_weeks;         // of teams that show sums alone
        std::vector<warehouse::CoverageWeek> coverage;       // that is not what was noted
        std::string gauges;
    };

    /// A digest on its way to the writer.
    struct Composed {
        warehouse::Team team;
        alerts::DigestDue due;
        alerts::Digest digest;
        std::string_view line;  // as whom: the manager, or the admin of a team in shadow
    };

    /// What the messages of one evaluation have in common, read by the first that needs it: each
    /// part takes a look at everybody.
    struct Round {
        std::optional<warehouse::People> people;
        std::optional<checks::ScorecardBasis> basis;
        std::shared_ptr<const checks::Judgement> judgement;  // of these people
    };

    /// What messages that are due now are going to tell.
    struct AboutToTell {
        std::set<std::string> keys;  // of messages whose records were not read again yet
        std::set<warehouse::FindingId> findings;
        void add(const std::string& key, const std::vector<alerts::Told>& told);
    };

    asio::awaitable<void> evaluate_once();
    void tell_held(const std::vector<checks::Held>& held);
    asio::awaitable<Result> take_up(Instant now);
    asio::awaitable<void> prove_absences(Result& result, Instant& now);
    asio::awaitable<AboutToTell> look_ahead(const checks::Evaluation& evaluation, Instant now);
    asio::awaitable<void> send_due_digests(const checks::Evaluation& evaluation, Instant now);
    asio::awaitable<void> send(const Composed& composed, Instant now);
    asio::awaitable<void> send_line_messages(const checks::Evaluation& evaluation, Instant now);
    asio::awaitable<std::vector<alerts::LineMessage>> compose_lines(
        const checks::Evaluation& evaluation, Instant now);
    asio::awaitable<void> send_edits(Instant now);
    asio::awaitable<void> propose_changes(Instant now);
    std::optional<Composed> compose_due(const checks::Evaluation& evaluation, Round& round,
                                        std::size_t index, Instant now) const;
    std::optional<Composed> compose_appointment(const checks::Evaluation& evaluation, Round& round,
                                                std::size_t index, Instant now) const;
    asio::awaitable<void> give_memory_back();
    const warehouse::People& people_of(Round& round) const;
    std::optional<Composed> compose(const checks::Evaluation& evaluation, Round& round,
                                    const warehouse::Reader& reader, std::size_t index,
                                    alerts::DigestDue due, Instant now) const;
    static Result evaluate(const warehouse::Reader& reader, const config::Config& config,
                           checks::Standing& standing, const warehouse::Changes& changes,
                           Instant now);
    /// Null when messages have no links.
    const alerts::LinkSigner* signer() const { return signer_ ? &*signer_ : nullptr; }
    std::chrono::milliseconds until_next() const;

    const config::Config& config_;
    asio::thread_pool& workers_;
    warehouse::Writer& writer_;
    Clock clock_;
    Hooks hooks_;
    std::optional<alerts::LinkSigner> signer_;  // empty: messages have no links
    Wake wake_;
    checks::Standing standing_;  // what was found last
    std::string gauges_;
    /// Check, source and reason of what was held last.
    std::set<std::tuple<std::string, std::string, std::string>> held_;
    std::set<std::string> read_again_for_;  // keys of messages: once for each
    /// Sources that could not be read again, and when that was.
    std::map<std::string, std::string> unproven_;
    Instant unproven_at_{};
    std::optional<std::chrono::local_days> proposed_on_;  // the day of the last look at precision
    std::string trouble_;
};

}  // namespace nudged::runtime
